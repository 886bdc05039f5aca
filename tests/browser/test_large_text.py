"""A phone with the largest text, or with words longer than Chinese ones, in the hardest places."""

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.sessions_shown import a_session
from tests.browser.sight import SQUEEZED, TOO_WIDE
from tests.browser.test_axe import COUNSELLOR, demo, enter

__all__ = ["demo"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]


def in_large_text(page: Page) -> None:
    page.add_init_script("localStorage.setItem('text', 'xl')")


def in_english(page: Page) -> None:
    english = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en"}
    page.context.add_cookies([english | {"url": settings.PUBLIC_BASE_URL}])


def test_while_a_session_runs_the_frame_keeps_to_the_phone(demo, window):
    """Two crisis buttons, of the one that runs and of the one looked at, and her own menu."""
    waits = a_session(demo.rows["client"], timezone.now(), 5)
    with window(PHONE) as page:
        enter(page.context, COUNSELLOR)
        in_large_text(page)
        page.goto(f"/sessions/{waits.pk}/")
        expect(page.locator(".frame .btn-alarm:visible")).to_have_count(2)
        assert page.evaluate(TOO_WIDE) == []
        page.locator(".me > summary").click()
        expect(page.locator(".me .menu")).to_be_in_viewport(ratio=0.9)


def test_a_name_of_today_has_room_for_its_words(demo, window):
    with window(PHONE) as page:
        enter(page.context, COUNSELLOR)
        in_large_text(page)
        in_english(page)
        page.goto("/")
        expect(page.locator(".slot h3 a").first).to_be_visible()
        assert page.evaluate(SQUEEZED) == []


def at_hour(hour: int) -> datetime:
    """Tomorrow in Taipei, at ``hour``."""
    tomorrow = timezone.localtime() + timedelta(days=1)
    return tomorrow.replace(hour=hour, minute=0, second=0, microsecond=0)


CUT = "links => links.filter(link => link.scrollHeight > link.clientHeight).length"


def test_a_week_in_english_says_whole_words(demo, window):
    tomorrow = a_session(demo.rows["client"], at_hour(10), 0)
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        in_english(page)
        page.goto(f"/calendar/?day={timezone.localdate(tomorrow.starts_at)}")
        alone = page.locator(".day-events:not([class*=lanes]) .event-slot a")
        expect(alone.get_by_text(re.compile("missing|start")).first).to_be_visible()
        assert alone.evaluate_all(CUT) == 0


@pytest.mark.parametrize("minutes", [10, 30, 40])
def test_a_short_session_has_room_for_its_time_and_name(demo, window, minutes):
    """What the gate says of it is told by its shape, and in words to who cannot see that."""
    start = at_hour(3)
    during = (start, start + timedelta(minutes=minutes))
    short = a_session(demo.rows["client"], start, 0, during=during)
    narrow = "name => name.scrollWidth > name.clientWidth"
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(f"/calendar/?day={timezone.localdate(start)}")
        link = page.locator(f".event-slot a[href='/sessions/{short.pk}/']")
        expect(link.locator("time")).to_have_text("03:00")
        cut = (link.evaluate_all(CUT), link.locator("strong").evaluate(narrow))
        assert cut == (0, False)


def test_half_hours_one_after_the_other_stand_below_each_other(demo, window):
    start, half = at_hour(3), timedelta(minutes=30)
    for begins in (start, start + half):
        a_session(demo.rows["client"], begins, 0, during=(begins, begins + half))
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(f"/calendar/?view=day&day={timezone.localdate(start)}")
        early, late = (link.bounding_box() for link in page.locator(".event-slot a").all()[:2])
        below = late["y"] >= early["y"] + early["height"]
        assert (early["x"] == late["x"], below, early["height"] >= 24) == (True, True, True)


def test_the_guideline_map_scrolls_inside_itself_where_the_text_is_large(demo, window):
    with window(DESK | {"width": 1030}) as page:
        enter(page.context, COUNSELLOR)
        in_large_text(page)
        page.goto("/guideline/")
        assert page.evaluate(TOO_WIDE) == []
        table = page.get_by_role("region").filter(has=page.locator(".clauses"))
        assert table.evaluate("box => box.scrollWidth > box.clientWidth && box.tabIndex === 0")
