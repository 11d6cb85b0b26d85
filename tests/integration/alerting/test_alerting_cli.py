"""`tocsin alerts`, `tocsin subscribers`, `tocsin deliveries` on a real database."""

import getpass
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook
from typer.testing import CliRunner

from helpers_alerts import a_draft
from tocsin.alerting import route
from tocsin.cli import alerts, deliveries, subscribers
from tocsin.model import Attempt, AttemptOutcome, DeliveryState, Silence
from tocsin.store import open_store
from tocsin.testing import MailSink, WebhookReceiver, numbered_id


@pytest.fixture
def database(tmp_path, monkeypatch):
    """An empty database that the commands use."""
    url = f"sqlite:///{tmp_path / 'tocsin.sqlite'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_DATABASE_URL", url)
    monkeypatch.setenv("TOCSIN_NETWORK__ALLOW_PRIVATE_ADDRESSES", "true")
    monkeypatch.setenv("COLUMNS", "200")
    return url


@pytest.fixture
def store(database):
    """The same database from the other side."""
    opened = open_store(database)
    yield opened
    opened.close()


def run(app, *words, code=0):
    """Run a command and return what it printed."""
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return result.output


def rows(app, *words):
    """The one JSON array a command prints."""
    return json.loads(run(app, *words, "--json"))


def fire(store, **changes):
    """One alert with its deliveries; returns the alert's id."""
    now = datetime.now(UTC)
    draft = a_draft(event_ids=(), roles={}, **changes)
    store.write_alerts([], [draft], route([draft], store.subscribers(), [], now), now)
    return next(one.id for one in store.alerts() if one.draft.fingerprint == draft.fingerprint)


# subscribers


def test_a_webhook_is_added_with_a_secret_that_is_shown_once(store):
    """In the store, and never in a list."""
    shown = run(subscribers.app, "add", "desk", "https://desk.example/hook", "--min-severity", "warning")
    made = store.subscriber("desk")
    assert made.secret in shown
    assert made.min_severity == "warning"
    assert made.secret not in run(subscribers.app, "list")
    (listed,) = rows(subscribers.app, "list")
    assert "secret" not in listed
    assert listed["name"] == "desk"


def test_subscribers_of_other_kinds_and_with_filters_are_added(store):
    """Rules and labels may be given again; JSON has no secret for them."""
    words = [
        "anna",
        "anna@example.org",
        "--rule",
        "a",
        "--rule",
        "b",
        "--label",
        "desk=korea",
        "--label",
        "x=y",
    ]
    (made,) = rows(subscribers.app, "add", *words)
    assert (made["kind"], made["secret"]) == ("email", None)
    stored = store.subscriber("anna")
    assert (stored.rules, stored.labels) == (("a", "b"), {"desk": "korea", "x": "y"})
    shown = run(subscribers.app, "list")
    assert "a b" in shown
    assert "desk=korea" in shown


def test_a_name_is_given_once(store):
    """The remedy is named."""
    run(subscribers.app, "add", "desk", "https://desk.example/hook")
    assert "already" in run(subscribers.app, "add", "desk", "https://other.example/", code=1)
    assert store.subscriber("desk").address == "https://desk.example/hook"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["desk", "nonsense"], 1),
        (["two words", "a@example.org"], 1),
        (["desk", "a@example.org", "--label", "x"], 2),
    ],
)
def test_what_cannot_be_used_is_not_added(store, words, code):
    """Nothing is stored."""
    assert "error:" in run(subscribers.app, "add", *words, code=code)
    assert store.subscribers() == []


