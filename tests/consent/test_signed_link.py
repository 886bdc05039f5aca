"""Signed and not sealed yet: where her link opens nothing, staff send a new one."""

import pytest
from django.urls import reverse

from clinic.errors import Refused
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from consent.actions import countersign, resend
from consent.models import Request
from tests.consent.phone import Phone, template


@pytest.fixture
def offered(counsellor, browse):
    def offered(request) -> bool:
        """Whether the page of the request offers a new link."""
        text = browse(counsellor).get(reverse("consent_request", args=[request.pk]))
        return reverse("consent_renew", args=[request.pk]) in text.content.decode()

    return offered


def run_out(request, now) -> None:
    Link.objects.update(expires_at=now)


def lock(request, now) -> None:
    Link.objects.update(wrong_tries=5)


def move_away(request, now) -> None:
    request.signer.email = "new@client.example"
    request.signer.save()


def newest() -> tuple[str, str]:
    row = Outbox.objects.filter(recipient__startswith="person:").latest("pk")
    return row.kind, row.state


@pytest.mark.parametrize("countersigned", [False, True])
@pytest.mark.parametrize("end", [run_out, lock, move_away])
def test_a_link_that_opens_nothing_gets_another(
    end, countersigned, signed, counsellor, offered, now
):
    if countersigned:
        countersign(request=signed.request, by=counsellor, now=now)
    end(signed.request, now)
    request = Request.objects.get()
    assert offered(request)
    resend(request=request, by=counsellor, now=now)
    assert not offered(Request.objects.get())
    deliver_due()
    assert newest() == ("new_link", "sent")
    assert template(Phone(request).begin().get("done")) == "done"
    assert Request.objects.get().state == ("countersigned" if countersigned else "signed")


def test_one_that_works_stays_the_only_one(signed, counsellor, offered, now):
    request = Request.objects.get()
    with pytest.raises(Refused) as refused:
        resend(request=request, by=counsellor, now=now)
    assert (refused.value.code, offered(request)) == ("consent.over", False)


def test_who_was_never_mailed_a_link_gets_none(signed, counsellor, offered, now):
    Request.objects.update(mailed_to="")
    Link.objects.update(expires_at=now)
    request = Request.objects.get()
    with pytest.raises(Refused) as refused:
        resend(request=request, new_link=True, by=counsellor, now=now)
    assert (refused.value.code, offered(request)) == ("consent.over", False)
