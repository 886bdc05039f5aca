"""Who is under 18 is not asked to sign alone, and what she signed does not count later either."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from clinic.cases.access import people_visible_to, with_cases
from clinic.errors import Refused
from clinic.kernel.columns import Cell
from clinic.kernel.readiness import Met, Missing, ParticipantPlan, Planned
from clinic.kernel.tasks.todo import todos_for
from consent.actions import countersign, resend, revoke, send_request
from consent.client.progress import coming
from consent.columns import by_consent, consent_of
from consent.longer import give_longer
from consent.models import Request, Signature
from consent.of_age import signed_of_age
from consent.paper.actions import change_to_paper, prepare_paper
from consent.requirements import in_force, load
from consent.signing import sign
from tests.consent.conftest import DEVICE
from tests.consent.on_paper import asked_on_paper, returned
from tests.consent.test_evidence import counted


def born(person, eighteen: date) -> None:
    """She becomes 18 on this day, so the file says since it was corrected."""
    person.birth_date = eighteen.replace(year=eighteen.year - 18)
    person.save(update_fields=["birth_date"])


def planned(client, case: int, start) -> Planned:
    return Planned(
        session_id=1,
        case_id=case,
        modality="individual",
        channel="video",
        start=start,
        room_id=None,
        counsellor_id=1,
        counsellor_kind="counselling",
        participants=(ParticipantPlan(client.pk, "client", client.birth_date),),
    )


@pytest.fixture
def today(now) -> date:
    return timezone.localdate(now)


@pytest.fixture
def minor(client_person, today):
    born(client_person, today + timedelta(days=1))
    return client_person


def refused(verb, **kwargs) -> tuple[str, str | None]:
    with pytest.raises(Refused) as caught:
        verb(**kwargs)
    return caught.value.code, caught.value.field


@pytest.mark.parametrize(("days_ago", "counts"), [(-1, False), (0, True), (1, True)])
def test_a_signature_counts_that_was_given_from_the_18th_birthday_on(
    signed, client_person, counsellor, now, today, days_ago, counts
):
    countersign(request=signed.request, by=counsellor, now=now)
    born(client_person, today - timedelta(days=days_ago))
    later = now + timedelta(days=30)
    asked = planned(client_person, signed.request.case_id, later)
    no = Missing(
        "the client signed while under 18, which does not count",
        "Ask for it to be signed again, from the 18th birthday on.",
    )
    with override("en"):
        answer = in_force(asked, load([asked], later)[asked], later)
        assert answer == (Met() if counts else no)
    assert counted() == ([signed] if counts else [])


def test_on_paper_the_day_counts_that_she_wrote(case, forms, client_person, now, today):
    paper = returned(asked_on_paper(case, now), now + timedelta(days=9), signed_on=today)
    found = []
    for eighteen in (today, today + timedelta(days=1)):
        born(client_person, eighteen)
        found.append(list(Signature.objects.filter(signed_of_age())) == [paper.request.signature])
        assert Signature.objects.get().is_under_age != found[-1]
    assert found == [True, False]


def test_the_database_counts_years_of_a_leap_day_as_the_rest_does(case, forms, client_person, now):
    client_person.birth_date = date(2008, 2, 29)  # 18 on the first of March
    client_person.save(update_fields=["birth_date"])
    paper = returned(asked_on_paper(case, now), now)
    counts = []
    for day in (date(2026, 2, 28), date(2026, 3, 1)):
        type(paper).objects.update(signed_on=day)
        counts.append(Signature.objects.filter(signed_of_age()).exists())
        assert Signature.objects.get().is_under_age != counts[-1]
    assert counts == [False, True]


def test_the_list_of_clients_says_that_it_does_not_count(
    signed, client_person, counsellor, now, today, settings
):
    settings.LANGUAGE_CODE = "en"
    countersign(request=signed.request, by=counsellor, now=now)
    born(client_person, today + timedelta(days=1))
    people = people_visible_to(counsellor)
    column = consent_of(list(with_cases(people, counsellor)), counsellor, now)
    url = f"/consent/{signed.request_id}/"
    assert column.cells == {client_person.pk: Cell("stop", "signed under 18, does not count", url)}
    sifted = [[*by_consent(people, counsellor, one, now)] for one in ("counts", "missing")]
    assert sifted == [[], [client_person]]


def asked_of(user, now) -> list[tuple[str, str, str]]:
    with override("en"):
        found = [t for t in todos_for(user, now) if t.action_url.startswith("/consent/")]
        return [(t.state, str(t.title), str(t.action_label)) for t in found]


AGAIN = ("江小滿 signed while under 18 and has to sign again", "Look")


def test_what_a_minor_signed_is_not_countersigned(signed, minor, counsellor, now):
    request = signed.request
    assert refused(countersign, request=request, by=counsellor, now=now) == ("consent.minor", None)
    request.refresh_from_db()
    assert (request.state, asked_of(counsellor, now)) == ("signed", [("info", *AGAIN)])
    born(minor, timezone.localdate(signed.signed_at))
    assert asked_of(counsellor, now) == [("fix", "江小滿 has signed", "Countersign")]
    countersign(request=request, by=counsellor, now=now)


def test_its_page_says_so_and_offers_no_countersignature(signed, minor, counsellor, browse):
    browser, address = browse(counsellor), f"/consent/{signed.request_id}/"
    browser.cookies["language"] = "en"
    page = browser.get(address).content.decode()
    said = "The client signed while under 18, which does not count (Civil Code §79). "
    said += "Ask for it to be signed again, from the 18th birthday on."
    assert [said in page, f"{address}countersign/" in page] == [True, False]
    with override("en"):
        request = Request.objects.get(pk=signed.request_id)
        assert coming(request, None) == [("next", "guyu will contact you", "")]


def test_once_she_was_asked_anew_the_new_form_alone_is_a_to_do(
    signed, client_person, case, counsellor, today, now, days
):
    born(client_person, today + timedelta(days=1))
    case.refresh_from_db()
    anew = send_request(case=case, by=counsellor, now=now + days(1))
    assert asked_of(counsellor, now + days(1)) == []
    revoke(request=anew, by=counsellor, now=now + days(1))
    assert asked_of(counsellor, now + days(1)) == [("stop", *AGAIN)]


@pytest.mark.parametrize("verb", [send_request, prepare_paper])
def test_no_minor_is_asked_to_sign(case, forms, minor, counsellor, now, verb):
    case.refresh_from_db()
    told = refused(verb, case=case, by=counsellor, now=now)
    assert (told, case.consent_requests.count()) == (("consent.minor", None), 0)


@pytest.mark.parametrize("verb", [resend, give_longer, change_to_paper])
def test_nor_is_who_was_asked_before_her_birth_date_was_corrected(
    request_sent, minor, counsellor, now, verb
):
    before = request_sent.events.count()
    request_sent.refresh_from_db()
    told = refused(verb, request=request_sent, by=counsellor, now=now)
    assert (told, request_sent.events.count()) == (("consent.minor", None), before)


def test_a_minor_does_not_sign_and_keeps_her_answers(ready, minor, now):
    answers = ready.answers.count()
    typed = {"method": "typed", "name": "江小滿", "strokes": "", "device": DEVICE}
    told = refused(sign, request=ready, **typed, by=minor, now=now)
    assert (told, ready.answers.count()) == (("consent.minor", None), answers)
    sign(request=ready, **typed, by=minor, now=now + timedelta(days=1))
    assert Signature.objects.filter(signed_of_age()).count() == 1


def test_a_paper_that_a_minor_signed_is_not_entered(case, forms, client_person, now, today):
    request = asked_on_paper(case, now)
    born(client_person, today + timedelta(days=2))
    request.refresh_from_db()
    later = now + timedelta(days=5)
    told = refused(returned, request=request, now=later, signed_on=today + timedelta(days=1))
    assert told == ("consent.day", "signed_on")
    assert returned(request, later, signed_on=today + timedelta(days=2)).request_id == request.pk
