"""Sessions in the database under a hash of their key: who holds a dump holds no session."""

import hashlib
import logging
from copy import deepcopy

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone

from clinic.accounts.middleware import HELD_UNTIL, SEEN

CLOCKS = (SEEN, HELD_UNTIL)  # each page of a running session moves both

log = logging.getLogger(__name__)


def stored(key: str) -> str:
    """Return what the table holds of a session's key: 160 bits, the width of its column."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    """Django's own store, but for the name a row goes by, and a clock that may stand still."""

    _found: dict | None = None  # what a request began with, but for the clock

    def _get_session_from_db(self):
        rows = self.model.objects.filter(expire_date__gt=timezone.now())
        found = rows.filter(session_key=stored(self.session_key)).first()
        if found is None:
            self._session_key = None  # a key that we did not give out is never taken on
        return found

    def load(self):
        data = super().load()
        self._found = deepcopy(_but_clock(data))
        return data

    def create(self):
        self._found = None
        super().create()

    def save(self, must_create=False):
        """Save. Where only the clock is new, a database that takes no writes costs no page.

        A session whose row is gone was ended elsewhere: that is said as ever.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            refusal = error.__context__.__cause__  # the driver's; none where the row is gone
            if refusal is None or _but_clock(self._session) != self._found:
                raise
            log.warning("a login's clock could not be moved: %s", type(refusal).__name__)

    def exists(self, session_key):
        return super().exists(stored(session_key))

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.session_key = stored(row.session_key)
        return row

    def delete(self, session_key=None):
        if key := session_key or self.session_key:
            super().delete(stored(key))


def _but_clock(data: dict) -> dict:
    return {name: value for name, value in data.items() if name not in CLOCKS}
