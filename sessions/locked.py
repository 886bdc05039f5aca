"""Taking a session's row before it is changed, and refusing what has changed meanwhile."""

from django.utils.translation import gettext as _

from clinic.errors import Refused
from sessions.models import CounsellingSession


def lock(session: CounsellingSession, version: int | None = None) -> CounsellingSession:
    """Return the session's row, locked. Raises Refused when it is not the ``version`` meant."""
    rows = CounsellingSession.objects.with_people().select_for_update(of=("self",))
    row = rows.get(pk=session.pk)
    if version is not None and row.version != version:
        raise Refused(
            "sessions.changed",
            _("This session was changed in the meantime."),
            _("Please look at it again."),
        )
    return row


def ask_booked(session: CounsellingSession) -> None:
    """Refuse for a session that has begun, is over or was cancelled."""
    if session.state != CounsellingSession.State.BOOKED:
        raise Refused(
            "sessions.not_booked",
            _("This session is no longer waiting to begin (%s).") % session.get_state_display(),
        )
