"""Paper beside the link: what came first, what came late, what was said in between."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.clients.actions import close_case
from clinic.kernel.documents.models import Document
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from consent.access import papers_visible_to
from consent.actions import countersign, expire, record_explanation, resend, send_request
from consent.client.progress import signed_at, state_words
from consent.models import Request, Signature, Validity
from consent.models.requests import DOCUMENT
from consent.new_link import ask_new_link
from consent.paper.actions import change_to_paper, check_paper, prepare_paper
from consent.reminders import mail_again, send_copies
from consent.signing import answer, choose_language, open_request, sign, want_paper
from tests.consent.conftest import BORN, DEVICE, agree_to_all, explain, understand
from tests.consent.on_paper import asked_on_paper, returned
from tests.consent.phone import Phone
from tests.consent.test_paper import refused

SIGNS = {"method": "typed", "name": "江小滿", "strokes": "", "device": DEVICE}


@pytest.fixture
def mailed(request_sent, counsellor, now) -> Request:
    """A mailed request that goes on by paper, explained."""
    change_to_paper(request=request_sent, by=counsellor, now=now)
    explain(request_sent, counsellor, now)
    return Request.objects.get()


def test_a_letter_does_not_shorten_the_time_that_paper_has(mailed, counsellor, now):
    until = mailed.expires_at
    later = now + timedelta(days=1)
    resend(request=mailed, by=counsellor, now=later)
    mailed.refresh_from_db()
    assert (mailed.expires_at, until - now) == (until, timedelta(days=60))


def test_a_wish_for_paper_has_as_long_as_paper(opened, client_person, now):
    want_paper(request=opened, by=client_person, now=now)
    assert Request.objects.get().expires_at == now + timedelta(days=60)


def test_who_answers_here_after_all_has_given_up_the_paper(opened, client_person, now):
    want_paper(request=opened, by=client_person, now=now)
    wished = Request.objects.get().on_paper
    agree_to_all(opened, client_person, now)
    assert (wished, Request.objects.get().on_paper) == (True, False)
    assert opened.events.filter(what="goes_on_here").count() == 1


def test_once_the_paper_was_made_either_way_stays_open(mailed, client_person, now):
    open_request(request=mailed, electronic=True, by=client_person, now=now)
    agree_to_all(mailed, client_person, now)
    assert Request.objects.get().on_paper is True


def test_a_form_that_comes_after_its_time_still_counts(mailed, counsellor, now):
    late = now + timedelta(days=61)
    assert expire(request=mailed, by=counsellor, now=late).state == "expired"
    returned(mailed, late, signed_on=timezone.localdate(now))
    request = Request.objects.get()
    assert (request.state, request.ended_at) == ("signed", None)


def test_an_expired_request_is_printed_again(mailed, counsellor, now):
    late = now + timedelta(days=61)
    expire(request=mailed, by=counsellor, now=late)
    assert change_to_paper(request=mailed, by=counsellor, now=late).on_paper is True


def test_a_form_whose_request_was_followed_by_another_is_refused(mailed, case, counsellor, now):
    late = now + timedelta(days=61)
    expire(request=mailed, by=counsellor, now=late)
    prepare_paper(case=case, by=counsellor, now=late)
    code = refused(returned, request=mailed, now=late, signed_on=timezone.localdate(now))
    assert code == "consent.over"


def test_what_was_refused_by_the_link_after_the_paper_was_signed_stands(
    mailed, client_person, counsellor, now
):
    later, day = now + timedelta(days=2), timezone.localdate(now)
    open_request(request=mailed, electronic=True, by=client_person, now=later)
    item = mailed.asked_items().get(code="A6")
    answer(request=mailed, item=item, choice="disagree", by=client_person, now=later)
    assert refused(returned, request=mailed, now=later, signed_on=day) == "consent.refused_since"
    talked = later + timedelta(hours=1)
    values = {"at": talked, "channel": "telephone", "items": ["A6"]}
    record_explanation(request=mailed, **values, by=counsellor, now=talked)
    returned(mailed, talked, signed_on=timezone.localdate(talked))
    changed = mailed.events.filter(what="answered").order_by("-number").first()
    assert changed.details == {"item": "A6", "choice": "agree"}


def test_a_day_before_anybody_explained_it_is_refused(request_sent, counsellor, now):
    change_to_paper(request=request_sent, by=counsellor, now=now)
    later = now + timedelta(days=3)
    explain(request_sent, counsellor, later)
    day = timezone.localdate(now)
    assert refused(returned, request=request_sent, now=later, signed_on=day) == "consent.day"


def test_nothing_comes_back_that_was_never_printed(request_sent, counsellor, now):
    explain(request_sent, counsellor, now)
    assert refused(returned, request=request_sent, now=now) == "consent.day"


def test_a_closed_case_takes_no_paper_and_no_countersignature(mailed, case, counsellor, now):
    paper = returned(mailed, now)
    close_case(case=case, reason="結束", by=counsellor, now=now)
    code = refused(countersign, request=paper.request, by=counsellor, now=now)
    assert (code, Validity.objects.count()) == ("consent.case_closed", 0)


def test_the_language_is_that_of_the_printed_form(mailed, client_person, now):
    code = refused(choose_language, request=mailed, language="en", by=client_person, now=now)
    assert (code, Request.objects.get().language) == ("consent.printed", "zh-hant")


def test_a_form_is_printed_in_the_language_of_the_clients_letters(case, forms, client_person, now):
    client_person.letter_language = "en"
    client_person.save(update_fields=["letter_language"])
    assert asked_on_paper(case, now).language == "en"


def test_who_signed_on_paper_need_not_sign_again(mailed, client_person, now):
    returned(mailed, now)
    code = refused(sign, request=mailed, **SIGNS, by=client_person, now=now)
    assert (code, Signature.objects.get().method) == ("consent.on_paper", "paper")


def test_a_form_with_an_item_not_ticked_is_nobodys_to_compare(mailed, admin, now):
    paper = returned(mailed, now, disagreed=["A6"])
    assert list(papers_visible_to(admin)) == []
    for right in (True, False):
        code = refused(check_paper, paper=paper, right=right, remark="x", by=admin, now=now)
        assert code == "consent.checked"


def test_the_evidence_holds_what_the_certificate_says(mailed, counsellor, now):
    returned(mailed, now, came="brought")
    said = json.loads(Signature.objects.get().evidence)["signature"]
    form = Document.objects.get()
    assert (said["came"], said["entered_by"]) == ("brought", counsellor.name)
    assert said["form"] == {"code": form.code, "sha256": form.sha256}
    assert set(said["understood"]) == {"Q-disconnection", "Q-emergency"}
    assert mailed.events.filter(what="checked").count() == 2


@pytest.fixture
def electronic(ready, client_person, counsellor, now) -> Validity:
    """A consent in force, signed by the link."""
    signature = sign(request=ready, **SIGNS, by=client_person, now=now)
    countersign(request=signature.request, by=counsellor, now=now)
    return Validity.objects.get()


def test_a_form_found_wrong_ends_nothing_that_counted(electronic, case, counsellor, admin, now):
    later = now + timedelta(days=1)
    paper = returned(asked_on_paper(case, later), later)
    countersign(request=paper.request, by=counsellor, now=later)
    electronic.refresh_from_db()
    assert electronic.ended_by == "replaced"
    check_paper(paper=paper, right=False, remark="另一個人簽的", by=admin, now=later)
    electronic.refresh_from_db()
    assert (electronic.ended_by, electronic.in_force.upper) == ("", None)
    wrong = Validity.objects.exclude(pk=electronic.pk).get()
    assert (wrong.ended_by, wrong.in_force.isempty) == ("invalidated", True)


def test_a_replaced_form_found_wrong_never_counted_either(
    mailed, case, client_person, counsellor, admin, now
):
    paper = returned(mailed, now)
    countersign(request=paper.request, by=counsellor, now=now)
    later = now + timedelta(days=1)
    second = send_request(case=case, by=counsellor, now=later)
    open_request(request=second, electronic=True, by=client_person, now=later)
    agree_to_all(second, client_person, later)
    understand(second, client_person, later)
    explain(second, counsellor, later)
    second.refresh_from_db()
    signature = sign(request=second, **SIGNS, by=client_person, now=later)
    countersign(request=signature.request, by=counsellor, now=later)
    check_paper(paper=paper, right=False, remark="少一頁", by=admin, now=later)
    ends = {v.signature.method: v.ended_by for v in Validity.objects.select_related("signature")}
    assert ends == {"paper": "invalidated", "typed": ""}


def test_after_a_refused_form_the_client_reads_that_another_is_needed(
    mailed, counsellor, admin, now
):
    paper = returned(mailed, now)
    check_paper(paper=paper, right=False, remark="少一頁", by=admin, now=now)
    request = Request.objects.get()
    assert signed_at(request) is None
    assert state_words(request) != state_words(Request(state="answering"))


@pytest.mark.parametrize("changes", [{"email": ""}, {"never_mail": True}])
def test_the_psychologist_hands_the_copy_over_where_nobody_is_mailed(
    changes, case, forms, client_person, counsellor, admin, now
):
    for name, value in changes.items():
        setattr(client_person, name, value)
    client_person.save(update_fields=[*changes])
    paper = returned(asked_on_paper(case, now), now)
    countersign(request=paper.request, by=counsellor, now=now)
    check_paper(paper=paper, right=True, by=admin, now=now)
    sealed = Document.objects.filter(kind=DOCUMENT)
    sealed.update(state="sealed", sha256="0" * 64, file=paper.pages.get().file, made_at=now)
    for _twice in range(2):
        send_copies(now)
    kinds = list(
        Outbox.objects.filter(occasion=paper.request.occasion).values_list("kind", flat=True)
    )
    assert kinds == ["consent_for_psychologist"]


def test_a_new_link_for_somebody_on_paper_leaves_the_form_its_time(mailed, now):
    link = Link.objects.get(subject=mailed.occasion)
    ask_new_link(link=link, now=now + timedelta(minutes=20))
    mailed.refresh_from_db()
    assert mailed.expires_at == now + timedelta(days=60)


def test_who_fetches_the_copy_of_a_paper_form_gives_her_birth_date_alone(
    case, forms, counsellor, admin, now
):
    request = asked_on_paper(case, now)
    paper = returned(request, now)
    request.refresh_from_db()
    countersign(request=request, by=counsellor, now=now)
    check_paper(paper=paper, right=True, by=admin, now=now)
    mail_again(request=request, kind="signed_copy", by=counsellor, now=now)
    phone = Phone(request)
    phone.open()
    page = phone.get("start")
    assert ([*page.context["form"].fields], b'name="electronic"' in page.content) == (
        ["birth_date"],
        False,
    )
    assert phone.post("start", birth_date=str(BORN)).url == phone.address("done")
