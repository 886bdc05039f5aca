"""From the invitation to the first sign-in."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.utils import timezone

from clinic.accounts.actions import invite, invite_again
from clinic.accounts.models import Authenticator, User
from clinic.accounts.second_step import codes_left, current_code
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from tests.accounts.conftest import Browser, code_of, give_code, give_password, mailed_link, text_of

NEW = "a new pass phrase 2026"
FORM = {"password": NEW, "password_again": NEW}


@pytest.fixture
def newcomer(admin, now):
    """Somebody who was invited, whose mail was not opened yet."""
    return invite(
        email="xiaoshu@clinic.example",
        name="丁小暑",
        roles=["admin"],
        language="zh-hant",
        by=admin,
        now=now,
    )


@pytest.fixture
def at_the_door(newcomer):
    """The newcomer's browser, after the link."""
    client = Browser()
    client.post(f"/l/{Link.objects.get().token}/")
    return client


@pytest.fixture
def enrolling(at_the_door):
    """The newcomer's browser, after the password."""
    assert at_the_door.post("/join/", FORM).url == "/join/app/"
    return at_the_door


def shown_codes(response) -> list[str]:
    return re.findall(r"<li>((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})</li>", response.content.decode())


def test_the_first_administrator_gets_from_the_command_to_today(db, mailbox, capsys):
    call_command("first_admin", "lixia@clinic.example", "--name", "石立夏")
    assert Outbox.objects.values_list("kind", "state").get() == ("staff_invitation", "waiting")
    deliver_due()
    mail = mailbox.pop()
    assert (mail["To"], mailbox) == ("lixia@clinic.example", [])
    text = mail.get_body(("plain",)).get_content()
    browser, door = Browser(), urlsplit(re.search(r"http\S+/l/\S+", text)[0]).path
    assert "Continue" in text_of(browser.get(door))
    assert browser.post(door, follow=True).redirect_chain == [("/join/", 302)]
    assert browser.post("/join/", FORM, follow=True).redirect_chain == [("/join/app/", 302)]
    user = User.objects.get()
    first_code = current_code(Authenticator.objects.get(), timezone.now())
    finished = browser.post("/join/app/", {"code": first_code})
    assert (len(shown_codes(finished)), codes_left(user)) == (10, 10)
    assert 'href="/"' in finished.content.decode()
    assert browser.get("/").status_code == 200
    assert "This link has done its work" in text_of(browser.get(door))


