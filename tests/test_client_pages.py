"""The pages behind a consent link: whose cookie opens them, and what stands there before it does."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from clinic.accounts.models import User
from clinic.clients import actions as clients
from clinic.kernel import access_table
from clinic.kernel.actors import System
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.links import cookie
from clinic.kernel.links.actions import close_link
from clinic.kernel.links.models import Link
from clinic.kernel.tasks.models import Task
from clinic.people.birth_proof import MOST_TRIES
from consent import actions
from consent.models import Request, RequestEvent
from tests.access_expected import ADDRESSES, GONE, NO_METHOD
from tests.accounts.conftest import text_of
from tests.built import built, world
from tests.test_access import ask
from tests.world import BORN, World

__all__ = ["built", "world"]  # fixtures

METHODS = ("get", "head", "post", "put", "delete")
PAGES = {n for n, a in ADDRESSES.items() if a.get == GONE and n.startswith("consent_")}
# Of a signed request, with the right cookie and the birth date proven.
OPEN = {
    "consent_start": 200,
    "consent_item": 302,  # to the page that says how it stands
    "consent_check": 302,
    "consent_review": 302,
    "consent_print": 200,
    "consent_read": 200,
    "consent_done": 200,
    "consent_document": 404,  # nothing is sealed yet
    "consent_decline": 200,
    "consent_paper": 200,
    "consent_language": NO_METHOD,
}


@pytest.fixture
def other_link(world, now) -> Link:
    """The link of a second request, on another client's case."""
    counsellor = world.readers["counsellor"]
    case = another_case(counsellor, now)
    request = actions.send_request(case=case, by=counsellor, now=now)
    return Link.objects.get(subject=request.occasion)


def another_case(counsellor: User, now):
    values = {
        "name": "何處暑測試",
        "sex": "male",
        "birth_date": BORN,  # the same day: only the link tells the two apart
        "phone": "0000-000-779",
        "email": "chushu@client.example",
    }
    by = {"by": counsellor, "now": now}
    return clients.open_case(person=clients.register_client(values=values, **by), **by)


def holder(link: Link, *, proven: bool) -> Client:
    """Return a browser in which ``link`` was exchanged."""
    browser = Client()
    browser.cookies.load(
        {n: m.value for n, m in cookie.give(HttpResponse(), link, proven=proven).cookies.items()}
    )
    return browser


def addresses(world: World) -> dict[str, str]:
    return {row.name: world.address(row.url) for row in access_table.rows() if row.name in PAGES}


def told(response: HttpResponse) -> str:
    body = b"".join(response) if response.streaming else response.content
    return body.decode() + str(response.headers)


def words_of(world: World) -> set[str]:
    """Return what tells anything of the request or of whom it is about."""
    request = world.rows["request"]
    return {
        *world.secrets,
        request.case.counsellor.name,
        request.version.title("zh"),
        request.version.title("en"),
    }


def test_the_pages_are_all_known(world):
    assert ({*addresses(world)}, {*OPEN}) == (PAGES, PAGES)


def closed_to(browser: Client, world: World) -> dict:
    """Return what is not closed, or tells something, to ``browser``."""
    found = {}
    for name, address in addresses(world).items():
        for method in METHODS:
            response = ask(browser, method, address)
            leaks = {word for word in words_of(world) if word in told(response)}
            if (response.status_code, leaks) != (GONE, set()):
                found[name, method] = response.status_code, leaks
    return found


@pytest.mark.parametrize("reader", ["", "admin", "counsellor", "supervisor"])
def test_without_the_cookie_every_page_is_closed_and_tells_nothing(reader, world, browse):
    assert closed_to(browse(world.readers[reader]) if reader else Client(), world) == {}


def test_the_cookie_of_another_link_opens_nothing(world, other_link):
    assert closed_to(holder(other_link, proven=True), world) == {}


def test_a_cookie_under_another_links_name_opens_nothing(world, other_link):
    browser = holder(other_link, proven=True)
    (theirs,) = browser.cookies.values()
    name = theirs.key.replace(str(other_link.pk), str(world.rows["link_id"].pk))
    browser.cookies[name] = theirs.value
    assert closed_to(browser, world) == {}


def end(link: Link, how: str, now) -> None:
    """End a link: ``expired``, ``replaced`` by a newer one, or closed as ``done``, ``revoked``."""
    if how == "expired":
        Link.objects.filter(pk=link.pk).update(expires_at=now - timedelta(hours=1))
    elif how == "replaced":
        Link.objects.filter(pk=link.pk).update(issue=link.issue + 1)
    else:
        close_link(
            purpose=link.purpose, subject=link.subject, how=how, by=System("consent"), now=now
        )


@pytest.mark.parametrize("how", ["expired", "replaced", "done", "revoked"])
def test_a_cookie_of_a_link_that_ended_opens_nothing(how, world, now):
    link = world.rows["link_id"]
    browser = holder(link, proven=True)
    end(link, how, now)
    assert closed_to(browser, world) == {}


