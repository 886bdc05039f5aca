"""What lists call each kind of message; filled as the handlers of all apps are registered."""

KINDS: dict[str, str] = {}
