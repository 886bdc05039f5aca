"""The whole job in a browser: from an empty database to a signed note, every hand of it in turn.

Staff sit at a desk, the client holds a phone. ``FAULTS=full`` walks it once more with all of them at
phones, and once with all at desks. The days lie in the past: the database, which has a clock of its
own, sees every mail as due.
"""

import io
import os
from datetime import datetime, time, timedelta
from hashlib import sha256

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from clinic.accounts.models import User
from clinic.kernel.documents.models import Document
from sessions.models import Note
from tests.browser import case_steps, client_steps, house_steps, session_steps
from tests.browser.case_steps import CLIENT
from tests.browser.conftest import DESK, PHONE
from tests.browser.house_steps import COUNSELLOR
from tests.browser.steps import mailed_link, set_up_account, sign_in, sign_out, work

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
ADMIN = "lixia@clinic.example"
# The windows of staff and of the client.
WINDOWS = {"as they work": (DESK, PHONE)}
if os.environ.get("FAULTS") == "full":
    WINDOWS |= {"all at phones": (PHONE, PHONE), "all at desks": (DESK, DESK)}


def on_day(days_ago: int, at: time) -> datetime:
    """A time of the clinic's day, before now."""
    day = timezone.localdate() - timedelta(days=days_ago)
    return timezone.make_aware(datetime.combine(day, at))


def from_first_admin_to_open_house(page: Page, mailbox: list) -> None:
    """The administrator's part, from the command to published forms."""
    call_command("first_admin", ADMIN, name="石立夏", stdout=io.StringIO())
    set_up_account(page, mailed_link(mailbox, ADMIN), ADMIN)
    house_steps.set_up_clinic(page)
    member = house_steps.invite_counsellor(page)
    house_steps.enter_approval(page)
    house_steps.enter_licence(page, member)
    house_steps.publish_forms(page)
    page.goto("/")
    assert page.locator('.missing li, .task a[href="/setup/"]').count() == 0


def from_enrolment_to_case(page: Page, mailbox: list) -> str:
    """The psychologist's own account, and her first client; return the address of the case."""
    set_up_account(page, mailed_link(mailbox, COUNSELLOR), COUNSELLOR)
    house_steps.log_training(page)
    page.goto("/")
    client = case_steps.add_client(page)
    case_steps.add_place(page, client)
    case = case_steps.add_contact_and_case(page, client)
    case_steps.read_history(page, client, case)
    return case


def consent(page: Page, phone: Page, case: str, mailbox: list, *, drawn: bool) -> None:
    """Two people in turn, from the request to the sealed document on the client's phone."""
    request = case_steps.ask_for_consent(page, case)
    client_steps.open_link(phone, mailed_link(mailbox, CLIENT))
    client_steps.prove(phone, client_steps.ROC_BORN, r"/d/\d+/items/1/")
    assert client_steps.answer_every_item(phone) > 10
    client_steps.answer_both_questions(phone)
    assert phone.locator("form.sign").count() == 0
    case_steps.explain(page, request)
    client_steps.open_link(phone, mailed_link(mailbox, CLIENT))
    client_steps.prove(phone, client_steps.BORN, r"/d/\d+/check/")
    phone.locator("main a.btn-primary").click()
    client_steps.sign(phone, drawn=drawn)
    case_steps.countersign(page, request)
    client_steps.open_link(phone, mailed_link(mailbox, CLIENT))
    client_steps.prove(phone, client_steps.BORN, r"/d/\d+/done/")
    fetched = client_steps.fetch(phone)
    assert sha256(fetched).hexdigest() == Document.objects.get().sha256


@pytest.mark.faults  # so that the long campaigns walk it too
@pytest.mark.parametrize(("desk", "hand"), WINDOWS.values(), ids=WINDOWS)
def test_from_an_empty_database_to_a_signed_note(desk, hand, window, mailbox):
    begins = on_day(1, time(10))
    with time_machine.travel(on_day(2, time(10))):
        with window(desk) as page:
            from_first_admin_to_open_house(page, mailbox)
        with window(desk) as page, window(hand) as phone:
            case = from_enrolment_to_case(page, mailbox)
            consent(page, phone, case, mailbox, drawn=hand is PHONE)
            case_steps.assess(page, case)
            case_steps.write_crisis_profile(page, case)
            session = case_steps.book(page, case, begins)
            sign_out(page)
            work()
    with time_machine.travel(begins - timedelta(minutes=5)), window(desk) as page:
        sign_in(page, User.objects.get(email=COUNSELLOR))
        session_steps.begin(page, session)
        session_steps.write_and_tap(page)
        again = session_steps.close_and_open_again(page)
        session_steps.end_and_sign(again, session)
        session_steps.amend(again, session)
    note = Note.objects.get()
    assert (note.is_signed, note.amendments.count(), note.session.state) == (True, 1, "ended")
    assert session_steps.FIRST + session_steps.SECOND + session_steps.THIRD in note.text
