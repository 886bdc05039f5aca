"""What walks share: fields, buttons and addresses, the way in, and the worker between two pages."""

import re
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, expect

from clinic.accounts.models import Authenticator, User
from clinic.accounts.second_step import current_code
from clinic.kernel.outbox.delivery import deliver_due
from clinic.tasks import derive
from tests.browser.sight import TOO_WIDE
from tests.house import PASSWORD


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.fill(f"main [name={name}]", value)


def choose(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.select_option(f"main select[name={name}]", value)


def tick(page: Page, **values: str) -> None:
    """Tap the label of a radio button or a box, as a finger does."""
    for name, value in values.items():
        page.locator("main label", has=page.locator(f"[name={name}][value='{value}']")).click()


def send(page: Page, leads_to: str) -> None:
    """Press the form's button; ``leads_to`` is a pattern of the address one then stands at."""
    page.locator("main form button.btn-primary").click()
    arrive(page, leads_to)


def press(page: Page, action: str, leads_to: str) -> None:
    """Press the button that stands alone for ``action``."""
    page.locator(f'main form[action="{action}"] button').click()
    arrive(page, leads_to)


def follow(page: Page, href: str) -> None:
    page.locator(f'main a[href="{href}"]').first.click()
    arrive(page, re.escape(href))


def arrive(page: Page, pattern: str) -> None:
    expect(page).to_have_url(re.compile(rf"^http://[^/]+{pattern}$"))
    page.wait_for_load_state()
    assert page.evaluate(TOO_WIDE) == [], page.url


def address(page: Page) -> str:
    """The path at which one stands."""
    return re.sub(r"^http://[^/]+", "", page.url)


def work() -> None:
    """One beat of the worker, and what it delivers: in a thread without Playwright's loop."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(_beat).result()


def _beat() -> None:
    try:
        deliver_due()
        derive()
        deliver_due()
    finally:
        connections.close_all()


def mailed_link(mailbox: list[EmailMessage], address: str) -> str:
    """Let the worker work; return the link of the newest mail to ``address``."""
    work()
    mail = [m for m in mailbox if m["To"] == address][-1]
    return re.search(r"http://\S+/l/\S+", mail.get_body(("plain",)).get_content())[0]


def sign_in(page: Page, user: User) -> None:
    page.goto("/sign-in/")
    fill(page, email=user.email, password=PASSWORD)
    send(page, "/sign-in/code/")
    fill(page, code=current_code(Authenticator.objects.get(user=user), timezone.now()))
    send(page, "/")


def sign_out(page: Page) -> None:
    page.locator("header .me summary").click()
    page.locator('header form[action="/sign-out/"] button').click()
    arrive(page, "/sign-in/")


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
