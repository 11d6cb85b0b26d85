"""The one way out: HTTP clients whose every connection passed the outgoing guard."""
