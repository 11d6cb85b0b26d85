"""Pages, JSON API, live stream, vendored assets."""
