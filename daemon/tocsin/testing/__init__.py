"""Fakes with verbs for every port, and the recorded-feed server. Public: use them in your own tests."""
