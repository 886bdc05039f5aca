"""A real browser (the system's Chromium) against a live server, which works as the serving role."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from shutil import which

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from tests.browser.sight import AXE

# The first is Chromium without what only a person at a screen needs: half the work.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(which, PROGRAMS)))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--js-flags=--no-maglev --no-turbofan",  # a page lives a second: making its code fast costs more
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",  # nobody else can be reached
]
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 900}
PATIENCE = 30_000  # milliseconds: a machine may stand still for seconds; a test that fails waits
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright's own loop runs in this thread, which Django would refuse to share.

    It ends with these tests: others run loops of their own. Django keeps other connections within
    it than without; none is left open in either, so that nobody meets one that was ended.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    with sync_playwright() as running:
        yield running
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser a worker; it keeps nothing between contexts."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


class KeptFiles(StaticFilesHandler):
    """Static files that a window keeps, as in production, where their names carry a hash."""

    def serve(self, request):
        response = super().serve(request)
        response["Cache-Control"] = "max-age=31536000, immutable"
        return response


@pytest.fixture(scope="session")
def live_server(django_db_setup) -> Iterator[LiveServer]:
    """A server that ends before the database does, and gives each connection back at once."""
    connections.settings["default"]["CONN_MAX_AGE"] = 0
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = KeptFiles
    server.start()
    yield server
    server.stop()


@pytest.fixture
def site(settings, live_server) -> str:
    """The address of the live server, which mailed links carry as well."""
    settings.PUBLIC_BASE_URL = live_server.url
    return live_server.url


class Watched:
    """What a browser complained about while it was used, and whom it wanted to reach."""

    def __init__(self, context: BrowserContext, site: str, reaches: str):
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.known = tuple(filter(None, (f"{site}/", "data:", reaches)))
        context.on("page", self._watch)
        context.on("request", self._meet)

    def _watch(self, page: Page) -> None:
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _note(self, message) -> None:
        answered = message.text.startswith("Failed to load resource: the server responded with")
        of_the_page = message.location["url"] == message.page.url
        if message.type in ("error", "warning") and not (answered and of_the_page):
            self.complaints.append(f"{message.page.url}: {message.text}")

    def _meet(self, request) -> None:
        if not request.url.startswith(self.known):
            self.strangers.append(request.url)


@pytest.fixture
def window(chromium: Browser, site: str):
    """``window(viewport)`` opens a fresh, watched window. No complaint may be left at the end.

    ``reaches`` is the one address outside the site that the pages may lead to; with ``axe`` each
    page begins with that script, for ``sight.problems``.
    """

    @contextmanager
    def opened(viewport: dict[str, int], reaches: str = "", *, axe: bool = False) -> Iterator[Page]:
        context = chromium.new_context(
            base_url=site,
            viewport=viewport,
            locale="zh-TW",
            timezone_id="Asia/Taipei",
            reduced_motion="reduce",  # a colour under way from one theme to the other is neither
        )
        context.set_default_timeout(PATIENCE)
        if axe:
            context.add_init_script(AXE)
        watched = Watched(context, site, reaches)
        yield context.new_page()
        for page in context.pages:  # a request that runs on would disturb the emptying of tables
            page.wait_for_load_state("networkidle")
        context.close()
        assert (watched.complaints, watched.strangers) == ([], [])

    return opened
