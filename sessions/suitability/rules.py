"""What an assessment must hold before it counts: no point skipped, and an outcome that fits them.

Pure: the form shows every problem at its field, the action refuses with the first.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.errors import Refused
from clinic.kernel.dates import parse_date
from sessions.models import Suitability
from sessions.suitability.words import (
    COMPARE,
    COMPARED,
    CONSENT,
    LEVELS,
    NOT_ADVISABLE,
    OUTCOMES,
    POINTS,
    Need,
)

POSITIVE = (Suitability.Outcome.PROCEED, Suitability.Outcome.WITH_SUPPORT)
DOUBTFUL, UNSUITABLE, UNKNOWN = 2, 1, 0


def newer() -> Refused:
    """Return the refusal of a form that carries over an assessment that is the last no more."""
    return Refused(
        "suitability.newer",
        _("This case has been assessed since you opened the page."),
        _("What you typed is kept: look at the new levels and save again."),
    )


def rating_field(point: str) -> str:
    """Return the form's field that holds the level of a point."""
    return f"{POINTS[point].name}_rating"


def note_field(point: str) -> str:
    """Return the form's field that holds the reason of a point."""
    return f"{POINTS[point].name}_note"


def need_field(outcome: str, need: str) -> str:
    """Return the form's field that holds what an outcome needs."""
    return f"{outcome}_{need}"


def problems(
    *,
    ratings: Mapping[str, int],
    notes: Mapping[str, str],
    outcome: str,
    details: Mapping[str, str],
    today: date,
) -> list[Refused]:
    """Return what is wrong, each with the form's field it belongs to; nothing when all is well."""
    return [
        *_points(ratings, notes, details),
        *_outcome(ratings, outcome, details),
        *_needs(outcome, details, today),
    ]


def _points(
    ratings: Mapping[str, int], notes: Mapping[str, str], details: Mapping[str, str]
) -> Iterator[Refused]:
    """Every point has a level and a reason, and the third says how it compares (G2.4.1, G2.4.2)."""
    for point in POINTS:
        if ratings.get(point) not in LEVELS:
            yield Refused(
                "suitability.point", _("Please choose a level."), field=rating_field(point)
            )
        if not notes.get(point, "").strip():
            yield Refused(
                "suitability.reason", _("Please write down the reason."), field=note_field(point)
            )
    if details.get("compare") not in COMPARE:
        yield Refused(
            "suitability.compare",
            _("Please compare it with meeting in person."),
            field="compare",
        )


def _outcome(
    ratings: Mapping[str, int], outcome: str, details: Mapping[str, str]
) -> Iterator[Refused]:
    """The outcome does not say more than the points do."""
    if outcome not in OUTCOMES:
        yield Refused("suitability.outcome", _("Please choose an outcome."), field="outcome")
    if outcome not in POSITIVE:
        return
    if unknown := _titles(ratings, UNKNOWN):
        yield Refused(
            "suitability.unknown",
            _("Not yet known: %(points)s.") % {"points": unknown},
            _("A session can go on only when every point is known: find out first."),
            field="outcome",
        )
    if unsuitable := _titles(ratings, UNSUITABLE):
        yield Refused(
            "suitability.unsuitable",
            _("Does not suit: %(points)s.") % {"points": unsuitable},
            _("Choose another outcome; or, where support is enough, rate the point again."),
            field="outcome",
        )
    if outcome == Suitability.Outcome.PROCEED and (doubtful := _titles(ratings, DOUBTFUL)):
        yield Refused(
            "suitability.doubtful",
            _("Doubtful: %(points)s.") % {"points": doubtful},
            _("Choose “with support” and write what is added and whom you consulted."),
            field="outcome",
        )
    if details.get("compare") == NOT_ADVISABLE:
        yield Refused(
            "suitability.not_advisable",
            _("%(point)s: worse, not advisable.") % {"point": COMPARED.title},
            _("Choose another outcome, or compare again."),
            field="outcome",
        )


def _titles(ratings: Mapping[str, int], level: int) -> str:
    """Return the titles of the points at a level, in order, for a sentence."""
    return _("; ").join(str(POINTS[p].title) for p in POINTS if ratings.get(p) == level)


def _needs(outcome: str, details: Mapping[str, str], today: date) -> Iterator[Refused]:
    """What the outcome needs is there (G2.5: the talk, the destination, consent, follow-up)."""
    for need in OUTCOMES[outcome].needs if outcome in OUTCOMES else ():
        value = details.get(need.key, "").strip()
        if wrong := _wrong(need, value, today):
            yield Refused("suitability.need", wrong, field=need_field(outcome, need.key))


def _wrong(need: Need, value: str, today: date) -> Any:
    """Return what is wrong with what was given for a need; "" when nothing is."""
    if not value or (need.kind == "consent" and value not in CONSENT):
        return _("This is needed for the outcome.")
    if need.kind != "day":
        return ""
    try:
        day = parse_date(value)
    except ValidationError as error:
        return error.message
    return "" if day > today else _("Please choose a day after today.")