def test_a_test_message_is_signed_and_its_answer_is_told(database):
    """A receiver can try its verification."""
    with WebhookReceiver() as receiver:
        (made,) = rows(subscribers.app, "add", "desk", receiver.url)
        assert "desk: accepted (HTTP 200 OK)" in run(subscribers.app, "test", "desk")
        body = Webhook(made["secret"]).verify(receiver.last.body, dict(receiver.last.headers))
        assert body["data"]["alert"]["rule"] == "tocsin-test"
        assert rows(subscribers.app, "test", "desk")[0]["outcome"] == "accepted"
        receiver.answer(500, b"out of order")
        assert "500 Internal Server Error: out of order" in run(subscribers.app, "test", "desk", code=1)
        (told,) = json.loads(run(subscribers.app, "test", "desk", "--json", code=1))
        assert (told["outcome"], told["status"]) == ("transient", 500)


def test_a_test_message_goes_by_email(database, monkeypatch):
    """With the settings of the daemon."""
    with MailSink() as sink:
        monkeypatch.setenv("TOCSIN_EMAIL__HOST", sink.host)
        monkeypatch.setenv("TOCSIN_EMAIL__PORT", str(sink.port))
        monkeypatch.setenv("TOCSIN_EMAIL__SECURITY", "none")
        run(subscribers.app, "add", "anna", "anna@example.org")
        run(subscribers.app, "test", "anna")
        assert sink.last.message["Subject"] == "[info] Test message from Tocsin"


def test_a_subscriber_is_removed(store):
    """And gone from what is sent to."""
    run(subscribers.app, "add", "desk", "https://desk.example/hook")
    assert "removed desk" in run(subscribers.app, "remove", "desk")
    assert store.subscribers(enabled_only=True) == []


@pytest.mark.parametrize("command", ["remove", "test", "rotate-secret"])
def test_a_subscriber_that_is_not_there_is_an_error_that_names_those_that_are(database, command):
    """None yet, or their names."""
    assert "known: none yet" in run(subscribers.app, command, "desk", code=1)
    run(subscribers.app, "add", "anna", "anna@example.org")
    assert "known: anna" in run(subscribers.app, command, "desk", code=1)


def test_a_secret_is_rotated_and_the_old_one_stays_for_a_while(store):
    """As long as was asked for."""
    run(subscribers.app, "add", "desk", "https://desk.example/hook")
    old = store.subscriber("desk").secret
    shown = run(subscribers.app, "rotate-secret", "desk", "--keep", "7d")
    changed = store.subscriber("desk")
    assert changed.secret in shown
    assert changed.old_secret == old
    left = changed.old_secret_until - datetime.now(UTC)
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    (made,) = rows(subscribers.app, "rotate-secret", "desk")
    assert made["secret"] == store.subscriber("desk").secret


def test_only_webhooks_have_a_secret(database):
    """Said plainly."""
    run(subscribers.app, "add", "anna", "anna@example.org")
    assert "only webhooks" in run(subscribers.app, "rotate-secret", "anna", code=1)


# alerts


def test_alerts_are_listed_and_filtered(store):
    """By rule, time, and whether somebody has seen them."""
    fire(store)
    fire(store, fingerprint="2", rule="other-rule", title="Something else")
    assert "Something else" in run(alerts.app, "list")
    assert [one["rule"] for one in rows(alerts.app, "list", "--rule", "other-rule")] == ["other-rule"]
    assert len(rows(alerts.app, "list", "--limit", "1")) == 1
    assert rows(alerts.app, "list", "--since", "2999-01-01") == []
    assert "error" in run(alerts.app, "list", "--since", "tomorrow", code=2)
    (one, _) = rows(alerts.app, "list", "--unacknowledged")
    assert one["follows"] is None
    assert one["labels"] == {"desk": "korea"}


def test_alerts_are_acknowledged_by_a_part_of_their_id(store):
    """By the user of this machine, or whoever is named."""
    first, second = fire(store), fire(store, fingerprint="2")
    assert "North Korea launches a missile" in run(alerts.app, "ack", str(first)[-8:])
    run(alerts.app, "ack", str(second), "--by", "anna")
    assert store.alert(first).acknowledged_by == getpass.getuser()
    assert store.alert(second).acknowledged_by == "anna"
    assert rows(alerts.app, "list", "--unacknowledged") == []
    assert "acknowledged_at" in rows(alerts.app, "list")[0]
    assert "no alert" in run(alerts.app, "ack", "ffff0000", code=1)


