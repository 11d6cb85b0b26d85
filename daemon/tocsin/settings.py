"""Settings: environment variables `TOCSIN_SECTION__NAME`, then `tocsin.toml`, then these defaults."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from tocsin import __version__
from tocsin.errors import ConfigurationError


class Section(BaseModel):
    """A group of settings; a name it does not have is refused, since a typo must not pass silently."""

    model_config = ConfigDict(extra="forbid")


class PollingSettings(Section):
    """When and how feeds are asked."""

    interval: int = Field(
        900, ge=1, description="Seconds between two polls of a feed whose rhythm is not known yet."
    )
    shortest: int = Field(
        180, ge=1, description="Seconds between two polls at the least, where the rhythm decides."
    )
    longest: int = Field(
        21_600,
        ge=1,
        le=86_400,
        description="Seconds between two polls at the most, where the rhythm decides.",
    )
    per_poll: float = Field(
        0.5,
        gt=0,
        description="Entries that a poll after one hour should bring; less asks more often.",
    )
    spacing: float = Field(
        1.0, ge=0, description="Seconds between the starts of two requests to one registrable domain."
    )
    per_host: int = Field(2, ge=1, description="Requests to one registrable domain at once.")
    cooldown: float = Field(
        900.0,
        ge=0,
        description="Seconds of rest after 429, 503 or a challenge that names no time; doubles when it recurs.",
    )
    cooldown_scope: Literal["domain", "host", "feed"] = Field(
        "domain", description="Who rests with the feed that was told so: its domain, its host, nobody else."
    )
    whole_every: float = Field(
        259_200.0, gt=0, description="Seconds after which a feed is asked without conditions again (3 days)."
    )
    move_after: float = Field(
        604_800.0, ge=0, description="Seconds a permanent redirect must last to change the address (7 days)."
    )
    concurrency: int = Field(32, ge=1, description="Requests at once in all.")
    timeout: float = Field(30.0, gt=0, description="Seconds for one request, redirects included.")
    max_body: int = Field(10_000_000, ge=1024, description="Bytes of a body after decompression.")
    parse_timeout: float = Field(20.0, gt=0, description="Seconds the parser may take for one body.")
    contact: str = Field(
        "", description="Address or URL put into the User-Agent so that sites can reach you."
    )


class PagesSettings(Section):
    """Full text from the pages of articles, for feeds marked `full_text`."""

    enabled: bool = Field(
        default=True, description="Fetch the pages of feeds marked full_text; others' pages never are."
    )
    concurrency: int = Field(4, ge=1, description="Sites whose pages are fetched at once, one page each.")
    max_body: int = Field(5_000_000, ge=1024, description="Bytes of a page after decompression.")
    parse_timeout: float = Field(15.0, gt=0, description="Seconds that reading one page may take.")
    tries: int = Field(4, ge=1, description="Times a page that cannot be had is asked for.")
    max_age_days: int = Field(3, ge=1, description="Articles published longer ago keep their teaser.")


class WebSubSettings(Section):
    """Feeds pushed by hubs (WebSub) instead of polled."""

    callback: str | None = Field(
        None,
        pattern=r"^https?://[^\s?#]+$",
        description="Public address of this daemon as hubs reach it; without it WebSub is off.",
    )
    lease: int = Field(864_000, ge=300, description="Seconds that a subscription is asked for (10 days).")


class NetworkSettings(Section):
    """What outgoing connections may reach."""

    allow_private_addresses: bool = Field(
        default=False, description="Let feeds and webhooks reach private and loopback addresses."
    )
    allow_hosts: list[str] = Field(
        default_factory=list, description="Hosts that may resolve to a private address, by name."
    )
    proxy: str | None = Field(
        None,
        description='HTTP proxy for everything that goes out; "${NAME}" is taken from the environment.',
    )
    proxy_resolves: bool = Field(
        default=False, description="Leave names that do not resolve here to the proxy, unchecked."
    )


class ExtractionSettings(Section):
    """How articles are read."""

    workers: int = Field(1, ge=1, description="Worker processes.")
    timeout: float = Field(60.0, gt=0, description="Seconds for one article.")
    ontology: Path | None = Field(None, description="A folder of your own event types (YAML).")


class RulesSettings(Section):
    """Where rule files are."""

    shipped: bool = Field(default=True, description="Load the rule files that come with Tocsin.")
    folder: Path | None = Field(None, description="A folder of your own rule files (YAML).")
    reload_every: float = Field(
        10.0, gt=0, description="Seconds between two looks for rule files that changed; they are read again."
    )


class FeedsSettings(Section):
    """Which feeds a new database starts with."""

    shipped: bool = Field(default=True, description="Import the feed catalogs that come with Tocsin.")
    folder: Path | None = Field(None, description="A folder of your own feed catalogs (YAML).")


class WebSettings(Section):
    """The page and the API."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8787, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str | None = Field(None, description="Address of the page as subscribers reach it.")


