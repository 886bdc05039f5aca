"""Who may open what: every address, every reader, every method, and what the answers hold."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views import View

from clinic import urls
from clinic.kernel import access, access_table
from tests import access_expected as expected
from tests.access_expected import ADDRESSES, ANONYMOUS, PASSWORD, READERS, answer
from tests.built import built, world
from tests.databases import undone
from tests.world import CLIENT_NAME, NOTE, QUESTION, World

__all__ = ["built", "world"]  # fixtures

METHODS = ("get", "post")


def rows() -> dict[str, access_table.Row]:
    return {row.name: row for row in access_table.rows()}


def browser_of(reader: str, world: World, browse) -> Client:
    if reader == ANONYMOUS:
        return Client()
    if reader == PASSWORD:
        return browse(world.readers["counsellor"], verified=False)
    return browse(world.readers[reader])


class Asking(Client):
    """Asks as ``browser`` does, and keeps nothing of the answer: no cookies, no contexts."""

    def __init__(self, browser: Client):
        super().__init__()
        self.cookies, self.handler = browser.cookies, browser.handler

    def request(self, **request) -> HttpResponse:
        return self.handler(self._base_environ(**request))


def ask(browser: Client, method: str, address: str) -> HttpResponse:
    """Send one request and undo whatever it did."""
    with undone():
        return getattr(Asking(browser), method)(address)


def in_words(response: HttpResponse) -> int | str:
    if response.status_code != 302:
        return response.status_code
    if response.url.startswith("/sign-in/code/?next="):
        return expected.SECOND_STEP
    return expected.SIGN_IN if response.url.startswith("/sign-in/?next=") else expected.MOVED


def policy_in_words(row: access_table.Row) -> str:
    return f"roles: {' '.join(sorted(row.roles))}" if row.policy == "roles" else row.policy


def test_every_address_has_a_name_of_its_own():
    names = [row.name for row in access_table.rows()]
    assert sorted(names) == sorted({*names} - {""})


def test_every_address_has_the_policy_of_the_table():
    assert {name: policy_in_words(row) for name, row in rows().items()} == {
        name: address.policy for name, address in ADDRESSES.items()
    }


def test_public_addresses():
    public = {name for name, row in rows().items() if row.policy in ("public", "link")}
    assert public == {
        "appointment",
        "consent_check",
        "consent_decline",
        "consent_document",
        "consent_done",
        "consent_item",
        "consent_language",
        "consent_new_link",
        "consent_paper",
        "consent_print",
        "consent_read",
        "consent_review",
        "consent_start",
        "health_live",
        "health_queue",
        "health_ready",
        "join",
        "leave",
        "link",
        "password_asked",
        "password_forgotten",
        "password_new",
        "set_language",
        "sign_in",
        "sign_out",
        "verify",
    }


def test_addresses_of_the_demo():
    demo = {name for name, row in rows().items() if row.policy == "demo"}
    assert demo == {"demo_components", "demo_mail", "demo_mail_list"}


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_gets_what_the_table_says(reader, world, browse):
    browser = browser_of(reader, world, browse)
    differences, leaks = {}, []
    for name, row in rows().items():
        for method in METHODS:
            response = ask(browser, method, world.address(row.url))
            got, wanted = in_words(response), answer(name, reader, method)
            if got != wanted:
                differences[name, method] = {"got": got, "wanted": wanted}
            if (name, reader) not in expected.NAMES_TOLD:
                leaks += leaks_in(response, reader, world, f"{method} {name}")
    assert (differences, leaks) == ({}, [])


def leaks_in(response: HttpResponse, reader: str, world: World, what: str) -> list[str]:
    """Return which of the client's words stand in an answer that must not hold them."""
    passes = reader in expected.OF_THE_CASE and response.status_code in (200, 202)
    if passes:
        return []
    told = b"".join(response) if response.streaming else response.content
    told += str(response.headers).encode()
    return [f"{what}: {word}" for word in world.secrets if word.encode() in told]


