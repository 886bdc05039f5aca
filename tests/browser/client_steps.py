"""The client's way on her phone: mailed link, birth date, items, questions, signature, document."""

from playwright.sync_api import Page, expect

from consent.models import Request
from tests.browser.steps import arrive, fill

BORN = "1992-05-21"
ROC_BORN = "民國81年5月21日"


def open_link(phone: Page, link: str) -> None:
    """Follow the mailed link to the page that asks for her birth date."""
    phone.goto(link)
    phone.locator("main form button").click()
    arrive(phone, r"/d/\d+/")


def prove(phone: Page, born: str, leads_to: str) -> None:
    """Give the birth date; until she has signed she also agrees to read on this device."""
    fill(phone, birth_date=born)
    if (agrees := phone.locator("main label.check")).count():
        agrees.click()
    phone.locator("main form button.btn-primary").click()
    arrive(phone, leads_to)


def answer_every_item(phone: Page) -> int:
    """Agree to one item after the other; return how many there are."""
    total = phone.locator(".ticks i").count()
    for number in range(1, total + 1):
        arrive(phone, rf"/d/\d+/items/{number}/")
        phone.locator(".choice").first.click()  # kept at the tap, which "next" waits for
        phone.locator("main .dock button.btn-primary").click()
    arrive(phone, r"/d/\d+/check/")
    return total


def answer_both_questions(phone: Page) -> None:
    """The first wrongly before: the page then says what the item says, and asks again."""
    first, second = Request.objects.get().version.content["understanding"]["questions"]
    wrong = next(o["key"] for o in first["options"] if o["key"] != first["right"])
    for choice, role in ((wrong, "alert"), (first["right"], "status")):
        choose_answer(phone, first["id"], choice)
        expect(phone.locator(f"#{first['id']} .notice[role={role}]")).to_be_visible()
    choose_answer(phone, second["id"], second["right"])
    arrive(phone, r"/d/\d+/review/")


def choose_answer(phone: Page, question: str, choice: str) -> None:
    part = phone.locator(f"#{question}")
    part.locator("label", has=phone.locator(f"[value='{choice}']")).click()
    part.locator("form button").click()


def sign(phone: Page, *, drawn: bool) -> None:
    """By hand on the whole screen, or by typing the name: both are worth the same."""
    if drawn:
        draw(phone)
    else:
        phone.locator(".tabs label", has=phone.locator("[value=typed]")).click()
        fill(phone, name="江小滿")
    phone.locator("form.sign button.btn-primary").click()
    arrive(phone, r"/d/\d+/done/")


def draw(phone: Page) -> None:
    phone.locator("[data-pad-open]").click()
    box = phone.locator("[data-pad-area]").bounding_box()
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 2
    phone.mouse.move(x, y)
    phone.mouse.down()
    for step in range(8):
        phone.mouse.move(x + 20 * step, y + 15 * (-1) ** step)
    phone.mouse.up()
    phone.locator("[data-pad-done]").click()
    expect(phone.locator("[data-pad-preview] path")).to_have_count(1)


def fetch(phone: Page) -> bytes:
    """Save the sealed document."""
    with phone.expect_download() as waited:
        phone.locator('main a[href$="document.pdf"]').click()
    return waited.value.path().read_bytes()
