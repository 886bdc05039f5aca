"""A consent form on paper: asked for, explained by telephone, come back by post."""

from datetime import datetime

from django.utils import timezone

from clinic.cases.models import Case
from clinic.kernel.files.examine import Content
from consent.actions import record_explanation
from consent.models import Request, ReturnedPaper
from consent.paper.actions import prepare_paper, receive_paper

SCAN = Content("image/png", b"a scan")


def asked_on_paper(case: Case, now: datetime) -> Request:
    """The form prepared on paper and explained by telephone."""
    by = {"by": case.counsellor, "now": now}
    request = prepare_paper(case=case, **by)
    items = [item.code for item in request.asked_items()]
    record_explanation(request=request, at=now, channel="telephone", items=items, **by)
    return request


def right_answers(request: Request) -> dict[str, str]:
    """What is ticked under the two check questions by somebody who understood."""
    questions = request.version.content["understanding"]["questions"]
    return {asked["id"]: asked["right"] for asked in questions}


def returned(request: Request, now: datetime, **but) -> ReturnedPaper:
    """The form come back by post, every item ticked; ``but`` says what is otherwise."""
    values = {
        "came": "posted",
        "signed_on": timezone.localdate(now),
        "disagreed": [],
        "understood": right_answers(request),
        "scan": [SCAN],
    }
    by = {"by": request.case.counsellor, "now": now}
    return receive_paper(request=request, **values | but, **by)
