"""A page about a request that is drawn is noted as a read of its case; a button on it is not."""

import pytest

from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.roles import Role
from tests.consent.on_paper import asked_on_paper, returned
from tests.house import make_user


def reads(case) -> int:
    return AuditEntry.objects.about(case).filter(verb="record.open").count()


@pytest.mark.parametrize("button", ["revoke", "resend"])
def test_a_button_of_a_request_is_no_read(button, request_sent, case, counsellor, browse):
    browser, page = browse(counsellor), f"/consent/{request_sent.pk}/"
    browser.get(page)
    before = reads(case)
    browser.post(f"{page}{button}/")
    assert (before, reads(case)) == (1, 1)


def test_a_form_that_was_refused_shows_the_request_again(request_sent, case, counsellor, browse):
    browse(counsellor).post(f"/consent/{request_sent.pk}/explain/")
    assert reads(case) == 1


def test_so_does_a_verdict_that_was_refused(case, forms, counsellor, browse, now):
    paper = returned(asked_on_paper(case, now), now)
    browse(make_user("shuangjiang", Role.ADMIN)).post(f"/papers/{paper.pk}/", {"verdict": ""})
    assert reads(case) == 1


def test_so_does_a_file_of_its_scan(case, forms, counsellor, browse, now):
    paper = returned(asked_on_paper(case, now), now)
    browse(counsellor).get(f"/papers/{paper.pk}/scan/1/")
    assert reads(case) == 1


def test_the_verdict_on_a_paper_form_is_no_read(case, forms, counsellor, browse, now):
    paper = returned(asked_on_paper(case, now), now)
    browser = browse(make_user("shuangjiang", Role.ADMIN))
    browser.get(f"/papers/{paper.pk}/")
    before = reads(case)
    browser.post(f"/papers/{paper.pk}/", {"verdict": "right", "remark": ""})
    assert (before, reads(case)) == (1, 1)
