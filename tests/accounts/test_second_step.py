"""The second step: a code of the app, or a recovery code; each once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from clinic.accounts.actions import (
    confirm_device,
    join,
    renew_recovery_codes,
    reset_second_step,
)
from clinic.accounts.models import Authenticator
from clinic.accounts.second_step import Check, check_code, codes_left, current_code
from clinic.errors import Refused
from tests.accounts.conftest import Browser, code_of, give_code, give_password, text_of

WRONG = "This code does not fit. Each code works once. Please wait for the next one in the app."
WAIT = "There were several wrong codes, so this one was not looked at."


@pytest.fixture
def halfway(counsellor):
    """A browser that did the first step."""
    client = Browser()
    give_password(client, counsellor)
    return client


def check_together(user, code, now) -> list[str]:
    """Check one code in two transactions at the same time."""
    ready = Barrier(2)

    def one(_n):
        ready.wait()
        try:
            return str(check_code(user=user, code=code, by=user, now=now))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, range(2)))


def test_a_code_is_never_accepted_twice(counsellor, now):
    code = code_of(counsellor)
    outcomes = [check_code(user=counsellor, code=code, by=counsellor, now=now) for _n in range(2)]
    assert outcomes == [Check.OK, Check.WRONG]


def test_an_older_code_is_refused_after_a_newer_one(counsellor, now, days):
    device = Authenticator.objects.get(user=counsellor)
    older, newer = (current_code(device, now + days(n / 2880)) for n in (0, 1))
    outcomes = [check_code(user=counsellor, code=c, by=counsellor, now=now) for c in (newer, older)]
    assert outcomes == [Check.OK, Check.WRONG]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_code_sent_twice_at_once_is_accepted_once(counsellor, now):
    for _round in range(5):
        assert check_together(counsellor, code_of(counsellor), now) == ["ok", "wrong"]
        Authenticator.objects.update(throttling_failure_count=0)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_recovery_code_sent_twice_at_once_is_accepted_once(counsellor, now):
    code = renew_recovery_codes(user=counsellor, by=counsellor, now=now)[0]
    assert check_together(counsellor, code, now) == ["ok", "wrong"]


def test_a_recovery_code_lets_in_once(counsellor, halfway, now):
    code = renew_recovery_codes(user=counsellor, by=counsellor, now=now)[3]
    first = halfway.post("/sign-in/code/?recovery=1", {"code": code.lower().replace("-", " ")})
    assert (first.status_code, first.url) == (302, "/")
    assert codes_left(counsellor) == 9
    again = Browser()
    give_password(again, counsellor)
    second = again.post("/sign-in/code/", {"code": code})
    assert (second.status_code, text_of(second).count(WRONG) > 0) == (200, True)


def test_a_wrong_recovery_code_is_not_told_to_wait_for_the_app(halfway):
    page = text_of(halfway.post("/sign-in/code/?recovery=1", {"code": "AAAA-BBBB-CCCC-DDDD"}))
    assert ("This recovery code does not fit." in page, WRONG in page) == (True, False)


def test_a_wrong_code_is_answered_in_words_and_opens_nothing(halfway):
    answer = halfway.post("/sign-in/code/", {"code": "000000"})
    assert (answer.status_code, WRONG in text_of(answer)) == (200, True)
    assert halfway.get("/account/").status_code == 302


def test_after_wrong_codes_even_a_right_one_waits_and_then_works(counsellor, halfway):
    halfway.post("/sign-in/code/", {"code": "000000"})
    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=5), tick=False):
        halfway.post("/sign-in/code/", {"code": "000000"})
        early = halfway.post("/sign-in/code/", {"code": code_of(counsellor)})
        assert WAIT in text_of(early)
    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=10), tick=False):
        assert give_code(halfway, counsellor).status_code == 302


@pytest.mark.parametrize("code", ["", "12345", "１２３４５６", "abc", "0" * 41, "'; --", "\x00"])
def test_a_code_that_makes_no_sense_is_refused(halfway, code):
    answer = halfway.post("/sign-in/code/", {"code": code})
    assert answer.status_code == 200
    assert halfway.get("/account/").status_code == 302


def test_a_code_of_another_person_is_refused(halfway, stranger):
    Authenticator.objects.filter(user=stranger).delete()
    Authenticator.objects.create(
        user=stranger, name="app", confirmed=True, key="KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
    )
    answer = halfway.post("/sign-in/code/", {"code": code_of(stranger)})
    assert answer.status_code == 200


def test_a_password_without_an_app_is_told_how_to_finish(counsellor):
    Authenticator.objects.filter(user=counsellor).update(confirmed=False)
    client = Browser()
    give_password(client, counsellor)
    answer = client.get("/sign-in/code/")
    assert answer.status_code == 403
    assert "Please open that email and its link once more." in text_of(answer)
    assert client.post("/sign-in/code/", {"code": code_of(counsellor)}).status_code == 403
    assert client.get("/account/").status_code == 302


def test_next_survives_the_change_to_a_recovery_code(halfway):
    page = halfway.get("/sign-in/code/?next=/account/").content.decode()
    assert 'href="/sign-in/code/?next=%2Faccount%2F&amp;recovery=1"' in page


def test_after_a_reset_no_old_recovery_code_stands_for_an_app_never_scanned(counsellor, admin, now):
    code = renew_recovery_codes(user=counsellor, by=counsellor, now=now)[0]
    reset_second_step(user=counsellor, by=admin, now=now)
    join(user=counsellor, password="twenty-four seasons", by=counsellor, now=now)
    with pytest.raises(Refused) as caught:
        confirm_device(user=counsellor, code=code, by=counsellor, now=now)
    assert (caught.value.code, codes_left(counsellor)) == ("account.code", 0)
