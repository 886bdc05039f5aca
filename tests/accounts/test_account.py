"""The page of one's own account, and the language."""

import re

import pytest
import time_machine
from django.utils import timezone

from clinic.accounts.actions import renew_recovery_codes
from clinic.accounts.second_step import codes_left
from tests.accounts.conftest import Browser, code_of, entered, give_password, text_of


@pytest.fixture
def client(counsellor):
    return entered(counsellor)


def test_the_account_shows_what_is_kept_of_its_owner(client, counsellor, now):
    renew_recovery_codes(user=counsellor, by=counsellor, now=now)
    words = text_of(client.get("/account/"))
    assert "Name guyu Email guyu@clinic.example Roles psychologist" in words
    assert "Recovery codes: 10 of 10 left" in words


def test_the_last_sign_ins_stand_there_with_refused_codes(client, counsellor):
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=2)):
        second = Browser()
        give_password(second, counsellor)
        second.post("/sign-in/code/", {"code": "000000"})
        second.post("/sign-in/code/", {"code": "000000"})
        page = client.get("/account/").content.decode()
    rows = re.findall(r"<tr><td>.*?</svg><span>(.*?)</span></span></td></tr>", page)
    assert rows == ["Code not looked at, after several wrong ones", "Wrong code", "Signed in"]


def test_no_one_sees_another_persons_sign_ins(client, stranger):
    words = text_of(entered(stranger).get("/account/"))
    assert words.count("Signed in") == 1


def test_new_recovery_codes_need_a_current_code(client, counsellor, now):
    old = renew_recovery_codes(user=counsellor, by=counsellor, now=now)
    refused = client.post("/account/recovery-codes/", {"code": "000000"})
    assert (refused.status_code, old[0] in text_of(refused)) == (200, False)
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=1)):
        made = client.post("/account/recovery-codes/", {"code": code_of(counsellor)})
        shown = re.findall(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}", text_of(made))
    assert (len(set(shown)), set(shown) & set(old), codes_left(counsellor)) == (10, set(), 10)
    again = client.get("/account/recovery-codes/")
    assert re.findall(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}", text_of(again)) == []


def test_signing_out_everywhere_ends_every_session(client, counsellor):
    other = entered(counsellor)
    answer = client.post("/account/sign-out-everywhere/")
    assert (answer.status_code, answer.url) == (302, "/sign-in/")
    assert "You are signed out everywhere." in text_of(client.get("/sign-in/"))
    assert (client.get("/account/").status_code, other.get("/account/").status_code) == (302, 302)


def test_a_button_takes_no_get(client):
    for address in ("/sign-out/", "/account/sign-out-everywhere/", "/language/"):
        assert client.get(address).status_code == 405


def test_a_language_is_kept_in_the_browser_and_in_the_account(client, counsellor):
    del client.cookies["language"]
    assert client.get("/account/").headers["Content-Language"] == "zh-hant"
    answer = client.post("/language/", {"language": "en", "next": "/account/"})
    assert (answer.url, client.cookies["language"].value) == ("/account/", "en")
    counsellor.refresh_from_db()
    assert counsellor.language == "en"
    assert client.get("/account/").headers["Content-Language"] == "en"


def test_before_signing_in_a_language_is_kept_in_the_browser_alone(counsellor):
    client = Browser()
    del client.cookies["language"]
    give_password(client, counsellor)
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    counsellor.refresh_from_db()
    assert (client.cookies["language"].value, counsellor.language) == ("en", "zh-hant")


@pytest.mark.parametrize("language", ["", "fr", "en; evil", "zh"])
def test_a_language_that_is_not_spoken_here_changes_nothing(client, counsellor, language):
    del client.cookies["language"]
    answer = client.post("/language/", {"language": language, "next": "https://evil.example/"})
    assert (answer.url, "language" in client.cookies) == ("/", False)
    counsellor.refresh_from_db()
    assert counsellor.language == "zh-hant"
