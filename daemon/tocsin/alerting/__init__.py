"""Matches to alerts to deliveries: routing, grouping, silences, channels."""
