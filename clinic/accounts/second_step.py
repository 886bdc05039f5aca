"""Two-step verification: the one place where a code is checked, under a lock, never twice."""

import base64
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django_otp.oath import TOTP

from clinic.accounts.models import Authenticator, RecoveryCode, User
from clinic.kernel.action import action, record

RECOVERY_CODES = 10
LONGEST_WAIT = timedelta(minutes=15)


class Check(StrEnum):
    """How a code was received."""

    OK = "ok"
    WRONG = "wrong"
    WAIT = "wait"


@action("account.check_code", says=_("entered a one-time code"))
def check_code(*, user: User, code: str, by, now: datetime) -> Check:
    """Check a code of the app or a recovery code. Wrong ones make the next wait grow to 15 min."""
    device = Authenticator.objects.select_for_update(of=("self",)).get(user=user)
    outcome = _check(device, "".join(code.split()).replace("-", ""), now)
    record(user, note=outcome)
    return outcome


def _check(device: Authenticator, code: str, now: datetime) -> Check:
    if waits(device, now):
        return Check.WAIT
    if _matches_app(device, code, now) or _spend_recovery_code(device.user_id, code, now):
        device.throttling_failure_count, device.throttling_failure_timestamp = 0, None
    else:
        device.throttling_failure_count += 1
        device.throttling_failure_timestamp = now
    device.save(
        update_fields=["last_t", "throttling_failure_count", "throttling_failure_timestamp"]
    )
    return Check.WRONG if device.throttling_failure_count else Check.OK


def waits(device: Authenticator, now: datetime) -> bool:
    """Whether too many wrong codes came in too short a time."""
    if not device.throttling_failure_count:
        return False
    seconds = device.get_throttle_factor() * 2 ** min(device.throttling_failure_count - 1, 10)
    wait = min(timedelta(seconds=seconds), LONGEST_WAIT)
    return now < device.throttling_failure_timestamp + wait


def _matches_app(device: Authenticator, code: str, now: datetime) -> bool:
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return False
    totp = TOTP(base64.b32decode(device.key))
    totp.time = now.timestamp()
    if not totp.verify(int(code), tolerance=1, min_t=device.last_t + 1):
        return False
    device.last_t = totp.t()
    return True


def _spend_recovery_code(user_id: int, code: str, now: datetime) -> bool:
    unused = RecoveryCode.objects.filter(user_id=user_id, code_hash=_hash(code), used_at=None)
    return unused.update(used_at=now) == 1


def device_of(user: User) -> Authenticator | None:
    """Return the authenticator app of ``user``, confirmed or not."""
    return Authenticator.objects.filter(user=user).first()


def codes_left(user: User) -> int:
    """Return how many recovery codes are unused."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def new_device(user: User) -> Authenticator:
    """Give ``user`` a fresh, unconfirmed authenticator in place of any other."""
    forget_second_step(user)
    key = base64.b32encode(secrets.token_bytes(20)).decode()
    return Authenticator.objects.create(user=user, name="app", confirmed=False, key=key)


def forget_second_step(user: User) -> None:
    """Take the app and the recovery codes: an old code must not stand for an app never scanned."""
    Authenticator.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def new_recovery_codes(user: User) -> list[str]:
    """Replace the recovery codes; return the new ones, which are never shown again."""
    RecoveryCode.objects.filter(user=user).delete()
    raw = [base64.b32encode(secrets.token_bytes(10)).decode() for _n in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hash(c)) for c in raw)
    return ["-".join(c[i : i + 4] for i in range(0, 16, 4)) for c in raw]


def _hash(code: str) -> str:
    return salted_hmac("recovery-code", code.upper(), algorithm="sha256").hexdigest()


def otpauth_url(device: Authenticator) -> str:
    """Return what the QR code holds."""
    issuer = quote(settings.OTP_TOTP_ISSUER)
    label = quote(device.user.email)
    return f"otpauth://totp/{issuer}:{label}?secret={device.key}&issuer={issuer}"


def current_code(device: Authenticator, now: datetime) -> str:
    """Return the code that the app shows at ``now``; for demo mode and tests."""
    totp = TOTP(base64.b32decode(device.key))
    totp.time = now.timestamp()
    return f"{totp.token():06d}"
