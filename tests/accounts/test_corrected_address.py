"""An invitation that went to a wrong address goes to the right one, and to no account that was set up."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from clinic.accounts.actions import (
    close_account,
    confirm_device,
    correct_address,
    invite_again,
    reset_second_step,
)
from clinic.accounts.models import Authenticator, User
from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.history import history
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.delivery import deliver_due
from tests.accounts.conftest import Browser, code_of, mailed_link
from tests.accounts.test_joining import at_the_door, enrolling, newcomer

__all__ = ["at_the_door", "enrolling", "newcomer"]  # fixtures

RIGHT = "xiao.shu@clinic.example"
AGAIN = "member_invite_again"


def refusal(user, by, now, email=RIGHT):
    with pytest.raises(Refused) as found, override("en"):
        correct_address(user=user, email=email, by=by, now=now)
    return found.value.code, found.value.field


def test_the_invitation_leaves_for_the_right_address_and_the_old_link_ends(
    newcomer, admin, now, mailbox
):
    old = Link.objects.get().token
    correct_address(user=newcomer, email=RIGHT, by=admin, now=now)
    deliver_due()
    assert [mail["To"] for mail in mailbox] == [RIGHT]
    assert Browser().post(f"/l/{old}/").status_code == 410
    link = mailed_link(Link.Purpose.INVITATION, newcomer)
    assert Browser().post(f"/l/{link.token}/").url == "/join/"
    with override("en"):
        newest = history(AuditEntry.objects.about(newcomer))[0]
    assert newest.text == "corrected the address of the invitation"
    assert newest.details == [f"Email: xiaoshu@clinic.example → {RIGHT}"]


def test_who_began_by_the_old_link_has_neither_password_nor_app(enrolling, newcomer, admin, now):
    correct_address(user=newcomer, email=RIGHT, by=admin, now=now)
    newcomer.refresh_from_db()
    assert newcomer.has_usable_password() is False
    assert Authenticator.objects.filter(user=newcomer).count() == 0
    assert enrolling.get("/join/app/").url == "/sign-in/?next=/join/app/"


def test_an_account_that_was_set_up_keeps_its_address(enrolling, newcomer, admin, now):
    enrolling.post("/join/app/", {"code": code_of(newcomer)})
    assert refusal(newcomer, admin, now) == ("account.joined", "email")
    newcomer.refresh_from_db()
    reset_second_step(user=newcomer, by=admin, now=now)
    assert refusal(newcomer, admin, now) == ("account.joined", "email")
    assert User.objects.get(pk=newcomer.pk).email == "xiaoshu@clinic.example"


def test_an_address_in_use_is_refused_in_capitals_too(newcomer, admin, now):
    assert refusal(newcomer, admin, now, admin.email.upper()) == ("account.exists", "email")


def test_only_administrators_correct_an_address(newcomer, counsellor, now):
    with pytest.raises(NotAllowed):
        correct_address(user=newcomer, email=RIGHT, by=counsellor, now=now)


def test_the_page_of_an_invited_member_leads_there(newcomer, admin, browse, now):
    chief = browse(admin)
    where = reverse("member_address", args=[newcomer.pk])
    member = reverse("member", args=[newcomer.pk])
    assert f'href="{where}"' in chief.get(member).content.decode()
    assert chief.post(where, {"email": RIGHT}).url == member
    assert User.objects.get(pk=newcomer.pk).email == RIGHT


def test_who_was_set_up_once_is_offered_no_other_address(enrolling, newcomer, admin, browse, now):
    enrolling.post("/join/app/", {"code": code_of(newcomer)})
    newcomer.refresh_from_db()
    reset_second_step(user=newcomer, by=admin, now=now)
    page = browse(admin).get(reverse("member", args=[newcomer.pk])).content.decode()
    offered = [reverse(name, args=[newcomer.pk]) in page for name in ("member_address", AGAIN)]
    assert offered == [False, True]


@pytest.mark.parametrize("act", [correct_address, invite_again])
def test_a_closed_account_gets_no_link(act, newcomer, admin, now):
    close_account(user=newcomer, by=admin, now=now)
    before = list(Link.objects.values_list("issue", "closed_at"))
    address = {"email": RIGHT} if act is correct_address else {}
    with pytest.raises(Refused) as found:
        act(user=newcomer, **address, by=admin, now=now)
    after = list(Link.objects.values_list("issue", "closed_at"))
    assert (found.value.code, after) == ("account.closed", before)


def test_a_code_that_was_on_its_way_is_refused_in_words(enrolling, newcomer, admin, now):
    code = code_of(newcomer)
    correct_address(user=newcomer, email=RIGHT, by=admin, now=now)
    with pytest.raises(Refused) as found:
        confirm_device(user=newcomer, code=code, by=newcomer, now=now)
    newcomer.refresh_from_db()
    assert (found.value.code, newcomer.joined_at) == ("account.begun_anew", None)
