"""What paper shows: whose it is, each thing once, and nothing that its reader did not open."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils.translation import override
from playwright.sync_api import Page
from pypdf import PdfReader

from clinic.clients.actions import register_client
from clinic.kernel.dates import meeting
from clinic.organisation.models import Clinic
from tests.browser.conftest import DESK
from tests.browser.steps import sign_in
from tests.browser.test_axe import ADMIN, COUNSELLOR, SIGNER, demo, enter
from tests.browser.test_large_text import in_english

__all__ = ["demo"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
OVERSEER = "lichun"
NUMBER = "0000-000-031"
BLACK = "rgb(0, 0, 0)"
STYLES = [Path(finders.find(f"css/{name}.css")).read_text() for name in ("tokens", "client")]
TOKENS = ["color-scheme", *{*re.findall(r"--[a-z0-9-]+(?=:)", "".join(STYLES))}]


def printed(page: Page) -> str:
    """Return the words of the page as it is printed: only those that are drawn."""
    return page.locator("main").inner_text()


def test_a_masked_number_is_printed_only_once_it_was_shown(window, counsellor, clinic, now):
    values = {"name": "江小滿", "birth_date": date(1990, 5, 1), "sex": "female", "phone": NUMBER}
    person = register_client(values=values, by=counsellor, now=now)
    with window(DESK) as page:
        sign_in(page, counsellor)
        page.goto(f"/clients/{person.pk}/")
        page.emulate_media(media="print")
        assert NUMBER not in printed(page)
        page.emulate_media(media="screen")
        page.locator(".reveal summary").first.click()
        page.emulate_media(media="print")
        assert NUMBER in printed(page)


def test_the_crisis_page_shows_its_numbers_once_and_over_nothing(demo, window):
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(demo.address("/sessions/<int:pk>/crisis/"))
        page.emulate_media(media="print")
        for part in (".crisis-bar", ".crisis-dock"):
            assert page.locator(part).evaluate("e => getComputedStyle(e).position") == "static"
        assert page.locator(".call-first").evaluate("e => getComputedStyle(e).color") == BLACK


def test_whom_to_call_is_printed_with_the_numbers_that_the_screen_shows(demo, window):
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(demo.address("/sessions/<int:pk>/"))
        numbers = page.locator("main a[href^='tel:']:visible").all_inner_texts()
        page.emulate_media(media="print")
        on_paper = printed(page).split()
    shown = [number.split()[0] for number in numbers]
    assert shown[-3:] == ["119", "110", "1925"]
    assert [number for number in shown if number not in on_paper] == []


def test_a_page_of_staff_names_the_clinic_and_leaves_out_the_menu(demo, window):
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto("/")
        page.emulate_media(media="print")
        assert page.locator(".frame").inner_text() == Clinic.objects.get().name


def test_a_printed_page_of_staff_says_of_when_it_is_and_numbers_its_sheets(demo, window):
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(demo.address("/clients/<int:pk>/history/"))
        in_english(page)
        page.reload()
        assert page.locator(".print-only").is_hidden()
        sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    said = [" ".join(sheet.extract_text().split()) for sheet in sheets]
    assert len(re.findall(r"Printed as of \d{4}-\d\d-\d\d \d\d:\d\d", said[0])) == 1
    numbers = [f"{number} / {len(said)}" for number in range(1, len(said) + 1)]
    assert [
        number for number, words in zip(numbers, said, strict=True) if number in words
    ] == numbers


def test_the_sheet_for_the_client_bears_no_number(demo, window):
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(demo.address("/clients/<int:pk>/places/<int:place>/paper/"))
        (sheet,) = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert "1 / 1" not in sheet.extract_text()


def test_a_signer_prints_her_answers_by_a_button(demo, window):
    with window(DESK) as page:
        enter(page.context, SIGNER)
        page.goto(demo.address("/d/<int:link_id>/print/"))
        page.evaluate("window.print = () => { window.printed = true; }")
        page.locator("[data-print]").click()
        assert page.evaluate("window.printed")
        page.emulate_media(media="print")
        assert page.locator("[data-print]").is_hidden()


def test_a_log_and_a_draft_say_on_paper_whose_they_are(demo, window):
    said = []
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.emulate_media(media="print")
        for address in (f"/staff/{demo.rows['member'].pk}/training/", "/sessions/<int:pk>/note/"):
            page.goto(demo.address(address))
            said += page.locator(".page-head .meta span").all_inner_texts()
    assert said == ["周穀雨", "江小滿", demo.rows["case"].code]


def test_a_printed_history_says_whose_it_is(demo, window):
    case, session = demo.rows["case"], demo.rows["session"]
    with override("zh-hant"):
        day = meeting(session.starts_at, kept=True)
    of_session = f"{session.case.code}・江小滿・{day}"
    read = {
        COUNSELLOR: {"cases": case.code, "clients": "江小滿", "sessions": of_session},
        ADMIN: {"staff": "周穀雨", "approvals": demo.rows["approval"].number},
    }
    said = {}
    with window(DESK) as page:
        for reader, expected in read.items():
            enter(page.context, reader)
            page.emulate_media(media="print")
            said[reader] = {}
            for kind in expected:
                page.goto(demo.address(f"/{kind}/<int:pk>/history/"))
                said[reader][kind] = page.locator(".page-head .intro").inner_text()
    assert said == read


def test_paper_asks_no_remark_of_who_reads_of_a_start_with_a_reason(demo, window):
    shown = {}
    with window(DESK) as page:
        enter(page.context, OVERSEER)
        page.goto(demo.address("/despite/<int:pk>/"))
        for media in ("screen", "print"):
            page.emulate_media(media=media)
            shown[media] = page.locator("main form textarea").is_visible()
    assert shown == {"screen": True, "print": False}


def test_without_colours_what_can_be_fixed_is_told_from_what_stops_it(demo, window):
    style = "ticks => ticks.map(tick => getComputedStyle(tick).backgroundImage)"
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto("/")
        page.emulate_media(media="print")
        ready, fixed, stops = page.locator(".legend i").evaluate_all(style)
    assert (ready, fixed, stops.partition("(")[0]) == ("none", "none", "linear-gradient")


def test_a_printed_assessment_begins_on_its_first_sheet(demo, window):
    reading = demo.rows["assessment"]
    with window(DESK) as page:
        enter(page.context, COUNSELLOR)
        page.goto(f"/cases/{reading.case_id}/suitability/{reading.pk}/")
        in_english(page)
        page.reload()
        first_point = page.locator(".point h3").first.inner_text()
        sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert first_point in sheets[0].extract_text()


def test_paper_is_light_whatever_the_screen_is(demo, window):
    differs = {}
    with window(DESK) as page:
        for reader, address in ((COUNSELLOR, "/"), (SIGNER, "/d/<int:link_id>/print/")):
            enter(page.context, reader)
            page.goto(demo.address(address))
            light = colours_of_paper(page, "light")
            differs[reader] = colours_of_paper(page, "dark") - light
            page.evaluate("document.documentElement.dataset.theme = 'dark'")
            differs[reader] |= colours_of_paper(page, "light") - light
            assert ("--paper", "#fff") in light
    assert differs == {COUNSELLOR: set(), SIGNER: set()}


def colours_of_paper(page: Page, theme: str) -> set[tuple[str, str]]:
    """Return each token and its value, as a page is printed in a browser of this theme."""
    page.emulate_media(media="print", color_scheme=theme)
    style = "getComputedStyle(document.documentElement).getPropertyValue(name)"
    read = page.evaluate(f"names => names.map(name => [name, {style}])", TOKENS)
    return {(name, value) for name, value in read}
