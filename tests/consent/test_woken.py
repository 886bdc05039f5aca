"""An expired request is woken, unless its signer was asked anew since."""

from datetime import timedelta

import pytest

from clinic.kernel.links.models import Link
from consent.actions import expire, resend, send_request
from consent.models import Request
from consent.paper.actions import change_to_paper
from consent.signing import ask_new_link
from tests.consent.test_paper import refused


@pytest.fixture
def late(request_sent, now):
    """A minute after the request's time was over."""
    return request_sent.expires_at + timedelta(minutes=1)


@pytest.fixture
def expired(request_sent, counsellor, late) -> Request:
    return expire(request=request_sent, by=counsellor, now=late)


def states() -> list[str]:
    return list(Request.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("how", [resend, change_to_paper])
def test_it_is_woken_by_staff(how, expired, counsellor, late):
    how(request=expired, by=counsellor, now=late)
    assert states() == ["sent"]


def test_it_is_woken_by_its_signer(expired, late):
    ask_new_link(link=Link.objects.get(subject=expired.occasion), now=late)
    assert states() == ["sent"]


@pytest.mark.parametrize("how", [resend, change_to_paper])
def test_it_stays_expired_once_another_followed(how, expired, case, counsellor, late):
    send_request(case=case, by=counsellor, now=late)
    assert refused(how, request=expired, by=counsellor, now=late) == "consent.followed"
    assert states() == ["expired", "sent"]


def test_its_signer_wakes_nothing_once_another_followed(expired, case, counsellor, late):
    send_request(case=case, by=counsellor, now=late)
    ask_new_link(link=Link.objects.get(subject=expired.occasion), now=late)
    assert states() == ["expired", "sent"]
