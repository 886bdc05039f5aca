"""A login ends by itself; what was being typed does not."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.utils import timezone

from clinic.kernel.kept_forms import KeptForm
from tests.accounts.conftest import Browser, code_of, entered, give_password, text_of
from tests.house import PASSWORD

IDLE, WHOLE = timedelta(minutes=31), timedelta(hours=12, minutes=1)
TYPED = {"code_word": "梧桐", "password": "never kept", "email": "<b>typed</b>"}


def after(span: timedelta):
    return time_machine.travel(timezone.now() + span)


def test_thirty_minutes_of_silence_end_a_login(counsellor):
    client = entered(counsellor)
    with after(timedelta(minutes=29)):
        assert client.get("/account/").status_code == 200
    with after(timedelta(minutes=29) + IDLE):
        assert client.get("/account/").url == "/sign-in/?next=/account/"


def test_twelve_hours_end_a_login_however_busy_it_was(counsellor):
    client = entered(counsellor)
    for half_hour in range(1, 29):
        with after(timedelta(minutes=25) * half_hour):
            assert client.get("/account/").status_code == 200
    with after(WHOLE):
        assert client.get("/account/").status_code == 302


def test_a_login_ends_between_the_two_steps_as_well(counsellor):
    client = Browser()
    give_password(client, counsellor)
    with after(IDLE):
        answer = client.post("/sign-in/code/", {"code": code_of(counsellor)})
        assert answer.url == "/sign-in/?next=/sign-in/code/"


def test_the_sign_in_page_says_why_it_is_shown(counsellor, stranger):
    client, other = entered(counsellor), entered(stranger)
    with after(IDLE):
        page = client.get("/clients/", follow=True)
        assert "For safety you were signed out after a while." in text_of(page)
        button = other.post("/account/sign-out-everywhere/", follow=True)
        assert "What you pressed last was not done" in text_of(button)
    assert "For safety" not in text_of(Browser().get("/clients/", follow=True))


@pytest.fixture
def form(admin):
    """A form of staff in a browser that checks tokens as a real one is checked."""
    client = Browser(enforce_csrf_checks=True)
    sign_in_again(client, admin, "/sign-in/")
    return client


def hidden(client, address: str) -> dict[str, str]:
    """Return the token of a page's forms, and the mark of whose they are."""
    page = client.get(address).content.decode()
    return dict(re.findall(r'name="(csrfmiddlewaretoken|_writer)" value="([^"]*)">', page))


def sign_in_again(client, user, address: str):
    """Do both steps, beginning at ``address``; return the last answer."""
    first = client.post(
        address, hidden(client, address) | {"email": user.email, "password": PASSWORD}
    )
    return client.post(first.url, hidden(client, first.url) | {"code": code_of(user)})


def started(client, address: str = "/setup/clinic/") -> dict[str, str]:
    """Return what a half-filled form sends."""
    return hidden(client, address) | {"neutral_name": "節氣工作室", "phone": "0000-000-001"}


def test_what_was_typed_before_a_time_out_comes_back_after_signing_in(form, admin, town):
    typed = started(form)
    with after(IDLE):
        lost = form.post("/setup/clinic/", typed)
        assert lost.url == "/sign-in/?next=/setup/clinic/"
        assert "What you typed is kept: sign in again" in text_of(form.get(lost.url))
        back = sign_in_again(form, admin, lost.url)
        assert back.url == "/setup/clinic/"
        page = form.get(back.url)
        assert "What you typed before you were signed out is still here." in text_of(page)
        assert 'value="節氣工作室"' in page.content.decode()
        assert KeptForm.objects.get().user == admin


def test_a_form_sent_after_signing_in_again_in_another_tab_is_not_lost(form, admin, town):
    typed = started(form)
    with after(IDLE):
        sign_in_again(form, admin, "/sign-in/")
        stale = form.post("/setup/clinic/", typed)
        assert stale.url == "/setup/clinic/"
        assert 'value="節氣工作室"' in form.get(stale.url).content.decode()


def test_what_was_typed_is_shown_to_its_writer_alone(form, admin, supervisor, town):
    typed = started(form)
    supervisor.roles = ["admin"]
    supervisor.save(update_fields=["roles"])
    with after(IDLE):
        form.post("/setup/clinic/", typed)
        assert "節氣工作室" not in entered(supervisor).get("/setup/clinic/").content.decode()
        assert "節氣工作室" in entered(admin).get("/setup/clinic/").content.decode()


def test_a_day_later_nothing_waits_any_more(form, admin, town):
    typed = started(form)
    with after(IDLE):
        form.post("/setup/clinic/", typed)
    with after(IDLE + timedelta(hours=25)):
        assert "節氣工作室" not in entered(admin).get("/setup/clinic/").content.decode()


def test_passwords_and_codes_are_never_kept(form, admin):
    secret = hidden(form, "/account/password/") | {
        "current_password": "never kept 1",
        "password": "never kept 2",
        "password_again": "never kept 3",
        "code": "123456",
        "code_word": "梧桐",
    }
    with after(IDLE):
        form.post("/account/password/", secret)
    assert KeptForm.objects.get().data == '{"code_word": ["梧桐"]}'


def test_a_forged_mark_keeps_nothing(form, admin):
    typed = started(form, "/account/password/") | {"_writer": "forged:mark:here"}
    with after(IDLE):
        lost = form.post("/account/password/", typed)
    assert (urlsplit(lost.url).path, KeptForm.objects.count()) == ("/sign-in/", 0)
