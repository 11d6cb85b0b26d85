"""Settings come from the environment, then the file, then defaults; typos are refused."""

from __future__ import annotations

import pytest

from tocsin.errors import ConfigurationError
from tocsin.settings import load_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    """Both are read, section by section."""
    (tmp_path / "tocsin.toml").write_text("[web]\nport = 1\nhost = '::1'\n")
    monkeypatch.setenv("TOCSIN_WEB__PORT", "2")
    web = load_settings().web
    assert (web.port, web.host) == (2, "::1")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TOCSIN_WEB__PORT", "many", "web.port"),
        ("TOCSIN_WEB__PROT", "1", "web.prot: there is no such setting"),
        ("TOCSIN_WEBB__PORT", "1", "TOCSIN_WEBB__PORT: there is no such setting"),
        ("TOCSIN_POLLING__INTERVAL", "0", "polling.interval"),
    ],
)
def test_a_wrong_or_unknown_variable_is_named(monkeypatch, name, value, says):
    """Nothing passes silently."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=says) as caught:
        load_settings()
    assert "settings.md" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[polling]\nspacingg = 1", "polling.spacingg"),
        ("[poling]\nspacing = 1", "poling"),
        ("not toml", "tocsin.toml"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, text, says):
    """A section, a name, or the file itself."""
    (tmp_path / "tocsin.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=says):
        load_settings()


def test_the_user_agent_names_us_and_how_to_reach_the_operator(monkeypatch):
    """Honest, with a contact when there is one."""
    assert load_settings().user_agent.startswith("Tocsin/")
    monkeypatch.setenv("TOCSIN_POLLING__CONTACT", "https://desk.example/bot")
    assert "+https://desk.example/bot" in load_settings().user_agent
