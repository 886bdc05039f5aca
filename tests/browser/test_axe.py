"""Every page in a phone's window: nothing that axe finds, nothing wider, no complaint, no stranger."""

import re

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.utils import timezone

from clinic.accounts.models import Authenticator, User
from clinic.accounts.second_step import current_code
from clinic.kernel import access_table
from clinic.kernel.links import cookie
from clinic.kernel.links.models import Link
from clinic.people.birth_proof import MOST_TRIES
from consent import actions, signing
from consent.models import Request
from tests.accounts.conftest import mailed_link
from tests.browser.conftest import PHONE
from tests.browser.demo_world import demo_world, link_of, request_of
from tests.browser.sight import problems
from tests.conftest import sign_in
from tests.world import World, prepare

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

ADMIN, COUNSELLOR, NOBODY, HALFWAY = "lixia", "guyu", "", "guyu, password only"
SIGNER = "a signer"  # the holder of a link, with her birth date proven
# Pages that only open on the way through a mailed link; ``test_the_doors`` goes that way.
DOORS = {"join", "enrol", "password_new"}


def html_pages() -> dict[str, access_table.Row]:
    return {row.name: row for row in access_table.rows() if row.html}


def reader_of(row: access_table.Row) -> str:
    """Return who looks at a page: an administrator where she may, else a counsellor."""
    if row.policy in ("public", "demo"):
        return NOBODY
    if row.policy == "password":
        return HALFWAY
    if row.policy == "link":
        return SIGNER
    of_clients = re.match(r"/(clients|cases|consent|sessions|calendar|despite)/", row.url)
    return COUNSELLOR if of_clients else ADMIN


def groups() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, row in html_pages().items():
        if name not in DOORS:
            found.setdefault(reader_of(row), []).append(name)
    return found


@pytest.fixture
def demo(demo_clinic, settings, tmp_path, site) -> World:
    settings.DEMO_MAIL_DIR = str(tmp_path)
    return demo_world()


def enter(context, reader: str) -> None:
    """Give a browser the session of one of the demo's people."""
    key, _comma, halfway = reader.partition(",")
    context.clear_cookies()
    if reader == SIGNER:
        hold(context, *map(link_of, Request.objects.all()))
        hold(context, *Link.objects.filter(purpose=Link.Purpose.APPOINTMENT), proven=False)
    elif key:
        user = User.objects.get(email=f"{key}@clinic.example")
        session = sign_in(user, verified=not halfway).cookies[django_settings.SESSION_COOKIE_NAME]
        url = django_settings.PUBLIC_BASE_URL
        context.add_cookies([{"name": session.key, "value": session.value, "url": url}])


def hold(context, *links: Link, proven: bool = True) -> None:
    """Give a browser the cookies of exchanged links."""
    url = django_settings.PUBLIC_BASE_URL
    for link in links:
        (given,) = cookie.give(HttpResponse(), link, proven=proven).cookies.values()
        context.add_cookies([{"name": given.key, "value": given.value, "url": url}])


@pytest.mark.parametrize("readers", [(ADMIN,), (NOBODY, HALFWAY, COUNSELLOR), (SIGNER,)])
def test_every_page_is_sound_in_both_themes(readers, demo, window):
    found = {}
    with window(PHONE, axe=True) as page:
        for reader in readers:
            enter(page.context, reader)
            for name in groups()[reader]:
                address = demo.address(html_pages()[name].url)
                answer = page.goto(address)
                opened = (answer.status, page.url.removeprefix(django_settings.PUBLIC_BASE_URL))
                if (seen := problems(page)) or opened != (200, address):
                    found[name] = [*seen, opened]
    assert found == {}


def test_every_page_is_looked_at():
    assert {*groups()} == {ADMIN, NOBODY, HALFWAY, COUNSELLOR, SIGNER}
    assert {n for names in groups().values() for n in names} | DOORS == {*html_pages()}


def test_pages_for_what_went_wrong_are_sound(demo, window):
    found, statuses = {}, []
    with window(PHONE, axe=True) as page:
        for reader, address in (
            (NOBODY, "/nowhere/"),
            (NOBODY, "/l/unknown/"),
            (NOBODY, "/join/"),
            (COUNSELLOR, "/nowhere/"),
            (COUNSELLOR, "/staff/"),
        ):
            enter(page.context, reader)
            statuses.append(page.goto(address).status)
            if seen := problems(page):
                found[reader, address] = seen
        for address in ("/clients/new/", demo.address("/clients/<int:pk>/contacts/new/")):
            page.goto(address)
            page.locator("main form button.btn-primary").click()
            page.locator(".error-summary li").first.wait_for()
            if seen := problems(page):
                found[address] = seen
    assert (found, statuses) == ({}, [404, 404, 403, 404, 403])


