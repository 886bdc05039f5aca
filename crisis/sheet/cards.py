"""What is shown of each participant: where she is, how to reach her, whom to call there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.kernel.telephones import href
from clinic.people.models import EmergencyContact, Person
from clinic.people.safe_contact import safe_contact_words
from crisis.directory.finding import Need, near
from crisis.models import Choice, CrisisProfile
from crisis.profiles.matching import serving, spot_of
from crisis.profiles.numbers import NATIONAL, Line, lines_of_choice, lines_of_found
from crisis.sheet.loading import MOST_OF_A_NEED, Around
from sessions.models import SessionPlace
from sessions.places import AtClinic, Where

NEEDS = (Need.HOSPITAL, Need.CENTRE, Need.POLICE, Need.FIRE, Need.SUICIDE_PREVENTION)
# In the order in which they are called.
KINDS = (
    *(Choice.Kind.FIRE, Choice.Kind.POLICE, Choice.Kind.HOSPITAL, Choice.Kind.SUICIDE_PREVENTION),
    *(Choice.Kind.MENTAL_HEALTH_CENTRE, Choice.Kind.VILLAGE_CHIEF, Choice.Kind.NEARBY_COUNSELLING),
)
DOCK = 3  # numbers at the thumb
AT_HAND = 3  # entries of the place that the page of the session shows
PROFILE, NEAREST, NATIONAL_ONLY = "profile", "nearest", "national"


@dataclass(frozen=True)
class Card:
    """One participant. ``source`` says where the numbers come from: profile, nearest, national.

    With a profile that knows no number of the place they may still be the nearest.
    """

    person: Person
    where: Where | None
    call_back: list[Line]
    contacts: list[tuple[EmergencyContact, list[Line]]]
    source: str
    lines: list[Line]
    none_known: list[Any] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # what the profile chose and is no longer valid
    contact_words: str = ""
    has_profile: bool = False
    silent: bool = False  # agreed at the opening check: no calls today

    @property
    def told(self) -> bool:
        """Whether the place was told for this session; else it is the usual one."""
        return isinstance(self.where, SessionPlace)

    @property
    def here(self) -> bool:
        """Whether she is at the clinic, in a session in person."""
        return isinstance(self.where, AtClinic)

    @property
    def awaited(self) -> bool:
        """Whether she is to come there: the session has not begun."""
        return self.here and self.where.premises.awaited

    @property
    def at_hand(self) -> list[Line]:
        """One number of each of the first entries."""
        first: dict[Any, Line] = {}
        for line in self.lines:
            first.setdefault(line.name, line)
        return [*first.values()][:AT_HAND]

    @property
    def abroad(self) -> bool:
        return self.where is not None and self.where.is_abroad

    @property
    def safe_words(self) -> list[str]:
        return safe_contact_words(self.person)


def cards(known: Around, now: datetime) -> list[Card]:
    """Return a card for each participant. The directory is asked again only for a second
    participant elsewhere whom no profile serves."""
    return [_card(person, known, now) for person in known.people]


def all_abroad(shown: list[Card]) -> bool:
    """Whether Taiwan's numbers reach nobody who takes part."""
    return bool(shown) and all(card.abroad for card in shown)


def all_here(shown: list[Card]) -> bool:
    """Whether everybody who takes part is at the clinic: no line, nobody far away."""
    return bool(shown) and all(card.here for card in shown)


def dock(shown: list[Card]) -> list[Line]:
    """Return the numbers at the thumb: 119, 110, 1925; abroad the first ones of the place."""
    if not all_abroad(shown):
        return list(NATIONAL)
    lines = (line for card in shown for line in card.lines if line.href)
    return list(dict.fromkeys(lines))[:DOCK]


def _card(person: Person, known: Around, now: datetime) -> Card:
    where = known.told.get(person.pk) or known.here or known.usual.get(person.pk)
    profile = serving(known.profiles[person.pk], spot_of(where)) if where else None
    source, lines = _numbers(profile, where, known, now)
    chosen = profile.choices.all() if profile else []
    return Card(
        person=person,
        where=where,
        call_back=_call_back(person),
        contacts=[(c, _dialled(c.phone_list, c.name)) for c in known.contacts[person.pk]],
        source=source,
        lines=_once(lines, () if where and where.is_abroad else NATIONAL),
        none_known=[c.get_kind_display() for c in chosen if c.none_on],
        gone=[f"{c.get_kind_display()} – {c.resource.name}" for c in chosen if c.is_gone],
        contact_words=profile.contact_words if profile else "",
        has_profile=profile is not None,
        silent=person.pk in known.silent,
    )


def _numbers(
    profile: CrisisProfile | None, where: Where | None, known: Around, now: datetime
) -> tuple[str, list[Line]]:
    today = timezone.localdate(now)
    if profile:
        choices = sorted(profile.choices.all(), key=lambda choice: KINDS.index(choice.kind))
        if profile.place_id != spot_of(where).place_id:  # another street has another chief
            choices = [c for c in choices if c.kind != Choice.Kind.VILLAGE_CHIEF]
        chosen = [
            line for c in choices for line in lines_of_choice(c, today, abroad=where.is_abroad)
        ]
        if _once(chosen, NATIONAL) or where.is_abroad:  # 119, 110 and 1925 stand above anyway
            return PROFILE, chosen
    if where is None or where.is_abroad:
        return NATIONAL_ONLY, []
    around = known.nearby
    if around.town != where.town_id:
        around = near(where.town_id, now, most=MOST_OF_A_NEED)
    found = [
        line
        for need in NEEDS
        for row in around.of(need)
        for line in lines_of_found(row, need.label, today)
    ]
    local = _once(found, NATIONAL)  # the directory has 119, 110 and 1925 for every township
    return (NEAREST, local) if local else (NATIONAL_ONLY, [])


def _once(lines: list[Line], above: Iterable[Line]) -> list[Line]:
    """Leave out what stands above anyway, and what was said already."""
    seen = {line.key for line in above}
    kept = []
    for line in lines:
        if line.key not in seen:
            seen.add(line.key)
            kept.append(line)
    return kept


def _call_back(person: Person) -> list[Line]:
    """The number on file now; one that was corrected since may be in somebody else's hand."""
    return _dialled([person.phone] if person.phone else [], person.name, _("call back, on file"))


def _dialled(numbers: Iterable[str], name: str, what: Any = "") -> list[Line]:
    return [Line(name, number, href(number), what) for number in numbers]
