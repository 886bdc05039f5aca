"""An old signature that was never countersigned, after a newer form was: it takes nothing away."""

import pytest
from django.utils import timezone
from django.utils.translation import override

from clinic.kernel.tasks.todo import todos_for
from consent.actions import countersign, send_request
from consent.models import Request, Validity
from consent.paper.actions import check_paper
from consent.publishing import publish_forms
from consent.requirements import GRACE
from consent.signing import open_request, sign
from consent.standing import standing_in
from tests.consent.conftest import DEVICE, complete
from tests.consent.on_paper import asked_on_paper, returned
from tests.consent.phone import Phone
from tests.consent.test_columns import reword
from tests.consent.test_paper import refused


@pytest.fixture
def newer(signed, case, client_person, counsellor, now):
    """A newer form of the same client, signed and countersigned while the older one waits."""
    request = send_request(case=case, by=counsellor, now=now)
    open_request(request=request, electronic=True, by=client_person, now=now)
    complete(request, client_person, counsellor, now)
    by = {"by": client_person, "now": now}
    sign(request=request, method="typed", name="江小滿", strokes="", device=DEVICE, **by)
    countersign(request=request, by=counsellor, now=now)
    return request


def told(user) -> list[str]:
    with override("en"):
        return [str(todo.title) for todo in todos_for(user, timezone.now())]


def test_countersigning_it_is_refused_and_the_newer_consent_counts_on(
    signed, newer, counsellor, days, now
):
    again = {"request": signed.request, "by": counsellor, "now": now + days(1)}
    assert refused(countersign, **again) == "consent.overtaken"
    counting = Validity.objects.filter(ended_by="").values_list("signature__request", flat=True)
    assert list(counting) == [newer.pk]


def test_neither_today_nor_its_page_asks_for_the_countersignature(
    signed, newer, counsellor, browse
):
    browser, address = browse(counsellor), f"/consent/{signed.request.pk}/"
    browser.cookies["language"] = "en"
    page = browser.get(address).content.decode()
    asked = [f"{address}countersign/" in page, "江小滿 has signed" in told(counsellor)]
    assert (asked, "A newer form of this client was countersigned since." in page) == (
        [False, False],
        True,
    )


def test_its_signer_is_told_of_no_countersignature_that_will_never_come(signed, newer):
    phone = Phone(signed.request).begin()
    assert len(phone.get("done").context["steps"]) == 1


def test_it_waits_again_where_the_newer_one_never_counted(
    signed, case, counsellor, admin, days, now
):
    newer = asked_on_paper(case, now)
    paper = returned(newer, now)
    newer.refresh_from_db()
    countersign(request=newer, by=counsellor, now=now)
    check_paper(paper=paper, right=False, remark="示範", by=admin, now=now)
    assert "江小滿 has signed" in told(counsellor)
    countersign(request=signed.request, by=counsellor, now=now + days(1))
    counting = Validity.objects.filter(ended_by="").values_list("signature__request", flat=True)
    assert list(counting) == [signed.request.pk]


def test_where_a_still_newer_version_is_published_only_what_counts_is_said_to_be_on_old_words(
    signed, newer, case, admin, days, now
):
    reword("另一個說法（示範）")
    publish_forms(by=admin, now=now - GRACE - days(1))
    standing = standing_in([case.pk], now)
    cells = [
        standing.cell(Request.objects.get(pk=pk)).state for pk in (signed.request_id, newer.pk)
    ]
    assert cells == ["fix", "stop"]
