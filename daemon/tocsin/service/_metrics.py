"""What Prometheus is told. Names follow its naming guide; every one is in docs/reference/metrics.md."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """All metrics of one daemon, on a registry of their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.polls = Counter(
            "tocsin_feed_polls", "Polls of feeds by outcome.", ["outcome"], registry=self.registry
        )
        self.quiet = Gauge(
            "tocsin_feeds_quiet",
            "Feeds that answer and have posted nothing for far longer than they usually do.",
            registry=self.registry,
        )
        self.pages = Counter(
            "tocsin_article_pages",
            "Tries to get the page of an article, by the state it came to.",
            ["state"],
            registry=self.registry,
        )
        self.work = Counter(
            "tocsin_stage_rows",
            "Rows a stage worked on, by outcome.",
            ["stage", "outcome"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "tocsin_stage_seconds", "Seconds one row took in a stage.", ["stage"], registry=self.registry
        )
        self.waiting = Gauge(
            "tocsin_stage_waiting",
            "Rows announced to a stage and not done yet.",
            ["stage"],
            registry=self.registry,
        )
        self.alerts = Counter("tocsin_alerts", "Alerts fired, by rule.", ["rule"], registry=self.registry)
        self.deliveries = Counter(
            "tocsin_delivery_attempts",
            "Attempts to deliver, by outcome.",
            ["outcome"],
            registry=self.registry,
        )
        self.lag = Gauge(
            "tocsin_event_loop_lag_seconds",
            "How late the event loop woke up, last look.",
            registry=self.registry,
        )
        self.last_sweep = Gauge(
            "tocsin_last_sweep_timestamp_seconds", "When the last sweep ended.", registry=self.registry
        )
