"""What crisis shows on the pages of a client and of a case."""

from datetime import datetime
from typing import Any

from clinic.cases.models import Case
from clinic.kernel.panels import Panel, panel
from clinic.people.models import Person
from crisis.profiles.state import states_of


@panel("client")
def of_client(person: Person, user: Any, now: datetime) -> Panel:
    """The profile of each of her places: complete, or what is missing."""
    return Panel("crisis/panel.html", {"people": [person], "states": states_of([person], now)})


@panel("case")
def of_case(case: Case, user: Any, now: datetime) -> Panel:
    """The same for everybody who takes part."""
    people = case.people
    return Panel("crisis/panel.html", {"people": people, "states": states_of(people, now)})
