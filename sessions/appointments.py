"""A session as one of its people meets it: what her letters, her calendar and her page say alike.

Nothing here names another participant. Where safe contact asks for neutral words, neither the
psychologist nor the way nor the address is told, nor her own clock: a time of another zone would
tell whoever reads along in which country she is.
"""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from clinic.kernel.dates import moment
from clinic.kernel.letters import fill
from clinic.organisation.letterhead import letterhead
from clinic.organisation.models import Premises, address
from clinic.people.models import Person
from clinic.people.zones import zone_of
from sessions.models import CounsellingSession
from sessions.places import read_at

TEXTS = Path(__file__).resolve().parent / "content" / "appointment.toml"
State = CounsellingSession.State
CALL_OPENS = timedelta(minutes=30)  # before the start
HALF_A_DAY = timedelta(hours=12)
PAGE_LASTS = timedelta(hours=2)  # after the planned end


@cache
def texts() -> dict:
    """Return the sentences of ``content/appointment.toml``."""
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Appointment:
    """One session and one of its people.

    ``zone``: of her place for this session; None where it is not known for sure, or not to be told.
    ``abroad``: whether that place is; it, too, only where it may be told.
    """

    session: CounsellingSession
    person: Person
    zone: ZoneInfo | None
    abroad: bool = False

    @property
    def start(self) -> datetime:
        return self.session.during.lower

    @property
    def end(self) -> datetime:
        """The planned end."""
        return self.session.during.upper

    @property
    def language(self) -> str:
        """``zh`` or ``en``, as content files name them."""
        return "en" if self.person.letter_language == "en" else "zh"

    @property
    def neutral(self) -> bool:
        return self.person.neutral_contact

    @property
    def head(self) -> dict[str, str]:
        """What is said of the clinic, its numbers as she dials them."""
        return letterhead(abroad=self.abroad)

    @property
    def clinic_time(self) -> str:
        """The start in Taipei time, with weekday and zone."""
        return moment(self.start, language=self.language)

    @property
    def her_time(self) -> str:
        """The start by her own clock, the same way; "" where that is the same or not known."""
        if self.zone is None:
            return ""
        here, there = timezone.localtime(self.start), timezone.localtime(self.start, self.zone)
        if here.utcoffset() == there.utcoffset():
            return ""
        return moment(self.start, self.zone, language=self.language)

    @property
    def times(self) -> str:
        """Both in one sentence."""
        if not self.her_time:
            return self.clinic_time
        both = {"clinic": self.clinic_time, "hers": self.her_time}
        return fill(texts()["times"][self.language], both)

    def words(self, key: str, channel: str = "", premises: Premises | None = None) -> str:
        """A sentence for the way of this session, with telephone and address filled in.

        ``channel`` and ``premises``: of another way than its own.
        """
        premises = premises or self.session.room.premises
        values = {
            "clinic_phone": self.head["clinic_phone"],
            "address": address(premises.town, premises.street),
        }
        return fill(self._text(channel or self.session.channel, key), values)

    @property
    def preparing(self) -> list[str]:
        """How to prepare, for the page."""
        return self._text(self.session.channel, "page")

    def _text(self, channel: str, key: str) -> Any:
        """The words of a way; their twin, where there is one, for who expects no call."""
        words, usual = texts()[channel], f"{key}_{self.language}"
        twin = usual if self.person.may_be_called else f"{key}_no_call_{self.language}"
        return words.get(twin, words[usual])

    def over(self, now: datetime) -> bool:
        """Whether it has ended, or would have by now. One that runs longer is not over yet."""
        ended = self.session.state in (State.ENDED, State.NOT_ATTENDED)
        return ended or (now >= self.end and not self._runs(now))

    def _runs(self, now: datetime) -> bool:
        """Whether it is in progress; one that nobody ended is not, after half a day."""
        begun = self.session.started_at
        return self.session.state == State.STARTED and now - begun < HALF_A_DAY

    def call_open(self, now: datetime) -> bool:
        """Whether the link to the video call may be shown: from half an hour before to the end,
        and while the session runs longer: whoever lost the line comes back by it.
        """
        stands = self.session.state in (State.BOOKED, State.STARTED)
        video = bool(self.session.call_link) and self.session.channel == "video"
        stands = stands and not self.session.is_stranded
        in_time = self.start - CALL_OPENS <= now < self.end
        return stands and video and (in_time or self._runs(now))


def appointment(session: CounsellingSession, person: Person) -> Appointment:
    """Return the session as ``person`` meets it, with the zone of her place for it."""
    if person.neutral_contact:
        return Appointment(session, person, zone=None)
    place = read_at(session, person)
    zone = zone_of(place.country, place.region, session.during.lower) if place else None
    return Appointment(session, person, zone, abroad=bool(place and place.is_abroad))


def taking_part(number: int, person: int) -> tuple[CounsellingSession, Person] | None:
    """Return a session and one who takes part in it; None where either is not, or no longer."""
    session = CounsellingSession.objects.with_people().filter(pk=number).first()
    people = {found.pk: found for found in session.people} if session else {}
    return (session, people[person]) if person in people else None
