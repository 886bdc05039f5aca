"""What the page of a case shows of suitability."""

from datetime import datetime
from typing import Any

from clinic.cases.models import Case
from clinic.kernel.panels import Panel
from sessions.models import Suitability
from sessions.suitability.stopping import stopped_sessions


def suitability_of_case(case: Case, user: Any, now: datetime) -> Panel:
    """The last assessment, what it stops, and the button that makes the next."""
    all_of_case = Suitability.objects.of_case(case)
    row, lasting = all_of_case.first(), all_of_case.beyond_today().first()
    may_assess = user.pk == case.counsellor_id and case.closed_at is None
    return Panel(
        "suitability/panel.html",
        {
            "case": case,
            "row": row,
            "stopped": stopped_sessions(lasting, now) if lasting else None,
            "may_assess": may_assess,
        },
    )