def test_before_the_birth_date_every_page_leads_to_the_start(world):
    browser = holder(world.rows["link_id"], proven=False)
    start, found = addresses(world)["consent_start"], {}
    for name, address in addresses(world).items():
        response = ask(browser, "get", address)
        found[name] = response.status_code, response.headers.get("Location")
    wanted = dict.fromkeys(PAGES, (302, start)) | {"consent_start": (200, None)}
    open_to_all = {"consent_language": (NO_METHOD, None), "consent_paper": (200, None)}
    assert found == wanted | open_to_all


def test_before_the_birth_date_the_start_names_nobody_but_who_asks(world):
    browser = holder(world.rows["link_id"], proven=False)
    page = told(ask(browser, "get", addresses(world)["consent_start"]))
    request = world.rows["request"]
    assert [word for word in world.secrets if word in page] == []
    assert (request.case.counsellor.name in page, request.version.title("zh") in page) == (
        True,
        True,
    )


def test_before_the_birth_date_a_post_changes_nothing_but_language_and_paper(world):
    browser = holder(world.rows["link_id"], proven=False)
    before = AuditEntry.objects.count(), RequestEvent.objects.count()
    for name in PAGES - {"consent_start", "consent_language", "consent_paper"}:
        browser.post(addresses(world)[name], {"choice": "agree", "reason": "x", "method": "typed"})
    assert (AuditEntry.objects.count(), RequestEvent.objects.count()) == before


def test_with_cookie_and_birth_date_the_pages_open(world):
    browser = holder(world.rows["link_id"], proven=True)
    assert {
        name: ask(browser, "get", address).status_code for name, address in addresses(world).items()
    } == OPEN


def test_every_page_that_names_the_national_numbers_says_where_they_reach(world):
    browser, named = holder(world.rows["link_id"], proven=True), {}
    for name in sorted(PAGES):
        page = ask(browser, "get", addresses(world)[name]).content.decode()
        if 'href="tel:119"' in page:
            named[name] = "在臺灣" in page
    read = {name for name, answer in OPEN.items() if answer == 200}
    assert named == dict.fromkeys(read | {"consent_document"}, True)


def test_one_browser_may_hold_two_links_and_shows_each_its_own(world, other_link):
    browser = holder(world.rows["link_id"], proven=True)
    browser.cookies.update(holder(other_link, proven=True).cookies)
    mine = told(browser.get(f"/d/{world.rows['link_id'].pk}/print/"))
    theirs = told(browser.get(f"/d/{other_link.pk}/print/"))
    names = world.rows["request"].signer.name, "何處暑測試"
    assert [[name in page for name in names] for page in (mine, theirs)] == [
        [True, False],
        [False, True],
    ]


def test_a_birth_date_opens_only_its_own_link(world, other_link):
    browser = holder(other_link, proven=False)
    browser.cookies.update(holder(world.rows["link_id"], proven=False).cookies)
    form = {"birth_date": BORN.isoformat(), "electronic": "on"}
    assert browser.post(f"/d/{other_link.pk}/", form).url == f"/d/{other_link.pk}/items/1/"
    assert browser.get(f"/d/{other_link.pk}/items/1/").status_code == 200
    refused = browser.get(addresses(world)["consent_done"])
    assert (refused.status_code, refused.url) == (302, addresses(world)["consent_start"])


def test_the_fifth_wrong_birth_date_closes_the_door_to_the_right_one_too(world, other_link):
    browser = holder(other_link, proven=False)
    address, right = f"/d/{other_link.pk}/", {"birth_date": BORN.isoformat(), "electronic": "on"}
    wrong = right | {"birth_date": "1980-01-01"}
    answers = [browser.post(address, wrong).status_code for _n in range(MOST_TRIES)]
    assert (answers, browser.post(address, right).status_code) == ([200] * MOST_TRIES, 200)
    assert Task.objects.filter(kind="consent_locked").count() == 1
    assert Request.objects.get(pk=other_link.subject.removeprefix("request:")).state == "sent"


@pytest.mark.parametrize("page", ["consent_decline", "consent_paper", "consent_language"])
def test_a_signed_request_takes_no_other_way_any_more(page, world):
    browser = holder(world.rows["link_id"], proven=True)
    before = RequestEvent.objects.count()
    answer = browser.post(addresses(world)[page], {"language": "en"})
    assert answer.status_code == 302
    assert RequestEvent.objects.count() == before


@pytest.mark.parametrize("way", ["/read/nothing/", "/read/annex_x/"])
def test_what_a_request_does_not_have_is_not_found(way, world):
    browser = holder(world.rows["link_id"], proven=True)
    assert browser.get(addresses(world)["consent_start"].rstrip("/") + way).status_code == 404


@pytest.mark.parametrize("which", ["live", "unknown", "invitation"])
def test_asking_for_a_new_link_answers_alike(which, world):
    tokens = {
        "live": world.rows["token"],
        "unknown": "a" * 43,
        "invitation": Link.objects.get(purpose="invitation").token,
    }
    answer = Client().post(f"/d/new-link/{tokens[which]}/")
    plain = Client().post("/d/new-link/x/")
    assert (answer.status_code, text_of(answer)) == (200, text_of(plain))
