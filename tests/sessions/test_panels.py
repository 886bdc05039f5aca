"""What sessions shows on a client's page, and in the frame of every page."""

import re

from django.urls import reverse
from django.utils import timezone

from clinic.clients.actions import close_case
from sessions.models import CounsellingSession


def page_of(person, browser) -> str:
    return browser.get(reverse("client", args=[person.pk])).content.decode()


def test_the_page_of_a_client_shows_her_next_session_and_books_another(session, mine):
    (person,) = session.people
    page = page_of(person, mine)
    shown = (f'href="/sessions/{session.pk}/"', f'href="/cases/{session.case_id}/sessions/new/"')
    assert [address in page for address in shown] == [True, True]


def test_where_no_case_of_hers_is_open_nothing_can_be_booked(session, counsellor, mine, now):
    (person,) = session.people
    close_case(case=session.case, reason="示範", by=counsellor, now=now)
    page = page_of(person, mine)
    shown = (f'href="/sessions/{session.pk}/"', "sessions/new/")
    assert [address in page for address in shown] == [True, False]


def test_a_client_without_sessions_says_so(case, mine):
    assert "No session has been booked yet." in page_of(case.people[0], mine)


def crisis_buttons(browser) -> list[bool]:
    """Return whether pages that are about no session lead to a crisis page."""
    pages = [browser.get(address).content.decode() for address in ("/clients/", "/directory/")]
    return ['/crisis/">' in page and "btn-alarm" in page for page in pages]


def test_while_she_holds_a_session_every_page_leads_to_its_crisis_page(running, mine):
    assert crisis_buttons(mine) == [True, True]
    (person,) = running.people
    page = mine.get("/directory/").content.decode()
    button = page[page.index("btn-alarm") :].partition("</a>")[0]
    assert (f"/sessions/{running.pk}/crisis/" in button, person.name in button) == (True, True)


def test_the_page_of_another_session_leads_to_both(running, of_another, mine):
    pages = [mine.get(f"/sessions/{s.pk}/").content.decode() for s in (of_another, running)]
    led = [re.findall(r"btn-alarm\" href=\"/sessions/(\d+)/crisis/", page) for page in pages]
    assert led == [[str(running.pk), str(of_another.pk)], [str(running.pk)]]


def test_a_session_that_nobody_ended_is_not_what_she_does_now(running, mine, days):
    CounsellingSession.objects.filter(pk=running.pk).update(started_at=timezone.now() - days(1))
    assert crisis_buttons(mine) == [False, False]


def test_before_and_after_and_for_others_there_is_no_such_button(ended, mine, stranger, read):
    assert (crisis_buttons(mine), crisis_buttons(read(stranger))) == ([False] * 2, [False] * 2)
