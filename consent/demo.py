"""The demo's consent forms: published, and a request in every state that the cast shows."""

from datetime import datetime, timedelta

from django.utils import timezone

from clinic.accounts.models import User
from clinic.cases.models import Case
from clinic.demo.parts import demo_part
from consent import actions, signing
from consent.models import Request
from consent.paper.actions import change_to_paper, receive_paper
from consent.paper.specimen import specimen
from consent.publishing import publish_forms, save_particulars

PARTICULARS = {
    "session_minutes": ("50", "50"),
    "fee": ("2,000", "2,000"),
    "fee_basis": ("示範市訂定的收費標準（虛構）", "the demo city's fee standard (fictional)"),
    "payment_ways": ("轉帳或現金", "bank transfer or cash"),
    "cancel_hours": ("24", "24"),
    "late_cancel_fee": ("1,000", "1,000"),
    "no_show_fee": ("2,000", "2,000"),
    "late_minutes": ("15", "15"),
    "absence_limit": ("3", "3"),
    "notice_sessions": ("2", "2"),
    "supervisor_note": ("沈立春督導，每週一次", "supervised weekly by 沈立春"),
    "retention_years": ("10", "10"),
    "complaint_contact": ("石立夏，0000-000-001", "石立夏, 0000-000-001"),
    "contact_hours": ("週一至週五 09:00–21:00", "Monday to Friday 09:00–21:00"),
    "breach_contact": ("石立夏，0000-000-001", "石立夏, 0000-000-001"),
    "data_contact": ("石立夏", "石立夏"),
    "purpose_list": ("提供心理諮商服務（示範）", "providing counselling (demo)"),
    "data_regions": ("臺灣", "Taiwan"),
    "processors": ("示範主機商（虛構）", "Demo Hosting (fictional)"),
    "rights_channel": ("打電話或寫信給石立夏", "call or write to 石立夏"),
    "copy_fee": ("每頁 5 元", "NT$5 a page"),
}
LONG_AGO = 30  # days; complete ones are older than the first session
DEVICE = {"ip": "192.0.2.7", "agent": "Demo", "link": 0}


@demo_part
def consent_requests(members: dict[str, User], now: datetime) -> None:
    """Publish, then send and answer as the cast's people would."""
    admin = members["lixia"]
    save_particulars(values=PARTICULARS, by=admin, now=now - timedelta(days=LONG_AGO + 1))
    publish_forms(by=admin, now=now - timedelta(days=LONG_AGO + 1))
    for name, story in STORIES.items():
        case = Case.objects.open().found_by(name).first()
        sent_at = now - timedelta(days=LONG_AGO if story is complete else 3)
        sent = actions.send_request(case=case, by=case.counsellor, now=sent_at)
        story(sent, sent_at + timedelta(days=1))


def unopened(request: Request, now: datetime) -> None:
    """Nothing happened yet."""


def half_way(request: Request, now: datetime) -> None:
    """Opened, and a few items answered."""
    by = request.signer
    signing.open_request(request=request, electronic=True, by=by, now=now)
    for item in request.asked_items()[:4]:
        signing.answer(request=request, item=item, choice="agree", by=by, now=now)


def asking(request: Request, now: datetime) -> None:
    """A question waits for the psychologist."""
    half_way(request, now)
    item = request.asked_items().get(code="A6")
    text = "線路不穩的時候，可以由我先提出停止嗎？"
    signing.answer(request=request, item=item, choice="ask", text=text, by=request.signer, now=now)


def paper(request: Request, now: datetime) -> None:
    """Wanted paper, sent it back signed; an administrator has still to compare it."""
    counsellor = {"by": request.case.counsellor, "now": now}
    signing.want_paper(request=request, by=request.signer, now=now)
    change_to_paper(request=request, **counsellor)
    explain(request, "telephone", now)
    questions = request.version.content["understanding"]["questions"]
    receive_paper(
        request=request,
        came="posted",
        signed_on=timezone.localdate(now),
        disagreed=[],
        understood={asked["id"]: asked["right"] for asked in questions},
        scan=[specimen()],
        **counsellor,
    )
    actions.countersign(request=request, **counsellor)


def explain(request: Request, channel: str, now: datetime) -> None:
    """The psychologist goes through every item."""
    actions.record_explanation(
        request=request,
        at=now,
        channel=channel,
        items=[item.code for item in request.asked_items()],
        by=request.case.counsellor,
        now=now,
    )


def signed(request: Request, now: datetime) -> None:
    """Everything agreed to, explained and signed; waits for the countersignature."""
    by = request.signer
    signing.open_request(request=request, electronic=True, by=by, now=now)
    for item in request.asked_items():
        signing.answer(request=request, item=item, choice="agree", by=by, now=now)
    for asked in request.version.content["understanding"]["questions"]:
        signing.check_understanding(
            request=request, question=asked["id"], choice=asked["right"], by=by, now=now
        )
    explain(request, "video", now)
    signing.sign(
        request=request,
        method="typed",
        name=by.name,
        strokes="",
        device=DEVICE,
        by=by,
        now=now,
    )


def complete(request: Request, now: datetime) -> None:
    """Countersigned as well; the worker seals the document."""
    signed(request, now)
    request.refresh_from_db()
    actions.countersign(request=request, by=request.case.counsellor, now=now + timedelta(hours=1))


STORIES = {
    "江小滿": complete,
    "何處暑": paper,
    "鄭白露": half_way,
    "許秋分": complete,
    "方霜降": unopened,
    "宋立冬": asking,
    "高雨水": signed,
    "游寒堃": complete,
    "賴小寒": unopened,
}
