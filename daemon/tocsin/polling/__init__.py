"""Feeds to articles: when to ask, how to ask, how to read the answer."""
