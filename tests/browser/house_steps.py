"""An administrator's way: the clinic, its psychologist, its approval, its forms."""

from django.utils import translation
from playwright.sync_api import Page

from clinic.accounts.models import User
from clinic.organisation.setup import SetUp
from clinic.staff.models import Approval
from consent.figures import BEFORE_A_UNIT
from tests.browser.steps import address, arrive, choose, fill, follow, press, send

COUNSELLOR = "guyu@clinic.example"
CLINIC = {
    "name": "廿四節氣心理諮商所（虛構）",
    "licence_number": "示範開業字第 0001 號",
    "phone": "0000-000-001",
    "street": "示範路 1 號",
    "communication_system": "示範視訊",
    "neutral_name": "節氣工作室",
    "neutral_phone": "0000-000-002",
}
WENSHAN = {"county": "63000", "town_id": "63000080"}
EVER = {"starts_on": "2026-01-01", "last_day": "2040-12-31"}


def set_up_clinic(page: Page) -> None:
    """The steps of the set-up that need nobody else."""
    with translation.override("zh-hant"):
        missing = [str(words) for _step, words in SetUp.look_up(Approval.objects.all()).missing()]
    task = page.locator("main .task", has=page.locator('a[href="/setup/"]'))
    assert "、".join(missing) in task.inner_text()
    task.locator("a").click()
    follow(page, "/setup/clinic/")
    fill(page, **CLINIC)
    choose(page, **WENSHAN)
    send(page, "/setup/")
    follow(page, "/setup/premises/new/")
    fill(page, name="文山本所", street="示範路 1 號")
    choose(page, **WENSHAN)
    send(page, "/setup/")
    page.locator('main a[href$="/rooms/new/"]').click()
    fill(page, name="春室")
    send(page, "/setup/")
    follow(page, "/setup/hours/")
    for day in range(1, 8):
        fill(page, **{f"opens_{day}": "09:00", f"closes_{day}": "21:00"})
    send(page, "/setup/")


def invite_counsellor(page: Page) -> str:
    """Invite the psychologist in charge, as the set-up asks; return the address of her page."""
    follow(page, "/staff/invite/")
    fill(page, name="周穀雨", email=COUNSELLOR)
    page.check("main [name=roles][value=counsellor]")
    choose(page, kind="counselling")
    send(page, r"/staff/\d+/")
    member = address(page)
    page.goto("/setup/")
    follow(page, "/setup/responsible/")
    choose(page, responsible=str(User.objects.get(email=COUNSELLOR).pk))
    send(page, "/setup/")
    return member


def enter_approval(page: Page) -> None:
    """The approval with its ways and premises, and the psychologist whom it names."""
    follow(page, "/approvals/new/")
    choose(page, county_id="63000")
    fill(page, number="示範核字第 0001 號", starts_on="2026-01-01", medical_partner="示範醫院")
    for box in ("[name=channels][value=video]", "[name=channels][value=telephone]"):
        page.check(f"main {box}")
    page.check("main [name=premises]")
    send(page, r"/approvals/\d+/")
    approval = address(page)
    follow(page, f"{approval}people/new/")
    page.select_option("main [name=practitioner]", index=1)
    fill(page, starts_on="2026-01-01")
    send(page, approval)
    page.goto("/setup/")
    assert page.locator(".state[data-state=fix]").count() == 0


def enter_licence(page: Page, member: str) -> None:
    """Her certificate and her practice licence."""
    page.goto(member)
    follow(page, f"{member}credentials/new/")
    choose(page, kind="certificate")
    fill(page, number="示範諮心字第 000101 號", starts_on="2020-01-01")
    send(page, member)
    follow(page, f"{member}credentials/new/")
    choose(page, kind="practice_licence", county_id="63000")
    page.select_option("main [name=premises]", index=1)
    fill(page, number="示範執業字第 000101 號", **EVER)
    send(page, member)


def publish_forms(page: Page) -> None:
    """Fill in what the forms ask of the clinic, in two languages, and publish them."""
    page.goto("/forms/")
    follow(page, "/forms/particulars/")
    for field in page.locator("main form input[type=text]").all():
        key, language = field.get_attribute("name").rsplit("_", 1)
        if not field.input_value():
            words = {"zh": "依現場公告（示範）", "en": "as posted (demo)"}[language]
            field.fill("1,000" if key in BEFORE_A_UNIT else words)
    send(page, "/forms/")
    press(page, "/forms/publish/", "/forms/")
    assert page.locator("main tbody tr").count() == 3


def log_training(page: Page) -> None:
    """Her own entry, from her own page of staff."""
    page.locator("header .me summary").click()
    page.locator('header .me a[href^="/staff/"]').click()
    arrive(page, r"/staff/\d+/")
    member = address(page)
    follow(page, f"{member}training/")
    follow(page, f"{member}training/new/")
    choose(page, category="telecounselling")
    fill(
        page,
        title="通訊諮商的知能與限制",
        day="2026-01-10",
        hours="6",
        organiser="示範學會（虛構）",
    )
    send(page, f"{member}training/")
    page.goto(member)
    assert page.locator("main .finding [data-state=fix]").count() == 0
