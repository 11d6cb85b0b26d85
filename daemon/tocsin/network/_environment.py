"""`${NAME}` in headers and addresses of proxies: secrets stay in the environment, not in files."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tocsin.errors import ConfigurationError

_NAMED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def from_environment(text: str, environ: Mapping[str, str]) -> str:
    """The text with every `${NAME}` replaced.

    Raises `ConfigurationError` that names the variable which is not set, and never says what one holds.
    """
    missing = [name for name in _NAMED.findall(text) if not environ.get(name)]
    if missing:
        raise ConfigurationError(
            f"the environment variable {missing[0]} is not set",
            hint=f"set {missing[0]} where Tocsin runs, or take ${{{missing[0]}}} out of the feed or settings",
        )
    return _NAMED.sub(lambda found: environ[found.group(1)], text)


def names_secret(text: str) -> bool:
    """Whether a text takes something from the environment."""
    return _NAMED.search(text) is not None
