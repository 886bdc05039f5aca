"""The way through the first slice: from an empty database to a client's case, in a browser."""

import io
import re

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from clinic.accounts.models import Authenticator, User
from clinic.accounts.second_step import current_code
from clinic.kernel.action import VERBS
from clinic.kernel.outbox.delivery import deliver_due
from clinic.organisation.setup import missing_steps
from clinic.people import national_id
from tests.browser.conftest import DESK, PHONE
from tests.browser.sight import TOO_WIDE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]

PASSWORD = "twenty-four seasons"
ADMIN, COUNSELLOR = "lixia@clinic.example", "guyu@clinic.example"
DOUBTFUL_ID = "A123456788"  # of the right form; its check digit would be 9

CLINIC = {
    "name": "廿四節氣心理諮商所（虛構）",
    "licence_number": "示範開業字第 0001 號",
    "phone": "0000-000-001",
    "street": "示範路 1 號",
    "communication_system": "示範視訊",
    "neutral_name": "節氣工作室",
    "neutral_phone": "0000-000-002",
}


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)


def choose(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.select_option(f"main select[name={name}]", value)


def send(page: Page, leads_to: str) -> None:
    """Press the form's button; ``leads_to`` is a pattern of the address one then stands at."""
    page.locator("main form button.btn-primary").click()
    arrive(page, leads_to)


def follow(page: Page, href: str) -> None:
    page.locator(f'main a[href="{href}"]').first.click()
    arrive(page, re.escape(href))


def arrive(page: Page, pattern: str) -> None:
    expect(page).to_have_url(re.compile(rf"^http://[^/]+{pattern}$"))
    page.wait_for_load_state()
    assert page.evaluate(TOO_WIDE) == [], page.url


def mailed_link(mailbox: list, address: str) -> str:
    """Let the worker deliver; return the link of the newest mail to ``address``."""
    deliver_due()
    mail = [m for m in mailbox if m["To"] == address][-1]
    return re.search(r"http://\S+/l/\S+", mail.get_body(("plain",)).get_content())[0]


def set_up_account(page: Page, link: str, email: str) -> None:
    """Follow an invitation: password, app, recovery codes, Today."""
    page.goto(link)
    page.locator("main form button").click()
    arrive(page, "/join/")
    fill(page, password=PASSWORD, password_again=PASSWORD)
    send(page, "/join/app/")
    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 100
    device = Authenticator.objects.get(user__email=email)
    page.locator("main details summary").click()
    assert page.locator("main .codes").inner_text().replace(" ", "") == device.key
    fill(page, code=current_code(device, timezone.now()))
    send(page, "/join/app/")
    assert page.locator(".codes li").count() == 10
    page.locator('main a[href="/"]').click()
    arrive(page, "/")


def set_up_clinic(page: Page) -> None:
    """Every step of the set-up but the psychologist in charge, who is invited first."""
    with translation.override("zh-hant"):
        missing = [str(words) for _step, words in missing_steps(has_approval=False)]
    assert "、".join(missing) in page.locator(".task p").inner_text()
    page.locator('main .task a[href="/setup/"]').click()
    follow(page, "/setup/clinic/")
    fill(page, **CLINIC)
    choose(page, county="63000", town_id="63000080")
    send(page, "/setup/")
    follow(page, "/setup/premises/new/")
    fill(page, name="文山本所", street="示範路 1 號")
    choose(page, county="63000", town_id="63000080")
    send(page, "/setup/")
    page.locator('main a[href$="/rooms/new/"]').click()
    fill(page, name="春室")
    send(page, "/setup/")
    follow(page, "/setup/hours/")
    fill(page, opens_1="09:00", closes_1="21:00")
    send(page, "/setup/")
    page.locator('main form[action="/setup/no-approval/"] button').click()
    arrive(page, "/setup/")


def invite_counsellor(page: Page) -> None:
    page.goto("/staff/")
    follow(page, "/staff/invite/")
    fill(page, name="周穀雨", email=COUNSELLOR)
    page.check("main [name=roles][value=counsellor]")
    choose(page, kind="counselling")
    send(page, r"/staff/\d+/")
    page.goto("/setup/responsible/")
    choose(page, responsible=str(User.objects.get(email=COUNSELLOR).pk))
    send(page, "/setup/")
    assert page.locator(".missing li").count() == 0
    page.goto("/")
    assert page.locator(".missing li").count() == 0


def add_client(page: Page) -> str:
    """Add a client by a birth date in ROC years and a doubtful number; return her page's address."""
    follow(page, "/clients/new/")
    fill(page, name="江小滿", birth_date="81-05-21", national_id=DOUBTFUL_ID, phone="0000-000-011")
    page.locator("main label", has=page.locator("[name=sex][value=female]")).click()
    choose(page, registered_county="65000", registered_town="65000060")
    fill(page, registered_address="示範路 1 號")
    send(page, r"/clients/\d+/")
    with translation.override("zh-hant"):
        doubt = national_id.doubt(DOUBTFUL_ID)
    assert page.locator("main time[datetime='1992-05-21']").count() == 1
    assert doubt in page.locator("main").inner_text()
    return re.search(r"/clients/\d+/", page.url)[0]


def add_contact_and_case(page: Page, client: str) -> str:
    """Return the address of the case."""
    follow(page, f"{client}contacts/new/")
    fill(page, name="江立秋", relation="姊妹", phones="0000-000-041")
    send(page, client)
    assert "江立秋" in page.locator(".contacts").inner_text()
    follow(page, f"{client}cases/new/")
    send(page, r"/cases/\d+/")
    assert re.fullmatch(r"C-\d{5}", page.locator("h1").inner_text())
    return re.search(r"/cases/\d+/", page.url)[0]


def read_history(page: Page, client: str, case: str) -> None:
    with translation.override("zh-hant"):
        said = {verb: str(VERBS[verb]) for verb in ("case.open", "contact.add", "person.register")}
    page.goto(client)
    follow(page, f"{client}history/")
    lines = page.locator(".timeline li > div").all_inner_texts()
    assert [words in line for words, line in zip(said.values(), lines, strict=True)] == [True] * 3
    assert all("周穀雨" in line for line in lines)
    page.goto(f"{case}history/")
    assert said["case.open"] in page.locator(".timeline li > div").inner_text()


def sign_in_again(page: Page) -> None:
    """A minute later, because the code of the first time is spent."""
    page.locator("header .me summary").click()
    page.locator('header form[action="/sign-out/"] button').click()
    arrive(page, "/sign-in/")
    fill(page, email=COUNSELLOR, password=PASSWORD)
    send(page, "/sign-in/code/")
    with time_machine.travel(timezone.now() + timezone.timedelta(minutes=1)):
        device = Authenticator.objects.get(user__email=COUNSELLOR)
        fill(page, code=current_code(device, timezone.now()))
        send(page, "/")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_from_an_empty_database_to_a_case(viewport, window, mailbox):
    call_command("first_admin", ADMIN, name="石立夏", stdout=io.StringIO())
    with window(viewport) as page:
        set_up_account(page, mailed_link(mailbox, ADMIN), ADMIN)
        set_up_clinic(page)
        invite_counsellor(page)
    with window(viewport) as page:
        set_up_account(page, mailed_link(mailbox, COUNSELLOR), COUNSELLOR)
        client = add_client(page)
        case = add_contact_and_case(page, client)
        read_history(page, client, case)
        sign_in_again(page)
    assert [mail["To"] for mail in mailbox] == [ADMIN, COUNSELLOR]
