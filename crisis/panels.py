"""What crisis shows on the pages of a client, of a case and of a session."""

from datetime import datetime
from typing import Any

from clinic.cases.models import Case
from clinic.kernel.panels import Panel, panel
from clinic.people.models import Person
from crisis.profiles.state import states_of
from crisis.sheet.cards import cards
from crisis.sheet.loading import around
from sessions.models import CounsellingSession

State = CounsellingSession.State


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
    """Whom to call for those who take part, as the crisis page has it, while it may be needed."""
    if session.state not in (State.BOOKED, State.STARTED):
        return None
    shown = cards(around(session.pk, user, now), now)
    return Panel("crisis/session_panel.html", {"cards": shown, "session": session})
