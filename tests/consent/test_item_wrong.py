"""An item that was sent with something wrong, on a phone without a script."""

import re

from tests.consent.phone import Phone


def test_what_is_wrong_stands_at_the_top_too_and_leads_to_where_it_is_put_right(request_sent):
    """Without a script nothing moves her down to it."""
    begun, said = Phone(request_sent).begin(), "請選一個回答。"
    page = begun.post("item", 1).text
    assert "<title>請修改：" in page
    assert re.findall(rf'<a href="#(\w+)">請修改： ?{said}</a>', page) == ["choice_error"]
    assert page.index("<h1>") < page.index('id="choice_error"')
    assert "請修改：" not in begun.get("item", 1).text
