"""Mentions to events: linking, claims, corroboration, revisions, queries, exports."""
