"""A person who told the client of the clinic's corrected address says so, and the to-do is done."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.models import AuditEntry
from clinic.organisation.actions import save_premises
from clinic.organisation.models import Premises
from sessions.corrected import told_by_person
from tests.sessions.post import deliver
from tests.sessions.test_corrected_address import IN_PERSON, LATER, MINUTE, todos
from tests.sessions.test_mails import SOON, START, be, book_at, cancel_at
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
SAID = ("The clinic's address was corrected", "The client has been told")


@pytest.fixture
def untold(case, room, counsellor, premises, admin, mailbox):
    """A session whose client has no mail address and was told the old address."""
    be(case.people[0], email="")
    session = book_at(case, room, counsellor, START, **IN_PERSON)
    deliver(SOON)
    save_premises(premises=premises, values={"street": "示範路 21 號"}, by=admin, now=LATER)
    return session


def address() -> str:
    return Premises.objects.get().full_address


def told(session, by, where="", now=LATER + MINUTE):
    return told_by_person(session=session, address=where or address(), by=by, now=now)


def test_it_is_done_until_the_address_is_corrected_again(untold, counsellor, premises, admin):
    before = todos(counsellor, LATER)
    told(untold, counsellor)
    done = todos(counsellor, LATER + 2 * MINUTE)
    again = LATER + timedelta(hours=1)
    save_premises(premises=premises, values={"street": "示範路 31 號"}, by=admin, now=again)
    assert [len(found) for found in (before, done, todos(counsellor, again))] == [1, 0, 1]


def test_the_session_page_asks_for_it_and_takes_it(untold, counsellor, read):
    with time_machine.travel(LATER + MINUTE, tick=False):
        browser, page = read(counsellor), reverse("session", args=[untold.pk])
        assert [text in words(browser.get(page)) for text in SAID] == [True, True]
        button = reverse("session_told_address", args=[untold.pk])
        done = browser.post(button, {"address": address()}, follow=True)
        assert "Noted: the client knows where to come." in words(done)
        assert [text in words(browser.get(page)) for text in SAID] == [False, False]


def test_who_oversees_it_reads_it_and_has_no_button(untold, supervisor, oversight, read):
    with time_machine.travel(LATER + MINUTE, tick=False):
        page = words(read(supervisor).get(reverse("session", args=[untold.pk])))
    assert [text in page for text in SAID] == [True, False]


def test_only_who_holds_the_session_says_so(untold, counsellor, supervisor, oversight):
    with pytest.raises(NotAllowed):
        told(untold, supervisor)
    assert len(todos(counsellor, LATER + 2 * MINUTE)) == 1


def test_an_address_that_was_corrected_again_is_not_noted(untold, counsellor, premises, admin):
    first = address()
    save_premises(premises=premises, values={"street": "示範路 31 號"}, by=admin, now=LATER)
    with pytest.raises(Refused):
        told(untold, counsellor, first)
    assert len(todos(counsellor, LATER + 2 * MINUTE)) == 1


def test_of_a_cancelled_session_nothing_is_noted(untold, counsellor):
    cancel_at(untold, LATER)
    with pytest.raises(Refused):
        told(untold, counsellor)


def test_the_histories_of_session_and_case_tell_it(untold, counsellor):
    told(untold, counsellor)
    noted = AuditEntry.objects.filter(verb="session.told_address")
    assert {(row.subject_label, row.subject_id, row.actor) for row in noted} == {
        ("telesessions.counsellingsession", untold.pk, counsellor.actor_label),
        ("clinic.case", untold.case_id, counsellor.actor_label),
    }
