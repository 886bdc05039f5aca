"""Passwords: forgotten, set anew, changed."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from axes.models import AccessAttempt
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.accounts.actions import close_account
from clinic.accounts.models import Authenticator
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from tests.accounts.conftest import Browser, entered, give_code, give_password, mailed_link, text_of
from tests.house import PASSWORD, make_user

NEW = "a new pass phrase 2026"
FORM = {"password": NEW, "password_again": NEW}


def ask(email: str):
    return Browser().post("/password/forgotten/", {"email": email})


def at_the_door(user) -> Browser:
    client = Browser()
    client.post(f"/l/{mailed_link(Link.Purpose.PASSWORD_RESET, user).token}/")
    return client


def work(email: str) -> tuple[int, str, list[str]]:
    """Return status, address and the kinds of statements that asking for a link takes."""
    with CaptureQueriesContext(connection) as queries:
        answer = ask(email)
    statements = [query["sql"].split('"')[0:2] for query in queries]
    return answer.status_code, answer.url, [s for s in statements if "SAVEPOINT" not in s[0]]


def test_answer_and_work_are_the_same_for_known_and_unknown_addresses(counsellor, stranger):
    work(stranger.email)  # the very first action also begins the audit chain
    known, unknown = work("guyu@clinic.example"), work("nobody@clinic.example")
    assert known == unknown
    assert known[:2] == (302, "/password/asked/")
    assert "If this address has an account" in text_of(Browser().get("/password/asked/"))


@pytest.mark.parametrize("first", ["primer@clinic.example", "straße@clinic.example"])
def test_whatever_was_asked_before_known_and_unknown_take_the_same_work(
    first, counsellor, django_capture_on_commit_callbacks
):
    def cost(email: str) -> tuple[int, int]:
        with django_capture_on_commit_callbacks() as hints:
            statements = work(email)[2]
        return len(statements), len(hints)

    make_user("strasse", "counsellor")
    with time_machine.travel(timezone.now().replace(second=5), tick=False):
        ask(counsellor.email)  # the very first action also begins the audit chain
        ask(first)
        unknown, known = cost("nobody@clinic.example"), cost("strasse@clinic.example")
        again = [cost("Nobody@clinic.example"), cost("Strasse@clinic.example")]
    assert known == unknown
    assert again == [(known[0] - 1, 0)] * 2  # the same message in a minute is one, for both


def test_only_an_account_that_is_set_up_and_open_gets_a_mail(
    counsellor, stranger, admin, mailbox, now
):
    make_user("xiaoshu", "admin", joined=False)
    close_account(user=stranger, by=admin, now=now)
    for name in ("GuYu", "chunfen", "xiaoshu", "nobody"):
        assert ask(f"{name}@clinic.example").status_code == 302
    deliver_due()
    assert [mail["To"] for mail in mailbox] == ["guyu@clinic.example"]
    states = Outbox.objects.values_list("state", flat=True).order_by("state")
    assert list(states) == ["dropped", "dropped", "dropped", "sent"]


def test_asking_twice_in_a_minute_sends_one_mail(counsellor, mailbox):
    ask(counsellor.email)
    ask(counsellor.email)
    deliver_due()
    assert len(mailbox) == Outbox.objects.count()
    assert len(mailbox) in (1, 2)  # two, where a minute just began


def test_a_fourth_mail_within_an_hour_does_not_leave(counsellor, mailbox):
    began = timezone.now() - timedelta(hours=2)
    for minutes in (0, 10, 20, 30, 59, 61):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            ask(counsellor.email)
            deliver_due()
    reasons = Outbox.objects.order_by("pk").values_list("reason", flat=True)
    assert [*reasons] == ["", "", "", *["asked too often"] * 2, ""]
    assert len(mailbox) == 4


def test_who_has_used_her_link_gets_another_within_the_hour(counsellor, mailbox):
    began = timezone.now() - timedelta(hours=2)
    for minutes in (0, 10, 20, 30):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            if minutes == 30:
                text = mailbox[0].get_body(("plain",)).get_content()
                door = urlsplit(re.search(r"http\S+/l/\S+", text)[0]).path
                browser = Browser()
                browser.post(door)
                assert browser.post("/password/new/", FORM).status_code == 302
            ask(counsellor.email)
            deliver_due()
    assert len(mailbox) == 4


def test_an_expired_link_stays_expired_whoever_asks_for_the_next(counsellor, mailbox):
    began, tokens = timezone.now() - timedelta(days=30), []
    for later in (timedelta(0), timedelta(minutes=30), timedelta(days=29)):
        with time_machine.travel(began + later, tick=False):
            ask(counsellor.email)
            deliver_due()
            tokens.append(Link.objects.get(purpose=Link.Purpose.PASSWORD_RESET).token)
            opened = [Browser().get(f"/l/{token}/").status_code for token in tokens]
    assert tokens[0] == tokens[1]  # while it works, each mail carries the same one
    assert (opened, len(mailbox)) == ([410, 410, 200], 3)


def test_no_link_works_longer_than_an_hour_however_often_it_is_asked_for(counsellor, mailbox):
    began, tokens, ends = timezone.now() - timedelta(days=1), [], []
    for minutes in (0, 40, 50):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=False):
            ask(counsellor.email)
            deliver_due()
            link = Link.objects.get(purpose=Link.Purpose.PASSWORD_RESET)
            tokens.append(link.token)
            ends.append(round((link.expires_at - began) / timedelta(minutes=1)))
    assert (tokens[0] == tokens[1], tokens[1] == tokens[2]) == (True, False)
    assert (ends, len(mailbox)) == ([60, 60, 110], 3)


def test_a_forgotten_password_is_set_by_the_mail_and_the_second_step_stays(counsellor, mailbox):
    elsewhere = entered(counsellor)
    before = Authenticator.objects.get().key
    ask(counsellor.email)
    deliver_due()
    text = mailbox.pop().get_body(("plain",)).get_content()
    browser = Browser()
    door = urlsplit(re.search(r"http\S+/l/\S+", text)[0]).path
    assert browser.post(door).url == "/password/new/"
    saved = browser.post("/password/new/", FORM)
    assert saved.url == "/sign-in/"
    assert "The new password is saved." in text_of(browser.get("/sign-in/"))
    assert "_auth_user_id" not in browser.session
    assert elsewhere.get("/account/").status_code == 302
    assert give_password(browser, counsellor).status_code == 200
    assert give_password(browser, counsellor, NEW).url == "/sign-in/code/"
    assert Authenticator.objects.get().key == before
    assert give_code(browser, counsellor).url == "/"
    assert browser.post("/password/new/", FORM).status_code == 403
    assert "This link has done its work" in text_of(browser.get(door))


def test_a_new_password_ends_the_lock_out_that_the_old_one_brought(counsellor):
    client = Browser()
    for _n in range(5):
        give_password(client, counsellor, "wrong")
    assert give_password(client, counsellor).status_code == 429
    at_the_door(counsellor).post("/password/new/", FORM)
    assert give_password(client, counsellor, NEW).status_code == 302


def test_a_new_password_is_held_to_the_same_rules(counsellor):
    answer = at_the_door(counsellor).post(
        "/password/new/", {"password": "a", "password_again": "a"}
    )
    assert (answer.status_code, "This password is too short." in text_of(answer)) == (200, True)


def test_fields_tell_the_password_manager_what_they_are(counsellor):
    def fields(page):
        found = re.findall(r"<input[^>]*>", page.content.decode())
        found = [re.search(r'name="(\w+)".*autocomplete="([\w-]+)"', f) for f in found]
        return dict(f.groups() for f in found if f)

    assert fields(Browser().get("/sign-in/")) == {
        "email": "username",
        "password": "current-password",
    }
    new = {"email": "username", "password": "new-password", "password_again": "new-password"}
    assert fields(at_the_door(counsellor).get("/password/new/")) == new
    changed = fields(entered(counsellor).get("/account/password/"))
    assert changed == new | {"current_password": "current-password"}


def test_changing_the_password_needs_the_present_one(counsellor):
    client = entered(counsellor)
    answer = client.post("/account/password/", FORM | {"current_password": "wrong"})
    assert (answer.status_code, "This is not your present password." in text_of(answer)) == (
        200,
        True,
    )
    counsellor.refresh_from_db()
    assert counsellor.check_password(PASSWORD)


def test_guessing_the_present_password_is_locked_out_too(counsellor):
    client = entered(counsellor)
    answers = [
        client.post("/account/password/", FORM | {"current_password": "wrong"}).status_code
        for _n in range(5)
    ]
    assert answers == [200, 200, 200, 200, 429]


def test_what_is_kept_of_a_wrong_change_holds_no_password(counsellor):
    entered(counsellor).post("/account/password/", FORM | {"current_password": "secret one"})
    kept = str(vars(AccessAttempt.objects.get()))
    assert [word for word in ("secret one", NEW) if word in kept] == []


def test_changing_the_password_keeps_this_session_and_ends_the_others(counsellor):
    here, elsewhere = entered(counsellor), entered(counsellor)
    answer = here.post("/account/password/", FORM | {"current_password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/account/")
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b", "x" * 300 + "@clinic.example", "a\nb@c.d"]
)
def test_an_address_that_is_none_is_refused(db, email):
    assert ask(email).status_code == 200
    assert Outbox.objects.count() == 0
