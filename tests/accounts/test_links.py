"""The page behind a mailed link, and the doors it opens."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from clinic.accounts.actions import close_account
from clinic.kernel.actors import System
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.links.actions import close_link, issue_link
from clinic.kernel.links.models import Link, LinkToken, LinkUse, token_hash
from tests.accounts.conftest import Browser, mailed_link, text_of
from tests.house import make_user

INVITATION, RESET = Link.Purpose.INVITATION, Link.Purpose.PASSWORD_RESET
COOKIE = f"{settings.LINK_COOKIE_NAME}-{INVITATION}"


@pytest.fixture
def newcomer(db):
    return make_user("xiaoshu", "admin", joined=False)


@pytest.fixture
def link(newcomer):
    return mailed_link(INVITATION, newcomer)


def page(link, token: str = ""):
    return f"/l/{token or link.token}/"


def everything() -> tuple[int, int, list]:
    return AuditEntry.objects.count(), LinkUse.objects.count(), list(Link.objects.values())


def test_a_link_may_be_looked_at_without_using_it(link):
    client, before = Browser(), everything()
    answers = {client.get(page(link)).status_code for _n in range(20)}
    answers |= {client.head(page(link)).status_code for _n in range(20)}
    assert answers == {200}
    assert everything() == before
    assert COOKIE not in client.cookies


def test_the_button_exchanges_the_link_for_a_cookie_and_a_clean_address(link):
    client = Browser()
    answer = client.post(page(link), headers={"user-agent": "A phone"})
    assert (answer.status_code, answer.url) == (302, "/join/")
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 3600)
    assert link.token not in cookie.value
    assert LinkUse.objects.values_list("link", "issue", "device").get() == (link.pk, 1, "A phone")
    assert client.get("/join/").status_code == 200


def test_a_link_may_be_opened_again_on_another_device(link):
    assert [Browser().post(page(link)).status_code for _n in range(3)] == [302, 302, 302]


def expire(link):
    Link.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(hours=1))


def finish(link, how="done"):
    close_link(
        purpose=link.purpose,
        subject=link.subject,
        how=how,
        by=System("accounts"),
        now=timezone.now(),
    )


def revoke(link):
    finish(link, "revoked")


def replace(link):
    """Kill the link by issuing the next one."""
    issue_link(
        purpose=link.purpose,
        subject=link.subject,
        lasts=timedelta(hours=1),
        renew=True,
        by=System("accounts"),
        now=timezone.now(),
    )


@pytest.mark.parametrize(
    ("ending", "status", "heading"),
    [
        (expire, 410, "This link has expired"),
        (finish, 200, "This link has done its work"),
        (revoke, 410, "This link was withdrawn"),
        (replace, 410, "There is a newer link"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_ended_says_so_and_opens_nothing(link, ending, status, heading, method):
    token = link.token
    ending(link)
    client = Browser()
    answer = getattr(client, method)(page(link, token))
    assert (answer.status_code, f"<h1>{heading}</h1>" in answer.content.decode()) == (status, True)
    assert COOKIE not in client.cookies
    assert LinkUse.objects.count() == 0


def test_a_renewed_link_works_and_the_one_before_it_does_not(link, newcomer):
    old = link.token
    new = mailed_link(INVITATION, newcomer, renew=True).token
    assert (
        Browser().post(page(link, old)).status_code,
        Browser().post(page(link, new)).status_code,
    ) == (410, 302)


def test_the_database_knows_of_each_issue_only_a_hash(link, newcomer):
    tokens = [link.token, mailed_link(INVITATION, newcomer, renew=True).token]
    assert [*LinkToken.objects.order_by("issue").values_list("issue", "token_hash")] == [
        (number, token_hash(token)) for number, token in enumerate(tokens, start=1)
    ]
    assert len({*tokens}) == 2


def test_mailing_the_same_link_again_makes_no_new_token(link, newcomer):
    assert mailed_link(INVITATION, newcomer).token == link.token
    assert LinkToken.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 900, "%00", "<script>", "％"])
def test_a_token_that_was_never_issued_is_unknown(db, token):
    client = Browser()
    for answer in (client.get(page(None, token)), client.post(page(None, token))):
        assert (answer.status_code, "This link is not known here" in text_of(answer)) == (404, True)


@pytest.mark.parametrize("purpose", [INVITATION, RESET])
def test_the_title_never_says_what_a_link_is_for(newcomer, clinic, purpose):
    answer = Browser().get(page(mailed_link(purpose, newcomer)))
    assert "<title>Your link</title>" in answer.content.decode()
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_cookie_of_one_purpose_does_not_open_the_door_of_another(newcomer, counsellor):
    client = Browser()
    client.post(page(mailed_link(RESET, counsellor)))
    assert client.get("/password/new/").status_code == 200
    refused = client.get("/join/")
    assert (refused.status_code, "Please open the link again" in text_of(refused)) == (403, True)


@pytest.mark.parametrize("door", ["/join/", "/password/new/"])
@pytest.mark.parametrize("cookie", [None, "", "forged", "WzEsMV0:1abc:def"])
def test_a_door_without_a_good_cookie_stays_shut(link, door, cookie):
    client = Browser()
    if cookie is not None:
        for purpose in (INVITATION, RESET):
            client.cookies[f"{settings.LINK_COOKIE_NAME}-{purpose}"] = cookie
    form = {"password": "a new pass phrase 2026", "password_again": "a new pass phrase 2026"}
    assert (client.get(door).status_code, client.post(door, form).status_code) == (403, 403)


@pytest.mark.parametrize("ending", [expire, finish, revoke, replace])
def test_a_door_shuts_when_its_link_ends(link, newcomer, ending):
    client = Browser()
    client.post(page(link))
    ending(link)
    form = {"password": "a new pass phrase 2026", "password_again": "a new pass phrase 2026"}
    assert client.post("/join/", form).status_code == 403
    newcomer.refresh_from_db()
    assert not newcomer.check_password("a new pass phrase 2026")


def test_a_door_shuts_after_an_hour(newcomer):
    link = mailed_link(INVITATION, newcomer, lasts=timedelta(days=7))
    client = Browser()
    client.post(page(link))
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert client.get("/join/").status_code == 403
        assert client.post(page(link)).status_code == 302
        assert client.get("/join/").status_code == 200


def test_closing_an_account_withdraws_its_invitation(link, newcomer, admin, now):
    client = Browser()
    client.post(page(link))
    close_account(user=newcomer, by=admin, now=now)
    assert client.get("/join/").status_code == 403
    assert "This link was withdrawn" in text_of(client.get(page(link)))


def test_a_form_without_its_token_asks_to_try_again_and_not_to_sign_in(link):
    client = Browser(enforce_csrf_checks=True)
    answer = client.post(page(link))
    assert (answer.status_code, "The page had been open too long" in text_of(answer)) == (403, True)
