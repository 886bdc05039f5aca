"""The clinic's own work of each minute, found when the software starts."""

from datetime import datetime

from clinic.accounts.session_store import SessionStore
from clinic.kernel import kept_forms
from clinic.kernel.documents.making import sweep
from clinic.kernel.each_minute import each_minute
from clinic.staff.reminders import derive_licence_notices

each_minute(sweep)
each_minute(derive_licence_notices)
each_minute(kept_forms.forget_old)


@each_minute
def forget_old_sessions(_now: datetime) -> None:
    """Delete the sessions that have ended."""
    SessionStore.clear_expired()