@pytest.mark.parametrize("reader", expected.OF_THE_CASE)
def test_there_is_something_to_leak(reader, world, browse):
    browser = browser_of(reader, world, browse)
    told = {
        "client": CLIENT_NAME,
        "client_list": CLIENT_NAME,
        "case": CLIENT_NAME,
        "case_list": CLIENT_NAME,
        "client_history": CLIENT_NAME,
        "consent_request": QUESTION,
        "consent_reply": QUESTION,
        "session": CLIENT_NAME,
        "session_live": CLIENT_NAME,
        "session_history": CLIENT_NAME,
    }
    own = {"session_note": NOTE}  # a draft is the writer's alone
    told |= own
    addresses = {row.name: world.address(row.url) for row in access_table.rows()}
    asked = [*told, "staff_list", "form_list"]
    shown = {
        name
        for name in asked
        if told.get(name, CLIENT_NAME).encode() in ask(browser, "get", addresses[name]).content
    }
    assert shown == {*told} - ({*own} if reader == expected.SUPERVISOR else set())


def test_an_anonymous_reader_is_sent_to_sign_in_from_every_address_that_is_not_public(world):
    nobody, asked = Client(), {}
    for name, row in rows().items():
        if row.policy not in ("public", "link", "demo"):
            address = world.address(row.url)
            asked[name] = (ask(nobody, "get", address).headers.get("Location"), address)
    assert {name: found for name, (found, _a) in asked.items()} == {
        name: f"/sign-in/?next={address}" for name, (_f, address) in asked.items()
    }


def test_other_methods_open_no_more_than_get_and_post(world, browse):
    browser = browser_of("stranger", world, browse)
    differences, leaks = {}, []
    for name, row in rows().items():
        allowed = {method: {answer(name, "stranger", method), 405} for method in METHODS}
        alike = {"head": "get", "put": "post", "delete": "post"}
        for method, like in alike.items():
            response = ask(browser, method, world.address(row.url))
            leaks += leaks_in(response, "stranger", world, f"{method} {name}")
            if (got := in_words(response)) not in allowed[like]:
                differences[name, method] = got
    assert (differences, leaks) == ({}, [])


def test_rows_that_do_not_exist_are_answered_like_rows_that_may_not_be_seen(world, browse):
    browser = browser_of("stranger", world, browse)
    bodies = set()
    for pk in (world.rows["client"].pk, 987654):
        asked = f"/clients/{pk}/"  # the only place where the number may stand
        response = browser.get(asked)
        bodies.add((response.status_code, response.content.replace(asked.encode(), b"")))
    assert len(bodies) == 1


@override_settings(DEMO=True)
def test_in_demo_mode_the_demos_pages_are_open(client, db, settings, tmp_path):
    settings.DEMO_MAIL_DIR = str(tmp_path)
    open_ones = ("demo_mail_list", "demo_components")
    assert {client.get(rows()[name].url).status_code for name in open_ones} == {200}


class Undeclared(View):
    """A view whose author forgot the policy."""

    def get(self, request):
        return HttpResponse("open")


class WithForgotten:
    """The site with two such views, a class and a function."""

    urlpatterns = [
        *urls.urlpatterns,
        path("forgotten/", Undeclared.as_view(), name="forgotten"),
        path("function/", lambda request: HttpResponse("open"), name="function"),
    ]
    handler403 = urls.handler403


@override_settings(ROOT_URLCONF=WithForgotten)
def test_a_view_without_a_policy_stops_the_start():
    with pytest.raises(SystemCheckError) as stopped:
        call_command("check", "--fail-level", "ERROR", "--tag", "security")
    assert str(stopped.value).count("declares no policy") == 2
    assert [error.msg for error in access.every_view_has_a_policy(None)] == [
        "The view at /forgotten/ declares no policy.",
        "The view at /function/ declares no policy.",
    ]


@override_settings(ROOT_URLCONF=WithForgotten)
@pytest.mark.parametrize("address", ["/forgotten/", "/function/"])
def test_a_view_without_a_policy_is_refused(address, world, browse):
    answered = browse(world.readers["admin"]).get(address)
    assert (answered.status_code, answered.content == b"open") == (403, False)
