"""What crisis shows on the pages of a client, of a case and of a session."""

from datetime import datetime
from typing import Any

from clinic.cases.models import Case
from clinic.kernel.panels import Panel, panel
from clinic.people.models import Person
from crisis.profiles.state import states_of
from crisis.sheet.cards import all_abroad, cards, dock
from crisis.sheet.loading import around
from sessions.models import CounsellingSession


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
    shown = cards(around(session.pk, user, now), now)
    context = {"cards": shown, "dock": dock(shown), "abroad": all_abroad(shown)}
    return Panel("crisis/session_panel.html", context | {"session": session})
