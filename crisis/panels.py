"""What crisis shows in the frame, and on the pages of a client, of a case and of a session."""

from datetime import datetime, timedelta
from typing import Any

from clinic.cases.models import Case
from clinic.kernel.panels import Panel, panel
from clinic.kernel.roles import CLINICAL
from clinic.people.models import Person
from crisis.profiles.state import states_of
from crisis.sheet.cards import all_abroad, cards, dock
from crisis.sheet.loading import around_session
from sessions.models import CounsellingSession


@panel("frame")
def of_frame(subject: None, user: Any, now: datetime) -> Panel:
    """Crisis mode is one tap away from every page with the menu: that of the session which she
    holds, else the page that asks whom it is about.
    """
    session = _in_hand(user, now) if user.has_role(*CLINICAL) else None
    return Panel("crisis/parts/frame.html", {"session": session})


def _in_hand(user: Any, now: datetime) -> CounsellingSession | None:
    """One that nobody ended is a to-do of hers; after half a day it is not what she does now."""
    since = now - timedelta(hours=12)
    mine = CounsellingSession.objects.running().filter(counsellor=user, started_at__gt=since)
    return mine.with_people().order_by("-started_at").first()


@panel("client")
def of_client(person: Person, user: Any, now: datetime) -> Panel:
    """The profile of each of her places: complete, or what is missing."""
    return Panel("crisis/panel.html", {"people": [person], "states": states_of([person], now)})


@panel("case")
def of_case(case: Case, user: Any, now: datetime) -> Panel:
    """The same for everybody who takes part."""
    people = case.people
    return Panel("crisis/panel.html", {"people": people, "states": states_of(people, now)})


@panel("session")
def of_session(session: CounsellingSession, user: Any, now: datetime) -> Panel | None:
    """Whom to call for those who take part: the first of what the crisis page has (G5.1, G5.2)."""
    if not (session.is_tele and session.runs_or_may_begin(now)):
        return None
    shown = cards(around_session(session.pk, user, now), now)
    context = {"cards": shown, "dock": dock(shown), "abroad": all_abroad(shown)}
    return Panel("crisis/session_panel.html", context | {"session": session})
