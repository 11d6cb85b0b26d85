"""A uvicorn server that ends live streams before it waits for connections to close."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from tocsin.settings import Settings
from tocsin.web._app import close_streams


class Server(uvicorn.Server):
    """Run it with `await server.serve()`; stop it with `server.should_exit = True`.

    Signals are left alone: the daemon that runs it has handlers of its own.
    """

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        web = settings.web
        config = uvicorn.Config(
            app,
            host=web.host,
            port=web.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        super().__init__(config)
        self._app = app

    @property
    def url(self) -> str | None:
        """The address it listens on, once it does; with port 0 the one it was given."""
        for server in getattr(self, "servers", ()):
            for listener in server.sockets:
                host, port = listener.getsockname()[:2]
                return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        return None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the daemon."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams first: they would keep their connections open for ever."""
        close_streams(self._app)
        await super().shutdown(sockets)
