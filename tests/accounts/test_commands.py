"""``first_admin`` and ``otp``."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from clinic.accounts.models import User
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.models import County, Town
from tests.accounts.conftest import code_of


def refused(*command) -> str:
    with translation.override("en"), pytest.raises(CommandError) as caught:
        call_command(*command)
    return str(caught.value)


def test_first_admin_loads_the_divisions_and_invites(db, capsys):
    call_command("first_admin", "lixia@clinic.example", "--name", "石立夏")
    user = User.objects.get()
    assert (user.email, user.name, user.roles) == ("lixia@clinic.example", "石立夏", ["admin"])
    assert (County.objects.count(), Town.objects.count()) == (22, 368)
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [
        "Counties and townships: 390 loaded.",
        "Invited as administrator: 石立夏 <lixia@clinic.example>.",
    ]


def test_first_admin_is_refused_once_there_is_an_account(db):
    call_command("first_admin", "lixia@clinic.example")
    for email in ("lixia@clinic.example", "other@clinic.example"):
        assert refused("first_admin", email).startswith(
            f"There are accounts already; {email} was not invited. An administrator invites"
        )
    assert (User.objects.count(), Outbox.objects.count()) == (1, 1)


def test_a_lost_first_invitation_can_be_sent_again(db):
    call_command("first_admin", "lixia@clinic.example")
    call_command("first_admin", "LiXia@clinic.example", "--again")
    assert (User.objects.count(), Outbox.objects.count(), Link.objects.get().issue) == (1, 2, 2)


def test_again_is_refused_where_it_makes_no_sense(db, admin):
    assert refused("first_admin", admin.email, "--again").startswith("An account is set up already")
    User.objects.update(joined_at=None)
    assert refused("first_admin", "b@clinic.example", "--again").endswith("Leave out --again.")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["no address"], '"no address" is not an email address.'),
        (["a@clinic.example\nBcc: b@c.example"], " is not an email address."),
        (["a@clinic.example", "--name", "a\u202eb"], "--name: There is an invisible character"),
        (["a@clinic.example", "--name", "名" * 101], "--name: at most 100 characters."),
    ],
)
def test_first_admin_refuses_what_makes_no_sense(db, arguments, complaint):
    assert complaint in refused("first_admin", *arguments)
    assert User.objects.count() == 0


def test_otp_prints_the_code_alone_in_demo_mode(counsellor, settings, capsys):
    settings.DEMO = True
    call_command("otp", "GuYu@clinic.example")
    assert capsys.readouterr().out == f"{code_of(counsellor)}\n"


def test_otp_is_refused_outside_the_demo(counsellor):
    assert refused("otp", counsellor.email).endswith("only printed in demo mode (DEMO=1).")


def test_otp_of_nobody_is_refused(db, settings):
    settings.DEMO = True
    assert "has no authenticator app" in refused("otp", "nobody@clinic.example")


def test_reset_account_mails_a_new_link_and_ends_the_old_phone(admin):
    call_command("reset_account", admin.email, stdout=StringIO())
    admin.refresh_from_db()
    assert (admin.joined_at, admin.has_usable_password()) == (None, False)
    assert [row.kind for row in Outbox.objects.addressed_to(admin.actor_label)] == [
        "staff_invitation"
    ]


def test_reset_account_refuses_an_unknown_address(db):
    with pytest.raises(CommandError):
        call_command("reset_account", "nobody@clinic.example", stdout=StringIO())
