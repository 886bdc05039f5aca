"""What happens to accounts: invited, set up, changed, closed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clinic.accounts import emails
from clinic.accounts.models import Authenticator, User
from clinic.accounts.second_step import (
    Check,
    check_code,
    device_of,
    forget_second_step,
    new_device,
    new_recovery_codes,
)
from clinic.errors import Refused
from clinic.kernel.action import action, apply_changes, ask, record
from clinic.kernel.actors import System
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.constraints import refusing
from clinic.kernel.links.actions import close_link, issue_link
from clinic.kernel.links.models import Link
from clinic.kernel.roles import Role

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)


def _may_manage(by) -> bool:
    return isinstance(by, System) or by.is_admin


@action("account.invite", says=_("invited to set up an account"))
def invite(
    *, email: str, name: str, roles: Sequence[str], language: str, by, now: datetime
) -> User:
    """Open an account and mail its invitation. Refused when the address has an account."""
    ask(_may_manage(by), _("Only administrators invite staff."))
    user = User(email=email, name=name, roles=list(roles), language=language, invited_at=now)
    user.set_unusable_password()
    with refusing(one_account_an_address=_exists()):
        user.save()
    record(user, changes={"roles": [[], list(roles)]})
    _mail_invitation(user, renew=False, by=by, now=now)
    return user


def _exists() -> Refused:
    return Refused(
        "account.exists",
        _("This address already has an account."),
        _("Look for it in the list of staff."),
        field="email",
    )


@action("account.invite_again", says=_("sent the invitation again"))
def invite_again(*, user: User, by, now: datetime) -> User:
    """Mail a new link; the old one dies. Refused once the account is set up."""
    ask(_may_manage(by), _("Only administrators invite staff."))
    user = User.objects.select_for_update().get(pk=user.pk)
    _ask_open(user)
    if user.joined_at:
        raise Refused("account.joined", _("This account is already set up."))
    record(user)
    _mail_invitation(user, renew=True, by=by, now=now)
    return user


def was_set_up(user: User) -> bool:
    """Whether the account was ever set up, also where its second step was reset since."""
    finished = AuditEntry.objects.about(user).filter(verb=confirm_device.verb)
    return user.joined_at is not None or finished.exists()


def _ask_open(user: User) -> None:
    """A mail to a closed account never leaves, and its link would open when it is opened again."""
    if not user.is_active:
        raise Refused(
            "account.closed", _("The account is closed."), _("Please load the page again.")
        )


@action("account.correct_address", says=_("corrected the address of the invitation"))
def correct_address(*, user: User, email: str, by, now: datetime) -> User:
    """Mail the invitation to another address; what was begun by the old link ends.

    Refused once the account was set up: it would be a way to hand somebody's account, and what she
    signed with it, to another.
    """
    ask(_may_manage(by), _("Only administrators invite staff."))
    row = User.objects.select_for_update().get(pk=user.pk)
    _ask_open(row)
    if was_set_up(row):
        raise Refused(
            "account.joined",
            _("This account is already set up."),
            _("The address of an account that was set up stays as it is."),
            field="email",
        )
    changes = apply_changes(row, {"email": email})
    row.set_unusable_password()
    row.session_epoch += 1
    with refusing(one_account_an_address=_exists()):
        row.save(update_fields=["email", "password", "session_epoch"])
    forget_second_step(row)
    record(row, changes=changes)
    _mail_invitation(row, renew=True, by=by, now=now)
    return row


def _mail_invitation(user: User, *, renew: bool, by, now: datetime) -> None:
    if renew:
        user.invited_at = now  # lists and to-dos name the day of the link that works
        user.save(update_fields=["invited_at"])
    link = issue_link(
        purpose=Link.Purpose.INVITATION,
        subject=user.actor_label,
        lasts=INVITATION_LASTS,
        renew=renew,
        by=by,
        now=now,
    )
    emails.invitation(user, link, now)


@action("account.set_password", says=_("set a password"))
def join(*, user: User, password: str, by, now: datetime) -> Authenticator:
    """First step of setting an account up: the password. Returns the app's unconfirmed device."""
    ask(by == user and user.joined_at is None, _("This account is already set up."))
    user.set_password(password)
    user.save(update_fields=["password"])
    record(user)
    return new_device(user)


@action("account.join", says=_("finished setting up the account"))
def confirm_device(*, user: User, code: str, by, now: datetime) -> list[str]:
    """Second step: a first right code. Closes the invitation; returns the recovery codes, once."""
    ask(by == user, _("This is somebody else's account."))
    user = User.objects.select_for_update().get(pk=user.pk)  # before the app, as in a correction
    if device_of(user) is None:
        raise Refused(
            "account.begun_anew",
            _("This invitation was ended meanwhile."),
            _("Please use the newest mail, or ask an administrator."),
        )
    if check_code(user=user, code=code, by=by, now=now) is not Check.OK:
        raise Refused(
            "account.code",
            _("This code does not fit."),
            _("Wait for the next code in the app and check the phone's clock."),
            field="code",
        )
    Authenticator.objects.filter(user=user).update(confirmed=True)
    user.joined_at = user.joined_at or now
    user.save(update_fields=["joined_at"])
    close_link(
        purpose=Link.Purpose.INVITATION, subject=user.actor_label, how="done", by=by, now=now
    )
    record(user)
    return new_recovery_codes(user)


