"""The psychologist's way with a client: file, consent, suitability, crisis profile, booking."""

import re
from datetime import datetime

from django.utils import translation
from playwright.sync_api import Page, expect

from clinic.kernel.action import VERBS
from clinic.people import national_id
from crisis.models import Choice, Risk
from sessions.suitability.rules import note_field, rating_field
from sessions.suitability.words import POINTS
from tests.browser.steps import address, arrive, choose, fill, follow, press, send, tick

CLIENT = "xiaoman@client.example"
DOUBTFUL_ID = "A123456788"  # of the right form; its check digit would be 9
CALL = "https://video.clinic.example/room-chun"


def add_client(page: Page) -> str:
    """Add a client by a birth date in ROC years and a doubtful number; return her page's address."""
    follow(page, "/clients/new/")
    fill(page, name="江小滿", birth_date="81-05-21", national_id=DOUBTFUL_ID)
    fill(page, phone="0000-000-011", email=CLIENT)
    tick(page, sex="female")
    choose(page, registered_county="65000", registered_town="65000060")
    fill(page, registered_address="示範路 1 號")
    send(page, r"/clients/\d+/")
    with translation.override("zh-hant"):
        doubt = national_id.doubt(DOUBTFUL_ID)
    assert page.locator("main time[datetime='1992-05-21']").count() == 1
    assert doubt in page.locator("main").inner_text()
    return address(page)


def add_place(page: Page, client: str) -> None:
    follow(page, f"{client}places/new/")
    fill(page, label="家", street="示範路 11 號 3 樓")
    choose(page, county="63000", town="63000080")
    send(page, client)


def add_contact_and_case(page: Page, client: str) -> str:
    """Return the address of the case."""
    follow(page, f"{client}contacts/new/")
    fill(page, name="江立秋", relation="姊妹", phones="0000-000-041")
    send(page, client)
    assert "江立秋" in page.locator(".contacts").first.inner_text()
    follow(page, f"{client}cases/new/")
    send(page, r"/cases/\d+/")
    assert re.fullmatch(r"C-\d{5}", page.locator("h1").inner_text())
    return address(page)


def read_history(page: Page, client: str, case: str) -> None:
    verbs = ("case.open", "contact.add", "place.add", "person.register")
    with translation.override("zh-hant"):
        said = {verb: str(VERBS[verb]) for verb in verbs}
    page.goto(client)
    follow(page, f"{client}history/")
    lines = page.locator(".timeline li > div").all_inner_texts()
    assert [words in line for words, line in zip(said.values(), lines, strict=True)] == [True] * 4
    assert all("周穀雨" in line for line in lines)
    page.goto(f"{case}history/")
    assert said["case.open"] in page.locator(".timeline li > div").inner_text()


def ask_for_consent(page: Page, case: str) -> str:
    """Return the address of the request."""
    page.goto(case)
    press(page, f"{case}consent/send/", r"/consent/\d+/")
    return address(page)


def explain(page: Page, request: str) -> None:
    """From the to-do on Today: the explanation was given by video, of every item."""
    page.goto("/")
    follow(page, request)
    follow(page, f"{request}explain/")
    tick(page, channel="video")
    page.locator("[data-tick-all]").click()
    send(page, request)


def countersign(page: Page, request: str) -> None:
    page.goto("/")
    follow(page, request)
    press(page, f"{request}countersign/", request)


def assess(page: Page, case: str) -> None:
    """Every point suits, each for a reason; telecounselling can go on."""
    page.goto(case)
    follow(page, f"{case}suitability/new/")
    for point in POINTS:
        tick(page, **{rating_field(point): "4"})
        fill(page, **{note_field(point): "依初談所見（示範）"})
    tick(page, compare="same", outcome="proceed")
    send(page, rf"{case}suitability/\d+/")


def write_crisis_profile(page: Page, case: str) -> None:
    """One number of her own, the others looked up; no risk seen; limits and plan talked about."""
    page.goto(case)
    page.locator('main a[href*="/places/"][href$="/crisis/"]').click()
    arrive(page, r"/clients/\d+/places/\d+/crisis/")
    for kind in Choice.Kind:
        tick(page, **{f"{kind}_pick": "none"})
    tick(page, hospital_pick="typed")
    fill(page, hospital_name="示範醫院急診", hospital_number="0000-000-119")
    for risk in Risk.Kind:
        tick(page, **{f"risk_{risk}": "none"})
    fill(page, limits_explained_on="2026-01-10", out_of_hours_plan="打 1925；有危險打 119。")
    send(page, r"/clients/\d+/")


def book(page: Page, case: str, at: datetime) -> str:
    """Book a video session; return its address."""
    page.goto(case)
    follow(page, f"{case}sessions/new/")
    fill(page, day=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}", call_link=CALL)
    tick(page, channel="video")
    page.select_option("main [name=room]", index=1)
    page.locator("main form button[name=look]").click()
    expect(page.locator("#preview .finding[data-state=go]")).to_be_visible()
    send(page, r"/sessions/\d+/")
    return address(page)
