"""Article to mentions: times, places, actors, event types, factuality, claims."""
