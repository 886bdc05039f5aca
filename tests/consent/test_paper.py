"""The paper path: of the same rank as the link, compared by a second person (G4.2)."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.errors import Refused
from clinic.kernel.documents.models import Document
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.roles import Role
from clinic.kernel.tasks.todo import todos_for
from consent.access import papers_to_compare
from consent.actions import countersign, expire, revoke, send_request
from consent.models import Request, ReturnedPaper, Signature, Validity
from consent.models.requests import DOCUMENT, PAPER_FORM
from consent.paper.actions import change_to_paper, check_paper, prepare_paper
from consent.reminders import remind
from consent.signing import sign
from tests.consent.conftest import DEVICE
from tests.consent.on_paper import SCAN, asked_on_paper, returned, right_answers
from tests.house import make_user


@pytest.fixture
def asked(case, forms, now) -> Request:
    return asked_on_paper(case, now)


@pytest.fixture
def paper(asked, now) -> ReturnedPaper:
    return returned(asked, now)


@pytest.fixture
def countersigned(paper, counsellor, now) -> ReturnedPaper:
    countersign(request=paper.request, by=counsellor, now=now)
    paper.refresh_from_db()
    return paper


def refused(action, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        action(**kwargs)
    return caught.value.code


def kinds() -> list[str]:
    return sorted(Document.objects.values_list("kind", flat=True))


def test_a_client_without_mail_is_asked_on_paper(case, forms, client_person, counsellor, now):
    client_person.email = ""
    client_person.save(update_fields=["email"])
    by = {"by": counsellor, "now": now}
    assert refused(send_request, case=case, **by) == "consent.no_mail"
    request = prepare_paper(case=case, **by)
    assert (request.on_paper, kinds()) == (True, [PAPER_FORM])
    assert Outbox.objects.filter(recipient=client_person.actor_label).count() == 0


def test_a_mailed_request_goes_on_by_paper_and_its_link_stays_good(request_sent, counsellor, now):
    until = request_sent.expires_at
    for _twice in range(2):
        change_to_paper(request=request_sent, by=counsellor, now=now)
    request_sent.refresh_from_db()
    assert (request_sent.on_paper, request_sent.expires_at > until) == (True, True)
    assert kinds() == [PAPER_FORM]
    later = now + timedelta(days=20)
    assert expire(request=request_sent, by=counsellor, now=later).state == "sent"


def test_nobody_is_reminded_of_a_link_who_signs_on_paper(request_sent, counsellor, now):
    change_to_paper(request=request_sent, by=counsellor, now=now)
    remind(now + timedelta(days=2, hours=1))
    assert Outbox.objects.filter(kind__startswith="consent_reminder").count() == 0


def test_what_came_back_is_a_signature_with_the_fingerprint_of_its_scan(paper):
    signature = Signature.objects.get()
    evidence = json.loads(signature.evidence)["signature"]
    assert (signature.method, signature.rung) == ("paper", "paper")
    assert evidence["scan"] == [page.file.sha256 for page in paper.pages.all()]
    assert evidence["signed_on"] == str(paper.signed_on)
    assert Request.objects.get().state == "signed"
    assert {a.choice for a in Request.objects.get().answers.all()} == {"agree"}


def test_signed_at_the_clinic_is_its_own_method_of_knowing_who(asked, now):
    returned(asked, now, came="at_clinic")
    assert Signature.objects.get().rung == "in_person"


def test_an_item_that_is_not_ticked_ends_the_request_as_declined(asked, counsellor, now):
    returned(asked, now, disagreed=["A6"])
    request = Request.objects.get()
    assert (request.state, "A6" in request.ended_reason) == ("declined", True)
    assert Signature.objects.count() == 0
    assert [todo.state for todo in todos_for(counsellor, now) if "江小滿" in todo.title] == ["fix"]


def test_it_is_not_entered_before_somebody_explained_the_form(case, forms, counsellor, now):
    request = prepare_paper(case=case, by=counsellor, now=now)
    code = refused(returned, request=request, now=now)
    assert (code, ReturnedPaper.objects.count()) == ("consent.day", 0)


@pytest.mark.parametrize("days", [1, -1])
def test_a_day_before_the_form_or_after_today_is_refused(asked, days, now):
    day = timezone.localdate(now) + timedelta(days=days)
    assert refused(returned, request=asked, now=now, signed_on=day) == "consent.day"


def test_a_wrong_answer_to_a_check_question_has_to_be_explained_again(asked, now):
    answers = right_answers(asked) | {"Q-emergency": "no such"}
    code = refused(returned, request=asked, now=now, understood=answers)
    assert (code, ReturnedPaper.objects.count()) == ("consent.not_understood", 0)


def test_a_form_is_entered_once(asked, now):
    returned(asked, now)
    assert refused(returned, request=asked, now=now) == "consent.over"


def test_only_the_psychologist_of_the_case_enters_it(asked, stranger, now):
    asked.case.counsellor = stranger
    assert refused(returned, request=asked, now=now) == "access.not_allowed"


def test_a_signer_cannot_say_on_her_phone_that_she_signed_on_paper(ready, client_person, now):
    code = refused(
        sign,
        request=ready,
        method="paper",
        name="江小滿",
        strokes="",
        device=DEVICE,
        by=client_person,
        now=now,
    )
    assert (code, Signature.objects.count()) == ("consent.method", 0)


def test_it_counts_from_the_countersignature_and_its_document_waits_for_the_check(countersigned):
    assert Validity.objects.get().ended_by == ""
    assert kinds() == [PAPER_FORM]


def test_compared_and_right_the_document_is_made(countersigned, admin, now):
    done = check_paper(paper=countersigned, right=True, by=admin, now=now)
    assert (done.found_right, done.checked_by, done.single_handed) == (True, admin, False)
    assert kinds() == [DOCUMENT, PAPER_FORM]


def test_compared_before_the_countersignature_the_document_follows_that(
    paper, admin, counsellor, now
):
    check_paper(paper=paper, right=True, by=admin, now=now)
    assert kinds() == [PAPER_FORM]
    countersign(request=paper.request, by=counsellor, now=now)
    assert kinds() == [DOCUMENT, PAPER_FORM]


def test_compared_and_wrong_it_never_counted_and_a_new_form_is_possible(
    countersigned, case, admin, counsellor, now
):
    later = now + timedelta(hours=1)
    assert refused(
        check_paper, paper=countersigned, right=False, remark=" ", by=admin, now=later
    ) == ("consent.remark")
    check_paper(paper=countersigned, right=False, remark="第三頁不見了", by=admin, now=later)
    request = Request.objects.get()
    assert (request.state, request.ended_reason) == ("paper_refused", "第三頁不見了")
    assert (Validity.objects.get().ended_by, kinds()) == ("invalidated", [PAPER_FORM])
    told = Outbox.objects.filter(kind="consent_for_psychologist")
    assert told.count() == 1
    assert prepare_paper(case=case, by=counsellor, now=later).state == "sent"


def test_it_is_compared_once(paper, admin, now):
    check_paper(paper=paper, right=True, by=admin, now=now)
    code = refused(check_paper, paper=paper, right=False, remark="x", by=admin, now=now)
    assert code == "consent.checked"


def test_a_compared_form_cannot_be_taken_back_as_a_request(countersigned, counsellor, now):
    code = refused(revoke, request=countersigned.request, by=counsellor, now=now)
    assert code == "consent.move"


def test_who_entered_it_does_not_compare_it_while_there_is_another(asked, counsellor, admin, now):
    counsellor.roles = [Role.COUNSELLOR, Role.ADMIN]
    counsellor.save(update_fields=["roles"])
    paper = returned(asked, now)
    code = refused(check_paper, paper=paper, right=True, by=counsellor, now=now)
    assert code == "consent.same_person"
    assert (list(papers_to_compare(counsellor)), list(papers_to_compare(admin))) == ([], [paper])


def test_the_only_administrator_compares_her_own_and_the_record_says_so(
    asked, counsellor, admin, now
):
    counsellor.roles = [Role.COUNSELLOR, Role.ADMIN]
    counsellor.save(update_fields=["roles"])
    admin.is_active = False
    admin.save(update_fields=["is_active"])
    paper = returned(asked, now)
    assert list(papers_to_compare(counsellor)) == [paper]
    assert check_paper(paper=paper, right=True, by=counsellor, now=now).single_handed is True


def test_the_database_refuses_one_person_for_both_unless_it_is_said(paper, counsellor, now):
    paper.checked_by, paper.checked_at, paper.found_right = counsellor, now, True
    with pytest.raises(IntegrityError, match="paper_checked_by_another"), transaction.atomic():
        paper.save()


def test_a_psychologist_does_not_compare(paper, stranger, now):
    assert (
        refused(check_paper, paper=paper, right=True, by=stranger, now=now) == "access.not_allowed"
    )
    assert list(papers_to_compare(stranger)) == []


def test_administrators_have_it_among_their_todos_until_it_is_done(paper, admin, now):
    another = make_user("dashu", Role.ADMIN)
    address = f"/papers/{paper.pk}/"
    asked = [[t.action_url for t in todos_for(who, now)].count(address) for who in (admin, another)]
    check_paper(paper=paper, right=True, by=admin, now=now)
    left = [t.action_url for t in todos_for(another, now)].count(address)
    assert (asked, left) == ([1, 1], 0)


def test_the_scan_is_kept_as_it_was(paper):
    assert [page.file.size for page in paper.pages.select_related("file")] == [len(SCAN.data)]