def test_the_picture_holds_the_key_that_the_page_spells(enrolling, newcomer):
    device = Authenticator.objects.get(user=newcomer)
    page = enrolling.get("/join/app/").content.decode()
    url = urlsplit(re.search(r'href="(otpauth:[^"]+)"', page)[1].replace("&amp;", "&"))
    assert (url.netloc, parse_qs(url.query)["secret"]) == ("totp", [device.key])
    assert re.search(r'<p class="codes">([A-Z2-7 ]+)</p>', page)[1].replace(" ", "") == device.key
    picture = enrolling.get("/join/app/qr.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert ET.fromstring(picture.content).tag.endswith("svg")  # noqa: S314  our own picture


def test_the_recovery_codes_are_shown_once(enrolling, newcomer):
    first = enrolling.post("/join/app/", {"code": code_of(newcomer)})
    assert len(set(shown_codes(first))) == 10
    again = enrolling.get("/join/app/", follow=True)
    assert (again.redirect_chain[-1], shown_codes(again)) == (("/", 302), [])


def test_a_wrong_first_code_finishes_nothing(enrolling, newcomer):
    answer = enrolling.post("/join/app/", {"code": "000000"})
    assert (answer.status_code, "This code does not fit." in text_of(answer)) == (200, True)
    newcomer.refresh_from_db()
    assert (newcomer.joined_at, codes_left(newcomer)) == (None, 0)
    assert enrolling.get("/").status_code == 302


def test_the_session_id_changes_at_each_step(at_the_door, newcomer):
    at_the_door.post("/join/", FORM)
    ids = [at_the_door.session.session_key]
    at_the_door.post("/join/app/", {"code": code_of(newcomer)})
    ids.append(at_the_door.session.session_key)
    assert len(set(ids)) == 2


def test_a_password_alone_never_enrols_an_app(enrolling, newcomer):
    thief = Browser()
    give_password(thief, newcomer, NEW)
    page = thief.get("/join/app/", follow=True)
    assert (page.redirect_chain, page.status_code) == ([("/sign-in/code/", 302)], 403)
    assert "Please open that email and its link once more." in text_of(page)
    assert thief.get("/join/app/qr.svg").status_code == 404
    thief.post("/join/app/", {"code": code_of(newcomer)})
    assert Authenticator.objects.get(user=newcomer).confirmed is False


def test_the_link_and_the_password_typed_at_sign_in_do_not_enrol_either(enrolling, newcomer):
    """Only the session that began by setting the password behind the link may go on."""
    other = Browser()
    other.post(f"/l/{Link.objects.get().token}/")
    give_password(other, newcomer, NEW)
    assert other.get("/join/app/").url == "/sign-in/code/"


def test_an_app_already_connected_is_shown_to_nobody(counsellor, browse):
    for client in (browse(counsellor), browse(counsellor, verified=False)):
        assert client.get("/join/app/qr.svg").status_code == 404
        assert client.get("/join/app/").url == "/sign-in/code/"


def test_another_persons_link_does_not_let_enrol(enrolling, newcomer, admin, now):
    """The session is the newcomer's; the cookie now stands for somebody else's invitation."""
    other = invite(
        email="b@clinic.example", name="乙", roles=["intern"], language="en", by=admin, now=now
    )
    enrolling.post(f"/l/{Link.objects.get(subject=other.actor_label).token}/")
    assert enrolling.get("/join/app/").url == "/sign-in/code/"
    assert enrolling.get("/join/app/qr.svg").status_code == 404


def test_a_new_invitation_stops_who_enrols_by_the_old_one(enrolling, newcomer, admin, now):
    invite_again(user=newcomer, by=admin, now=now)
    assert enrolling.get("/join/app/").url == "/sign-in/code/"


def test_whoever_stopped_half_way_begins_again_by_the_same_link(enrolling, newcomer):
    before = Authenticator.objects.get(user=newcomer).key
    again = Browser()
    again.post(f"/l/{Link.objects.get().token}/")
    assert again.post("/join/", FORM).url == "/join/app/"
    assert Authenticator.objects.get(user=newcomer).key != before


def test_who_has_joined_cannot_join_again(enrolling, newcomer):
    enrolling.post("/join/app/", {"code": code_of(newcomer)})
    assert enrolling.get("/join/").status_code == 403
    client = Browser()
    give_password(client, newcomer, NEW)
    assert give_code(client, newcomer).url == "/"


@pytest.mark.parametrize(
    ("password", "again", "complaint"),
    [
        ("short", "short", "This password is too short."),
        ("password1234", "password1234", "This password is too common."),
        ("xiaoshu@clinic.example", "xiaoshu@clinic.example", "too similar to the email"),
        (NEW, "another", "This is not the same as above."),
        ("x" * 501, "x" * 501, "at most 500 characters"),
    ],
)
def test_a_poor_password_is_refused_in_words(at_the_door, newcomer, password, again, complaint):
    answer = at_the_door.post("/join/", {"password": password, "password_again": again})
    assert (answer.status_code, complaint in text_of(answer)) == (200, True)
    newcomer.refresh_from_db()
    assert newcomer.has_usable_password() is False


def test_a_mail_that_was_replaced_is_not_sent(newcomer, admin, mailbox):
    invite_again(user=newcomer, by=admin, now=timezone.now() - timedelta(seconds=1))
    deliver_due()
    assert sorted(Outbox.objects.values_list("version", "state")) == [(1, "dropped"), (2, "sent")]
    assert len(mailbox) == 1


def test_an_invitation_that_has_expired_is_not_sent(newcomer, mailbox):
    Link.objects.update(expires_at=timezone.now())
    deliver_due()
    assert (Outbox.objects.get().state, mailbox) == ("dropped", [])


def test_a_reset_link_does_not_enrol(newcomer):
    client = Browser()
    client.post(f"/l/{mailed_link(Link.Purpose.PASSWORD_RESET, newcomer).token}/")
    assert client.get("/join/").status_code == 403
