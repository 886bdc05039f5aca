"""The same link once more: who has signed comes for her document, not to begin again."""

from tests.consent.phone import Phone, template

ASKED = "一次只看一項。"
DONE = "這裡不用再填寫。"


def start(request) -> str:
    phone = Phone(request)
    phone.open()
    page = phone.get("start")
    assert template(page) == "start"
    return page.content.decode()


def told(page: str) -> list[str]:
    words = (ASKED, "請您閱讀", "需要多久", "<span>開始</span>", DONE)
    return [word for word in words if word in page]


def test_before_her_signature_she_is_told_what_to_read_and_how_long_it_takes(ready):
    assert told(start(ready)) == [ASKED, "請您閱讀", "需要多久", "<span>開始</span>"]


def test_after_her_signature_she_is_told_that_nothing_is_left_to_fill_in(signed):
    assert told(start(signed.request)) == [DONE]


def test_who_agreed_to_the_electronic_form_is_not_asked_again_on_another_device(request_sent):
    first = Phone(request_sent)
    first.open()
    before = 'name="electronic"' in first.get("start").content.decode()
    first.prove()
    second = Phone(request_sent)
    second.open()
    after = 'name="electronic"' in second.get("start").content.decode()
    led = second.prove(electronic="").url
    assert (before, after, led) == (True, False, second.address("item", 1))