@action("account.sign_in", says=_("signed in"))
def note_sign_in(*, user: User, by, now: datetime) -> None:
    """Note that both steps of signing in were done."""
    record(user)


@action("account.renew_recovery_codes", says=_("made new recovery codes"))
def renew_recovery_codes(*, user: User, by, now: datetime) -> list[str]:
    """Replace the recovery codes and return them, once."""
    ask(by == user, _("This is somebody else's account."))
    record(user)
    return new_recovery_codes(user)


@action("account.change", says=_("changed the account"))
def change_account(*, user: User, name: str, roles: Sequence[str], by, now: datetime) -> User:
    """Change name and roles. The last administrator cannot lose the role, nor anybody her own."""
    ask(_may_manage(by), _("Only administrators change accounts."))
    if user.is_admin and Role.ADMIN not in roles:
        _ask_another_admin(user)
        _ask_somebody_else(user, by)
    changes = apply_changes(user, {"name": name, "roles": list(roles)})
    user.save(update_fields=["name", "roles"])
    record(user, changes=changes)
    return user


@action("account.close", says=_("closed the account"))
def close_account(*, user: User, by, now: datetime) -> User:
    """Close an account at once: every session of it ends."""
    ask(_may_manage(by), _("Only administrators close accounts."))
    if user == by:
        raise Refused("account.self", _("You cannot close your own account."))
    if user.is_admin:
        _ask_another_admin(user)
    user.is_active = False
    user.session_epoch += 1
    user.save(update_fields=["is_active", "session_epoch"])
    close_link(
        purpose=Link.Purpose.INVITATION, subject=user.actor_label, how="revoked", by=by, now=now
    )
    record(user)
    return user


@action("account.reopen", says=_("opened the account again"))
def reopen_account(*, user: User, by, now: datetime) -> User:
    """Undo a closing."""
    ask(_may_manage(by), _("Only administrators open accounts."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(user)
    return user


def _ask_another_admin(user: User) -> None:
    # Locked in one order: two who close each other's accounts at once must not both succeed.
    admins = User.objects.with_role(Role.ADMIN).exclude(joined_at=None).order_by("pk")
    if not [admin for admin in admins.select_for_update() if admin != user]:
        raise Refused(
            "account.last_admin",
            _("The clinic would be without an administrator."),
            _("Make somebody else an administrator first."),
            field="roles",
        )


def _ask_somebody_else(user: User, by) -> None:
    if user == by:  # a slip would shut her out of the page on which she could mend it
        raise Refused(
            "account.own_role",
            _("You cannot take the role of administrator from yourself."),
            _("Another administrator must do this."),
            field="roles",
        )


@action("account.reset_second_step", says=_("reset the two-step verification"))
def reset_second_step(*, user: User, by, now: datetime) -> User:
    """For a lost phone: password, device and recovery codes end, a new invitation is mailed."""
    ask(_may_manage(by) and by != user, _("Another administrator must do this."))
    user.set_unusable_password()
    user.joined_at = None
    user.session_epoch += 1
    user.save(update_fields=["password", "joined_at", "session_epoch"])
    forget_second_step(user)
    record(user)
    _mail_invitation(user, renew=True, by=by, now=now)
    return user


@action("account.sign_out_everywhere", says=_("signed out everywhere"))
def sign_out_everywhere(*, user: User, by, now: datetime) -> User:
    """End every session of the account."""
    ask(by == user or _may_manage(by), _("This is somebody else's account."))
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    record(user)
    return user


@action("account.change_password", says=_("changed the password"))
def change_password(*, user: User, password: str, by, now: datetime) -> User:
    """Set a new password; other sessions end, and an open reset link closes."""
    ask(by == user, _("This is somebody else's account."))
    user.set_password(password)
    user.save(update_fields=["password"])
    close_link(
        purpose=Link.Purpose.PASSWORD_RESET, subject=user.actor_label, how="done", by=by, now=now
    )
    record(user)
    return user


@action("account.set_language", says=_("changed the language"))
def set_language(*, user: User, language: str, by, now: datetime) -> User:
    """Keep the language a person reads."""
    record(user, changes=apply_changes(user, {"language": language}))
    user.save(update_fields=["language"])
    return user


@action("account.ask_reset", says=_("asked for a new password"))
def ask_password_reset(*, email: str, by, now: datetime) -> None:
    """Ask for a new password. The same work is done whether or not the address has an account:
    what is known of it is decided by the worker, so neither answer nor time tells."""
    user = User.objects.filter(email__iexact=email).first() or User(pk=0)
    record(user)
    emails.password_reset(user, email, now)
