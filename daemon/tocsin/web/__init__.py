"""Pages, JSON API, live stream, vendored assets."""

from tocsin.web._app import close_streams, create_app
from tocsin.web._server import Server

__all__ = ["Server", "close_streams", "create_app"]
