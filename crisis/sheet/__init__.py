"""The crisis page of a session: place, numbers and steps at once."""
