"""Who is behind a web session: the account and its authenticator app, in one query.

The crisis page of a session counts every query from the press on (three in all), so the account
and the device that verified it are not asked for one after the other.
"""

from django.contrib.auth.backends import ModelBackend
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.middleware import OTPMiddleware

from clinic.accounts.models import Authenticator, User
from clinic.kernel.together import ask_together


class AccountBackend(ModelBackend):
    """Passwords as Django checks them; an account comes with its devices."""

    def get_user(self, user_id: int) -> User | None:
        """Return the account of a web session; None for an unknown or closed one."""
        users, devices = ask_together(
            User.objects.filter(pk=user_id), Authenticator.objects.filter(user=user_id)
        )
        if not users or not self.user_can_authenticate(users[0]):
            return None
        users[0].devices = devices
        return users[0]


class DeviceMiddleware(OTPMiddleware):
    """Finds the device that verified this session among those that came with the account."""

    def _verify_user_sync(self, request, user):
        self._init_user_fields(user)
        if user.is_authenticated:
            asked = request.session.get(DEVICE_ID_SESSION_KEY)
            known = (d for d in getattr(user, "devices", ()) if d.persistent_id == asked)
            user.otp_device = self._finalize_device(request, user, next(known, None))
        return user