def test_a_silence_is_added_listed_and_removed(store):
    """With matchers, duration and a comment."""
    words = [
        "rule=korea-missile-launch",
        "severity=critical",
        "--for",
        "4h",
        "--comment",
        "exercise",
        "--by",
        "anna",
    ]
    run(alerts.app, "silence", "add", *words)
    (made,) = rows(alerts.app, "silence", "list")
    assert made["matchers"] == {"rule": "korea-missile-launch", "severity": "critical"}
    assert (made["comment"], made["author"]) == ("exercise", "anna")
    (silence,) = store.silences(datetime.now(UTC))
    assert isinstance(silence, Silence)
    assert silence.ends - silence.starts == timedelta(hours=4)
    assert "exercise" in run(alerts.app, "silence", "list")
    run(alerts.app, "silence", "remove", made["id"][-8:])
    assert rows(alerts.app, "silence", "list") == []


@pytest.mark.parametrize("words", [["rule"], ["severity=loud"], ["rule=a", "--for", "ever"]])
def test_a_silence_that_cannot_be_is_wrong_usage(store, words):
    """Nothing is stored."""
    assert "error:" in run(alerts.app, "silence", "add", *words, code=2)
    assert store.silences(datetime.now(UTC)) == []


# deliveries


@pytest.fixture
def failed(store):
    """A message that was refused once; returns its id and its alert's."""
    run(subscribers.app, "add", "desk", "https://desk.example/hook")
    alert = fire(store)
    (one,) = store.claim_deliveries(datetime.now(UTC), 1, timedelta(minutes=1))
    attempt = Attempt(one.id, 1, datetime.now(UTC), AttemptOutcome.PERMANENT, "HTTP 410 Gone", 410, 12)
    store.record_attempt(attempt, DeliveryState.FAILED, None, "refused for good")
    return one.id, alert


def test_deliveries_are_listed_and_filtered(store, failed):
    """By state and by alert."""
    delivery, alert = failed
    assert "refused for good" in run(deliveries.app, "list")
    (one,) = rows(deliveries.app, "list", "--state", "failed", "--alert", str(alert)[-8:])
    assert one["id"] == str(delivery)
    assert one["subscriber"] == "desk"
    assert one["log"][0]["status"] == 410
    assert rows(deliveries.app, "list", "--state", "pending") == []


def test_a_delivery_is_shown_with_its_attempts(failed):
    """In words and as JSON."""
    delivery, _ = failed
    shown = run(deliveries.app, "show", str(delivery)[-8:])
    assert "to desk: failed, refused for good" in shown
    assert "HTTP 410 Gone" in shown
    assert rows(deliveries.app, "show", str(delivery))[0]["state"] == "failed"
    assert "no delivery" in run(deliveries.app, "show", str(numbered_id(1)), code=1)


def test_a_delivery_is_redelivered_by_hand(store, failed):
    """It is due again at once, and says so."""
    delivery, _ = failed
    assert "due again" in run(deliveries.app, "redeliver", str(delivery)[-8:])
    again = store.delivery(delivery)
    assert again.state is DeliveryState.PENDING
    assert again.next_attempt_at <= datetime.now(UTC)
    assert "next attempt" in run(deliveries.app, "show", str(delivery))
    assert "desk" in run(deliveries.app, "list")


@pytest.mark.parametrize("app", [alerts.app, subscribers.app, deliveries.app])
def test_help_shows_examples(app):
    """For every command that takes words."""
    assert CliRunner().invoke(app, ["--help"]).exit_code == 0


def test_an_empty_database_gives_empty_lists(database):
    """Tables and arrays."""
    for app in (alerts.app, subscribers.app, deliveries.app):
        run(app, "list")
        assert rows(app, "list") == []
