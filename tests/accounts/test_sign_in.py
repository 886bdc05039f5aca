"""The first step: email and password."""

import pytest
import time_machine
from axes.models import AccessAttempt
from django.utils import timezone

from clinic import settings as as_written
from tests.accounts.conftest import Browser, entered, give_code, give_password, text_of
from tests.house import PASSWORD, make_user

WRONG = "Email and password do not fit together. Please check both, or set a new password."
LOCKED = "Too many tries in a short time"


def lock_out(client, user, **extra):
    return [give_password(client, user, "wrong", **extra).status_code for _n in range(5)]


def test_both_steps_lead_to_today(counsellor):
    client = Browser()
    first = give_password(client, counsellor)
    assert (first.status_code, first.url) == (302, "/sign-in/code/")
    second = give_code(client, counsellor)
    assert (second.status_code, second.url) == (302, "/")
    assert client.get("/account/").status_code == 200


def test_a_password_alone_opens_no_page_of_staff(counsellor):
    client = Browser()
    give_password(client, counsellor)
    answer = client.get("/account/")
    assert (answer.status_code, answer.url) == (302, "/sign-in/code/?next=/account/")


def test_the_address_may_be_written_in_capitals(counsellor):
    answer = Browser().post("/sign-in/", {"email": "GuYu@Clinic.example", "password": PASSWORD})
    assert answer.status_code == 302


def test_the_session_id_changes_at_both_steps(counsellor):
    client = Browser()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["session"] = session.session_key
    ids = [session.session_key]
    give_password(client, counsellor)
    ids.append(client.session.session_key)
    give_code(client, counsellor)
    ids.append(client.session.session_key)
    assert len(set(ids)) == 3


@pytest.mark.parametrize("closed", [True, False])
def test_whatever_is_wrong_the_answer_is_the_same(counsellor, stranger, closed):
    if closed:
        stranger.is_active = False
        stranger.save(update_fields=["is_active"])
        wrong = ("chunfen@clinic.example", PASSWORD)
    else:
        wrong = ("nobody@clinic.example", PASSWORD)
    answers = []
    for email, password in [wrong, ("guyu@clinic.example", "wrong")]:
        answer = Browser().post("/sign-in/", {"email": email, "password": password})
        answers.append(
            (
                answer.status_code,
                text_of(answer).count(WRONG),
                "_auth_user_id" in answer.client.session,
            )
        )
    assert answers == [(200, 1, False), (200, 1, False)]


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/account/", "/account/"),
        ("/account/?page=2", "/account/?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/no/such/page/", "/"),
        ("/account/sign-out-everywhere/", "/"),  # a button, which takes no GET
        ("/" + "a" * 5000, "/"),
    ],
)
def test_next_leads_only_to_pages_of_ours(counsellor, wanted, led_to):
    client = Browser()
    first = client.post(
        "/sign-in/",
        {"email": counsellor.email, "password": PASSWORD},
        QUERY_STRING=f"next={wanted}",
    )
    assert client.get(first.url).status_code == 200
    second = client.post(first.url, {"code": "000000"})
    assert second.status_code == 200
    client = Browser()
    give_password(client, counsellor)
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=1)):
        assert give_code(client, counsellor, next=wanted).url == led_to


def test_five_wrong_tries_lock_the_account_at_this_address_only(counsellor, stranger):
    client = Browser()
    assert lock_out(client, counsellor) == [200, 200, 200, 200, 429]
    shut_out = give_password(client, counsellor)
    assert (shut_out.status_code, LOCKED in text_of(shut_out)) == (429, True)
    elsewhere = give_password(Browser(), counsellor, REMOTE_ADDR="10.0.0.9")
    another = give_password(Browser(), stranger)
    assert (elsewhere.status_code, another.status_code) == (302, 302)


def test_the_page_says_how_many_tries_there_are(db, settings):
    settings.LANGUAGE_CODE = "en"
    told = "After 5 wrong tries in a row, the next one has to wait 15 minutes."
    assert told in text_of(Browser().get("/sign-in/"))


def test_capitals_do_not_give_more_tries(counsellor):
    client = Browser()
    for email in ("guyu@", "Guyu@", "GUYU@", "guYU@", "gUyu@"):
        answer = client.post("/sign-in/", {"email": f"{email}clinic.example", "password": "wrong"})
    assert answer.status_code == 429


def test_letters_that_the_database_takes_for_others_do_not_give_more_tries(admin):
    client = Browser()
    for email in ("lixia@clinic", "lıxia@clinic", "lixıa@clinic", "lixia@clınic", "lixia@clinıc"):
        answer = client.post("/sign-in/", {"email": f"{email}.example", "password": "wrong"})
    assert answer.status_code == 429


@pytest.mark.parametrize("letter", ["ß", "ﬃ"])
def test_an_address_that_grows_in_capitals_is_wrong_like_any_other(letter, db):
    label, client = letter * 60, Browser()
    form = {"email": f"a@{label}.{label}.{label}.example", "password": "wrong"}
    answers = [client.post("/sign-in/", form).status_code for _n in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_a_lock_out_ends_after_fifteen_minutes_even_if_tried_meanwhile(counsellor):
    client = Browser()
    lock_out(client, counsellor)
    start = timezone.now()
    with time_machine.travel(start + timezone.timedelta(minutes=10)):
        assert give_password(client, counsellor).status_code == 429
    with time_machine.travel(start + timezone.timedelta(minutes=16)):
        assert give_password(client, counsellor).status_code == 302


def test_a_right_password_clears_the_count(counsellor):
    client = Browser()
    for _round in range(2):
        for _n in range(4):
            assert give_password(client, counsellor, "wrong").status_code == 200
        assert give_password(client, counsellor).status_code == 302


def test_what_is_kept_of_a_wrong_try_holds_no_password(counsellor):
    give_password(Browser(), counsellor, "my other secret")
    kept = AccessAttempt.objects.get()
    assert "my other secret" not in str(vars(kept))


def test_who_is_signed_in_is_led_on(counsellor):
    assert entered(counsellor).get("/sign-in/").url == "/"


def test_signing_out_ends_the_session(counsellor):
    client = entered(counsellor)
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/account/").status_code == 302
    assert client.post("/sign-out/").url == "/sign-in/"


def test_another_persons_session_is_not_carried_over(counsellor, stranger):
    client = entered(counsellor)
    client.cookies["session"] = client.session.session_key
    session = client.session
    del session["otp_device_id"]
    session["of_the_first"] = True
    session.save()
    give_password(client, stranger)
    assert "of_the_first" not in client.session


def test_a_password_is_stored_by_argon2_with_costs_the_machine_can_bear(db, settings):
    settings.PASSWORD_HASHERS = as_written.PASSWORD_HASHERS
    user = make_user("xiaoshu")
    assert user.password.split("$")[:4] == ["argon2", "argon2id", "v=19", "m=19456,t=2,p=1"]
    assert give_password(Browser(), user).status_code == 302