class EmailSettings(Section):
    """The SMTP server that takes our mail."""

    host: str | None = Field(None, description="Host of the SMTP server; without it no email is sent.")
    port: int = Field(587, ge=1, le=65535, description="Port of the SMTP server.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is secured."
    )
    username: str | None = Field(None, description="User name, where the server wants one.")
    password: str | None = Field(None, description="Password; better in the environment than in a file.")
    sender: str = Field("tocsin@localhost", description="Address in From.")
    timeout: float = Field(30.0, gt=0, description="Seconds for one message.")


class AlertingSettings(Section):
    """How messages are sent and tried again."""

    webhook_timeout: float = Field(15.0, gt=0, description="Seconds a webhook may take to answer.")
    retry_base: float = Field(5.0, gt=0, description="Seconds before the second attempt; doubles from there.")
    retry_cap: float = Field(21_600.0, gt=0, description="Longest wait between two attempts, in seconds.")
    retry_for: float = Field(
        259_200.0, gt=0, description="Seconds after which a message is given up (3 days)."
    )
    concurrency: int = Field(8, ge=1, description="Messages sent at once.")
    max_age_days: int = Field(
        14, ge=0, description="Alerts on texts published longer ago are kept but not sent; 0 sends all."
    )


class ServiceSettings(Section):
    """The daemon itself."""

    dispatch_every: float = Field(
        1.0, gt=0, description="Seconds between two looks for due feeds and messages."
    )
    sweep_every: float = Field(15.0, gt=0, description="Seconds between two sweeps for rows that wait.")
    keep_days: int = Field(
        0,
        ge=0,
        description="Days that logs, and texts of articles that back no event, are kept; once a day older ones go, "
        "as by `tocsin db prune`. 0 keeps all, so that nothing goes that nobody asked to go.",
    )
    grace: float = Field(20.0, ge=0, description="Seconds that work in flight gets on SIGTERM.")
    log_format: Literal["auto", "console", "json"] = Field("auto", description="auto: console on a terminal.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Lowest level logged."
    )


class Settings(BaseSettings):
    """All settings. See docs/reference/settings.md for the table made from these."""

    model_config = SettingsConfigDict(
        env_prefix="TOCSIN_", env_nested_delimiter="__", toml_file="tocsin.toml", extra="forbid"
    )

    database_url: str = Field("sqlite:///tocsin.sqlite", description="SQLAlchemy address of the database.")
    polling: PollingSettings = Field(default_factory=PollingSettings)
    pages: PagesSettings = Field(default_factory=PagesSettings)
    websub: WebSubSettings = Field(default_factory=WebSubSettings)
    network: NetworkSettings = Field(default_factory=NetworkSettings)
    extraction: ExtractionSettings = Field(default_factory=ExtractionSettings)
    rules: RulesSettings = Field(default_factory=RulesSettings)
    feeds: FeedsSettings = Field(default_factory=FeedsSettings)
    web: WebSettings = Field(default_factory=WebSettings)
    email: EmailSettings = Field(default_factory=EmailSettings)
    alerting: AlertingSettings = Field(default_factory=AlertingSettings)
    service: ServiceSettings = Field(default_factory=ServiceSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, environment, file."""
        del dotenv_settings, file_secret_settings
        toml = Path(os.environ.get("TOCSIN_CONFIG", "tocsin.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=toml)

    @property
    def user_agent(self) -> str:
        """Honest, with a contact when the operator gave one."""
        contact = f"; +{self.polling.contact}" if self.polling.contact else ""
        return f"Tocsin/{__version__} (news event monitor{contact})"


_HINT = "settings are TOCSIN_SECTION__NAME variables or tocsin.toml; all are in docs/reference/settings.md"
_NOT_SETTINGS = frozenset({"TOCSIN_CONFIG", "TOCSIN_SCREENSHOTS"})
_WORDS = {"extra_forbidden": "there is no such setting"}


def load_settings(**overrides: object) -> Settings:
    """Read the settings; raise `ConfigurationError` naming each one that is wrong or unknown."""
    known = {name.upper() for name in Settings.model_fields}
    stray = [
        name
        for name in os.environ
        if name.startswith("TOCSIN_")
        and name not in _NOT_SETTINGS
        and name.removeprefix("TOCSIN_").split("__")[0].upper() not in known
    ]
    if stray:
        raise ConfigurationError(f"{', '.join(sorted(stray))}: {_WORDS['extra_forbidden']}", hint=_HINT)
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in item['loc'])}: {_WORDS.get(item['type'], item['msg'])}"
            for item in error.errors()
        ]
        raise ConfigurationError("; ".join(lines), hint=_HINT) from error
    except ValueError as error:
        raise ConfigurationError(
            f"tocsin.toml cannot be read: {error}", hint="it must be valid TOML"
        ) from error
