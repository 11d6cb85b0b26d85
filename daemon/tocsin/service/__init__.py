"""The running daemon: scheduler, bus, roles, health, metrics."""
