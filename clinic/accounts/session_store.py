"""Sessions in the database under a hash of their key: who holds a dump holds no session."""

import hashlib

from django.contrib.sessions.backends import db
from django.utils import timezone


def stored(key: str) -> str:
    """Return what the table holds of a session's key: 160 bits, the width of its column."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's own store, but for the name a row goes by."""

    def _get_session_from_db(self):
        rows = self.model.objects.filter(expire_date__gt=timezone.now())
        found = rows.filter(session_key=stored(self.session_key)).first()
        if found is None:
            self._session_key = None  # a key that we did not give out is never taken on
        return found

    def exists(self, session_key):
        return super().exists(stored(session_key))

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        return row

    def delete(self, session_key=None):
        if key := session_key or self.session_key:
            super().delete(stored(key))
