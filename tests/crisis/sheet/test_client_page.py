"""Crisis mode outside a session: a client calls at any hour, or somebody whom nobody knows."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.cases.models import Case
from clinic.clients.actions import close_case, open_case, register_client
from clinic.kernel.audit.history import entries_about
from sessions.models import CounsellingSession
from tests.crisis.sheet.pages import LOGIN, calls, page_queries, words

START = "/crisis/"


@pytest.fixture
def url(person):
    return reverse("client_crisis", args=[person.pk])


@pytest.fixture
def later(session, now):
    """``later(hours=2)`` moves the session: it begins then, seen from now."""

    def moved(**after):
        start = now + timedelta(**after)
        CounsellingSession.objects.filter(pk=session.pk).update(
            during=(start, start + timedelta(minutes=50))
        )

    return moved


def named(page) -> list[str]:
    """Return whose crisis pages a page leads to."""
    return re.findall(r'href="/clients/\d+/crisis/"><span><strong>([^<]+)', page.content.decode())


def test_a_client_who_calls_has_her_usual_place_her_numbers_and_her_contacts(
    browse, counsellor, url, case, profile
):
    page = browse(counsellor).get(url)
    said = words(page)
    for text in ("Usual place of the client", "示範路 1 號, Wenshan", "江立秋", "文山醫院"):
        assert text in said
    assert calls(page)[:5] == ["0000000011", "0000000021", "119", "110", "1925"]
    assert "Not confirmed for today: ask." in said


def test_where_she_was_to_be_in_todays_session_comes_first_and_is_asked_again(
    browse, counsellor, url, profile, session, today, later
):
    later(hours=0)
    today(country="TW", town_id="65000060", street="示範路 9 號")
    page = browse(counsellor).get(url)
    said = words(page)
    assert ("示範路 9 號, Xindian" in said, "示範路 1 號" in said) == (True, False)
    assert "Told for a session: ask whether it still holds." in said


def test_where_she_will_be_another_day_is_not_where_she_is(
    browse, counsellor, url, profile, session, today, later
):
    later(days=2)
    today(country="TW", town_id="65000060", street="示範路 9 號")
    said = words(browse(counsellor).get(url))
    assert ("示範路 9 號" in said, "示範路 1 號" in said) == (False, True)


def test_what_another_counsellor_was_told_today_stays_with_her(
    browse, counsellor, stranger, url, profile, session, today, later
):
    later(hours=0)
    today(country="TW", town_id="65000060", street="示範路 9 號")
    hers = Case.objects.create(
        modality="individual", counsellor=stranger, opened_at=session.booked_at
    )
    CounsellingSession.objects.filter(pk=session.pk).update(case=hers)
    said = words(browse(counsellor).get(url))
    assert ("示範路 9 號" in said, "示範路 1 號" in said) == (False, True)


def test_who_must_not_be_contacted_never_appears(browse, counsellor, url, case, profile, told):
    told(name="江大暑", phones="0000-000-066", do_not_contact=True)
    page = browse(counsellor).get(url).content.decode()
    assert ("江立秋" in page, "江大暑" in page, "0000-000-066" in page) == (True, False, False)


@pytest.mark.parametrize("reader", ["stranger", "admin", "intern"])
def test_a_stranger_finds_nothing(browse, request, url, case, profile, reader, person):
    page = browse(request.getfixturevalue(reader)).get(url)
    body = page.content.decode()
    found = [text for text in (person.name, "江立秋", "示範路", "0000-000-0") if text in body]
    assert (page.status_code, found) == (404, [])


def test_one_question_is_asked_and_the_opening_noted_afterwards(
    browse, counsellor, url, case, profile, person
):
    assert len(page_queries(browse(counsellor), url)) == LOGIN + 1
    entry = entries_about(person).latest("id")
    assert (entry.verb, entry.actor) == ("record.open", counsellor.actor_label)


def test_the_way_back_leads_to_the_client(browse, counsellor, url, case, profile, person):
    page = browse(counsellor).get(url).content.decode()
    assert re.findall(r'<a class="btn btn-s" href="([^"]+)">', page) == [f"/clients/{person.pk}/"]


def test_the_pages_of_client_and_case_lead_to_it(browse, counsellor, url, case, person):
    browser = browse(counsellor)
    pages = [
        browser.get(f"/{page}/").content.decode()
        for page in (f"clients/{person.pk}", f"cases/{case.pk}")
    ]
    assert [f'href="{url}"' in page for page in pages] == [True, True]


def test_without_a_client_it_asks_whom_it_is_about(browse, counsellor, case, person, clinic):
    page = browse(counsellor).get(START)
    said = words(page)
    assert (named(page), calls(page)) == ([person.name], ["119", "110", "1925"])
    for text in ("Whom is it about?", "First, in every situation", "[address not known: ask now]"):
        assert text in said
    assert re.findall(r"\{\w+\}", page.content.decode()) == []


def test_who_has_a_session_today_stands_first(
    browse, counsellor, case, person, session, later, now
):
    other = register_client(
        values={"name": "一一", "sex": "female", "birth_date": person.birth_date},
        another=False,
        by=counsellor,
        now=now,
    )
    open_case(person=other, by=counsellor, now=now)
    browser = browse(counsellor)
    assert named(browser.get(START)) == ["一一", person.name]
    later(hours=0)
    page = browser.get(START)
    assert named(page) == [person.name, "一一"]
    assert words(page).count("session today") == 1


def test_a_client_of_a_closed_case_is_found_by_her_name(browse, counsellor, case, person, now):
    close_case(case=case, reason="示範", by=counsellor, now=now)
    browser = browse(counsellor)
    found = [named(browser.get(START, {"q": text})) for text in ("", person.name[:1], "沒有這個人")]
    assert found == [[], [person.name], []]


def test_another_psychologists_clients_are_not_offered(browse, stranger, case, person):
    browser = browse(stranger)
    assert [named(browser.get(START, {"q": text})) for text in ("", person.name)] == [[], []]


def test_an_administrator_without_clients_has_the_numbers_and_the_steps(browse, admin, clinic):
    page = browse(admin).get(START)
    assert ("Whom is it about?" in words(page), calls(page)) == (False, ["119", "110", "1925"])


def test_more_clients_ask_no_more_and_the_page_says_that_there_are_more(
    browse, counsellor, case, person, now, monkeypatch
):
    monkeypatch.setattr("crisis.sheet.choosing.MOST", 0)
    browser = browse(counsellor)
    assert "There are more: search by name." in words(browser.get(START))


def test_choosing_asks_one_question_more(
    browse, counsellor, case, session, django_assert_num_queries
):
    browser = browse(counsellor)
    with django_assert_num_queries(LOGIN + 2):
        browser.get(START)


@pytest.mark.parametrize("state", ["cancelled", "not_attended"])
def test_where_she_was_to_be_in_a_session_that_did_not_take_place_is_not_where_she_is(
    browse, counsellor, url, profile, session, today, later, state
):
    later(hours=0)
    today(country="TW", town_id="65000060", street="示範路 9 號")
    side = "client" if state == "cancelled" else ""
    CounsellingSession.objects.filter(pk=session.pk).update(state=state, cancelled_side=side)
    said = words(browse(counsellor).get(url))
    assert ("示範路 9 號" in said, "示範路 1 號" in said) == (False, True)
