"""A reason that cannot be kept, on the page that declines: announced, and tied to its field."""

import re

from consent.models import Request
from tests.consent.phone import Phone


def test_a_refused_reason_is_announced_and_describes_its_field(request_sent):
    begun = Phone(request_sent).begin()
    before, wrong = begun.get("decline").text, begun.post("decline", reason="先見面談\ue000").text
    said = re.findall(r'role="alert" tabindex="-1"><div id="(\w+)"><p class="error">', wrong)
    (field,) = re.findall(r'<textarea[^>]* id="reason"[^>]*>', wrong)
    described = re.findall(r'aria-describedby="(\w+)" aria-invalid="true"', field)
    assert (said, described) == (["reason_error"], ["reason_error"])
    assert ("先見面談" in wrong, "<title>請修改：" in wrong) == (True, True)
    assert [mark for mark in ('role="alert"', "aria-invalid", "請修改：") if mark in before] == []
    assert Request.objects.get(pk=request_sent.pk).state != "declined"