def test_the_states_of_a_signers_pages_are_sound(demo, window):
    """What the pages show in other states than half answered; each looked at once."""
    ready = request_of("賴小寒")
    signing.open_request(request=ready, electronic=True, by=ready.signer, now=timezone.now())
    prepare(ready, timezone.now())
    half = link_of(request_of("鄭白露")).pk
    asked = [*request_of("鄭白露").asked_items().values_list("code", flat=True)].index("A6") + 1
    addresses = {
        f"/d/{link_of(ready).pk}/review/": "main form button.btn-primary",
        f"/d/{half}/items/{asked}/": "",
        f"/d/{half}/items/2/?easy=1": "",
        f"/d/{half}/check/": "main form button",
        f"/d/{half}/read/privacy_notice/": "",
        f"/d/{link_of(request_of('高雨水')).pk}/done/": "",
        f"/d/{link_of(ready).pk}/print/": "",
        f"/d/{link_of(request_of('何處暑')).pk}/done/": "",
    }
    found = {}
    with window(PHONE, axe=True) as page:
        enter(page.context, SIGNER)
        for address, button in addresses.items():
            look(page, address, found)
            if button:  # sent empty: the same page with what is wrong
                page.locator(button).first.click()
                page.locator("main [role=alert]").first.wait_for()
                look(page, "", found)
    assert found == {}


def test_what_a_signer_meets_before_and_after_is_sound(demo, window):
    """Without a cookie, at the link, before the birth date, after five wrong ones, revoked."""
    unopened, found = link_of(request_of("方霜降")), {}
    with window(PHONE, axe=True) as page:
        look(page, f"/d/{unopened.pk}/", found, status=410)
        look(page, f"/l/{unopened.token}/", found)
        hold(page.context, unopened, proven=False)
        look(page, f"/d/{unopened.pk}/", found)
        for _n in range(MOST_TRIES):
            page.fill("[name=birth_date]", "1980-01-01")
            page.check("[name=electronic]")
            page.locator("main form button.btn-primary").click()
        look(page, f"/d/{unopened.pk}/", found)
        revoke(request_of("方霜降"))
        look(page, f"/l/{unopened.token}/", found, status=410)
        page.locator("main form button").click()
        look(page, "", found)
    assert found == {}


def revoke(request: Request) -> None:
    actions.revoke(request=request, by=request.case.counsellor, now=timezone.now())


def look(page, address: str, found: dict, *, status: int = 200) -> None:
    """Go to ``address``, or stay where one is, and add what is wrong to ``found``."""
    answered = page.goto(address).status if address else status
    if (seen := problems(page)) or answered != status:
        found[address or f"then at {page.url}"] = [*seen, answered]


def test_the_doors_are_sound(demo, window):
    member = User.objects.get(email="guyu@clinic.example")
    invited = User.objects.get(email="xiaoshu@clinic.example")
    seen, found = [], []

    def look(page, name: str) -> None:
        assert page.url.endswith(html_pages()[name].url)
        seen.append(name)
        found.extend(f"{name}: {what}" for what in problems(page))

    with window(PHONE, axe=True) as page:
        page.goto(f"/l/{mailed_link(Link.Purpose.PASSWORD_RESET, member).token}/")
        page.locator("main form button").click()
        look(page, "password_new")
        page.goto(f"/l/{mailed_link(Link.Purpose.INVITATION, invited).token}/")
        page.locator("main form button").click()
        look(page, "join")
        for name in ("password", "password_again"):
            page.fill(f"[name={name}]", "twenty-four seasons")
        page.locator("main form button.btn-primary").click()
        look(page, "enrol")
        device = Authenticator.objects.get(user=invited)
        page.fill("[name=code]", current_code(device, timezone.now()))
        page.locator("main form button.btn-primary").click()
        page.locator(".codes li").first.wait_for()
        found.extend(f"recovery codes: {what}" for what in problems(page))
    assert (found, set(seen)) == ([], DOORS)
