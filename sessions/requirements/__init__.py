"""What sessions demands before one may be booked, prepared, begun. One module a topic."""

from sessions.requirements import door, facts, places, suitability

__all__ = ["door", "facts", "places", "suitability"]
