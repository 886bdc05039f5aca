"""What is known of planned sessions, loaded once for all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.db.models.functions import Least
from django.utils import timezone

from clinic.kernel.readiness import Planned, facts
from sessions.models import (
    CounsellingSession,
    DoorCheck,
    Jurisdiction,
    Suitability,
)


@dataclass(frozen=True)
class AssessmentFact:
    """One suitability assessment, without its points: a positive one has none that is not known.

    ``suitability/rules.py`` refuses any other, and rows never change.
    """

    form: str
    outcome: str
    at: datetime
    session_id: int | None
    needs_confirmation: bool

    @property
    def positive(self) -> bool:
        """Whether the session may go on by telecommunication."""
        return self.outcome in Suitability.POSITIVE

    @property
    def leaves_tele(self) -> bool:
        """Whether telecounselling stops until it is assessed anew (G2.5)."""
        return self.outcome in Suitability.LEAVES_TELE


@dataclass(frozen=True)
class JurisdictionFact:
    """What a place abroad allows, by the register."""

    permits: bool
    forbids: bool
    old: bool
    source: str
    reviewed_on: date


@dataclass(frozen=True)
class SessionFacts:
    """What sessions knows of one plan.

    ``decisive``: the newest assessment by which telecounselling stops or goes on (G2.5); "not
    today" is none, and an intern's that lets it go on is none until it is confirmed;
    ``door``: the newest result by point and person (None: of the psychologist or of all);
    ``previous_end``: when the case's last session before this one ended, at the latest as planned;
    ``jurisdictions`` by country and region, "" for a whole country.
    """

    newest: AssessmentFact | None = None
    decisive: AssessmentFact | None = None
    for_session: AssessmentFact | None = None
    full_done: bool = False
    previous_end: datetime | None = None
    jurisdictions: Mapping[tuple[str, str], JurisdictionFact] = field(default_factory=dict)
    door: Mapping[tuple[str, int | None], str] = field(default_factory=dict)


@facts("sessions")
def load(planned: Sequence[Planned], now: datetime) -> Mapping[Planned, SessionFacts]:
    """Load facts with four queries, however many sessions are asked about."""
    cases = {plan.case_id for plan in planned}
    numbers = {plan.session_id for plan in planned} - {None}
    assessments = assessments_of(cases)
    ends = _ends(cases)
    doors = _doors(numbers)
    law = _law({p.country for plan in planned for p in plan.participants}, timezone.localdate(now))
    return {
        plan: SessionFacts(
            newest=next(iter(assessments[plan.case_id]), None),
            decisive=decisive_of(assessments[plan.case_id]),
            for_session=_for(assessments[plan.case_id], plan.session_id),
            full_done=any(a.form == Suitability.Form.FULL for a in assessments[plan.case_id]),
            previous_end=max((e for e in ends[plan.case_id] if e <= plan.start), default=None),
            jurisdictions=law,
            door=doors[plan.session_id],
        )
        for plan in planned
    }


def _for(found: list[AssessmentFact], session_id: int | None) -> AssessmentFact | None:
    """Return the newest assessment made for one session."""
    return next((a for a in found if session_id and a.session_id == session_id), None)


def decisive_of(found: list[AssessmentFact]) -> AssessmentFact | None:
    """Return the newest by which telecounselling stops or goes on, of those of one case."""
    goes_on = (a for a in found if a.leaves_tele or (a.positive and not a.needs_confirmation))
    return next(goes_on, None)


def assessments_of(cases: set[int]) -> dict[int, list[AssessmentFact]]:
    """Return assessments by case, newest first."""
    rows = Suitability.objects.filter(case__in=cases).order_by("-at", "-id")
    rows = rows.annotate(waits=Exists(Suitability.objects.unconfirmed().filter(pk=OuterRef("pk"))))
    found: dict[int, list[AssessmentFact]] = defaultdict(list)
    names = ("case_id", "form", "outcome", "at", "session_id", "waits")
    for case, *known in rows.values_list(*names):
        found[case].append(AssessmentFact(*known))
    return found


def _ends(cases: set[int]) -> dict[int, list[datetime]]:
    """Return the ends of sessions that took place, by case.

    One that ended early ended then. One whose end was pressed late, or not yet, as it was planned:
    what was assessed in between was assessed after it.
    """
    rows = CounsellingSession.objects.filter(case__in=cases, state__in=["started", "ended"])
    rows = rows.annotate(end=Least("ended_at", "during__endswith"))  # of no ended_at: the plan's
    found: dict[int, list[datetime]] = defaultdict(list)
    for case, end in rows.values_list("case_id", "end"):
        found[case].append(end)
    return found


def _doors(sessions: set[int]) -> dict[int | None, dict[tuple[str, int | None], str]]:
    """Return the newest results at the door by session, point and person."""
    rows = DoorCheck.objects.filter(session__in=sessions).in_the_call().order_by("at", "id")
    found: dict[int | None, dict] = defaultdict(dict)
    for row in rows:
        found[row.session_id][row.point, row.person_id] = row.result
    return found


def _law(countries: set[str], today: date) -> dict[tuple[str, str], JurisdictionFact]:
    """Return what the register says of these countries."""
    rows = Jurisdiction.objects.current().filter(country__in=countries)
    return {
        (row.country, row.region): JurisdictionFact(
            row.permits, row.forbids, row.is_old(today), row.source, row.reviewed_on
        )
        for row in rows
    }
