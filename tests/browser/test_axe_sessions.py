"""The pages of sessions in the states that one look at each address does not show."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from clinic.organisation.models import OpeningHours
from clinic.people.models import Person
from sessions.booking.actions import cancel, not_attended
from sessions.course.actions import start, start_despite
from tests.browser.conftest import DESK, PHONE
from tests.browser.sessions_shown import a_session, noted
from tests.browser.test_axe import COUNSELLOR, demo, enter, look

__all__ = ["demo"]  # a fixture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
TABLET = {"width": 1024, "height": 768}
SAVE, LOOK = "main form button.btn-primary", "main form button[name=look]"


@pytest.fixture
def hers(demo) -> Person:
    return demo.rows["client"]


def refused_start(person: Person):
    """A red session whose start was refused."""
    session, now = a_session(person, timezone.now(), 5), timezone.now()
    assert start(session=session, by=session.counsellor, now=now).started is False
    return session


def cancelled(person: Person):
    session = a_session(person, timezone.now(), 600)
    return cancel(
        session=session,
        side="client",
        reason="當天要加班。",
        by=session.counsellor,
        now=timezone.now(),
    )


def absent(person: Person):
    session = a_session(person, timezone.now(), -300)
    return not_attended(session=session, by=session.counsellor, now=timezone.now())


def despite(person: Person):
    """Begun with a reason, where nothing absolute stood in the way; else still red."""
    session = a_session(person, timezone.now(), -10)
    reason = "鏡頭壞了，已用約定的話確認身分。"
    start_despite(session=session, reason=reason, by=session.counsellor, now=timezone.now())
    return session


def test_a_session_is_sound_in_every_state(demo, hers, window):
    sessions = {
        "red": refused_start(hers),
        "by telephone": a_session(hers, timezone.now(), 20, channel="telephone", call_link=""),
        "in person": a_session(hers, timezone.now(), 30, channel="in_person", call_link=""),
        "despite": despite(hers),
        "noted": noted(hers, timezone.now()),
        "cancelled": cancelled(hers),
        "absent": absent(hers),
    }
    found = {}
    with window(PHONE, axe=True) as page:
        enter(page.context, COUNSELLOR)
        for session in sessions.values():
            look(page, f"/sessions/{session.pk}/", found)
        look(page, f"/sessions/{sessions['by telephone'].pk}/door/", found)
        look(page, f"/sessions/{sessions['red'].pk}/start-despite/", found)
        for end in ("note/", "note/amend/", "history/"):
            look(page, f"/sessions/{sessions['noted'].pk}/{end}", found)
        look(page, "/", found)
        look(page, "/calendar/?view=day", found)
        look(page, f"/cases/{demo.rows['case'].pk}/", found)
    assert found == {}


def test_forms_of_a_session_are_sound_with_what_was_refused(demo, hers, window):
    """Sent empty, and looked at with a conflict."""
    session, running = a_session(hers, timezone.now(), 5), demo.rows["session"]
    case = f"/cases/{demo.rows['case'].pk}/sessions/new/"
    pages = {
        case: SAVE,
        f"/sessions/{session.pk}/cancel/": SAVE,
        f"/sessions/{running.pk}/place/": SAVE,
        f"/sessions/{running.pk}/note/": SAVE,
        f"/sessions/{running.pk}/note/amend/": SAVE,
        f"/sessions/{session.pk}/start-despite/": SAVE,
    }
    found = {}
    with window(PHONE, axe=True) as page:
        enter(page.context, COUNSELLOR)
        for address, button in pages.items():
            page.goto(address)
            page.locator(button).first.click()
            page.locator("main [role=alert]").first.wait_for()
            look(page, "", found)
        page.goto(case)
        page.fill("[name=day]", str(timezone.localdate() + timedelta(days=400)))
        page.fill("[name=time]", "10:00")
        page.fill("[name=call_link]", "https://video.clinic.example/room")
        page.select_option("[name=room]", index=1)
        page.locator(LOOK).click()
        page.locator("#preview").wait_for()
        look(page, "", found)
    assert found == {}


def test_english_words_which_are_longer_find_their_room(demo, hers, window):
    """Beside each other what stands beside each other in Chinese, as far as there is room."""
    waits, reading = a_session(hers, timezone.now(), 5), demo.rows["assessment"]
    addresses = {
        f"/sessions/{waits.pk}/": DESK,
        f"/staff/{waits.counsellor_id}/": DESK,
        "/clients/": TABLET,
        f"/sessions/{waits.pk}/crisis/": TABLET,
        f"/cases/{reading.case_id}/suitability/{reading.pk}/": PHONE,
    }
    found = {}
    with window(PHONE, axe=True) as page:
        enter(page.context, COUNSELLOR)
        english = {"name": settings.LANGUAGE_COOKIE_NAME, "value": "en"}
        page.context.add_cookies([english | {"url": settings.PUBLIC_BASE_URL}])
        for address, viewport in addresses.items():
            page.set_viewport_size(viewport)
            look(page, address, found)
        assert page.locator("html").get_attribute("lang") == "en"
    assert found == {}


def test_the_wide_pages_are_sound(demo, hers, window):
    """Two columns, the week in seven, the live page with its buttons in a row."""
    for minutes in (5, 70, 1500, 2900):
        a_session(hers, timezone.now(), minutes)
    OpeningHours.objects.filter(weekday=7).delete()
    running, found = demo.rows["session"], {}
    with window(DESK, axe=True) as page:
        enter(page.context, COUNSELLOR)
        for address in ("/", "/calendar/", "/calendar/?view=day", f"/sessions/{running.pk}/live/"):
            look(page, address, found)
    assert found == {}
