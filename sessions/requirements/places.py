"""What the law of each participant's place says (G10.1)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clinic.kernel.readiness import (
    IN_PERSON,
    Answer,
    Lapsing,
    Met,
    Missing,
    ParticipantPlan,
    Phase,
    Planned,
    requirement,
)
from clinic.people.places import TAIWAN
from sessions.models.places import folded
from sessions.requirements.facts import JurisdictionFact, SessionFacts

WORST_FIRST = (Missing, Lapsing, Met)


@requirement(
    "sessions.jurisdiction",
    _("Law of the client's place known and permitting"),
    ["G10.1"],
    [Phase.BOOK],
    absolute=True,
)
def jurisdiction(plan: Planned, known: SessionFacts, now: datetime) -> Answer:
    """Inside Taiwan the clinic's approval governs; abroad the register must permit both sides."""
    if plan.channel == "in_person":
        return IN_PERSON
    nowhere = [person.person_id for person in plan.participants if not person.country]
    if nowhere or not plan.participants:
        unknown = _("it is not known where the client will be")
        return Missing(unknown, _("Enter the client's place."), next(iter(nowhere), None))
    abroad = [person for person in plan.participants if person.country != TAIWAN]
    if not abroad:
        return Met(_("inside Taiwan: the clinic's approval governs"))
    answers = [_abroad(person, known) for person in abroad]
    return min(answers, key=lambda answer: WORST_FIRST.index(type(answer)))


def _abroad(person: ParticipantPlan, known: SessionFacts) -> Answer:
    """By the entry of her region, else of her country.

    Where any region of that country does not permit, the country's entry speaks for no region: one
    that is missing or written in another way could be that very region.
    """
    entries = ((r, law) for (c, r), law in known.jurisdictions.items() if c == person.country)
    # Of two spellings of one region the one that does not permit comes last, and counts.
    strictest = sorted(entries, key=lambda entry: not entry[1].permits)
    of_country = {folded(region): law for region, law in strictest}
    own = of_country.get(folded(person.region)) if person.region else None
    regions = [law for region, law in of_country.items() if region]
    if own is None and not all(law.permits for law in regions):
        return Missing(
            _("not every region of that country permits it, and hers has no entry of its own"),
            _("Write the client's region as the register does, or enter its law."),
        )
    return _by(own or of_country.get(""))


def _by(law: JurisdictionFact | None) -> Answer:
    if law is None:
        return Missing(
            _("the law of the client's place is not in the register"),
            _("Look it up and enter it, or wait until the client is in Taiwan."),
        )
    if law.forbids:
        return Missing(
            _("the law of the client's place forbids it"),
            _("Wait until the client is in Taiwan, or find help at that place."),
        )
    if not law.permits:
        return Missing(
            _("the law of the client's place has not been checked yet"),
            _("Look it up and complete the register."),
        )
    if law.old:
        return Lapsing(
            _("the law of the client's place was reviewed over a year ago"),
            _("Read the source again and enter the review."),
        )
    return Met(law.source)
