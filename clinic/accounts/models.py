"""Accounts of staff: the user, her second factor, her recovery codes."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin

from clinic.kernel.encryption import EncryptedModel, EncryptedTextField
from clinic.kernel.roles import CLINICAL, Role


class UserQuerySet(models.QuerySet):
    def with_role(self, *roles: str) -> "UserQuerySet":
        """Open accounts that have one of ``roles``."""
        return self.filter(is_active=True, roles__overlap=[*roles])

    def having(self, role: str) -> "UserQuerySet":
        """Accounts that have ``role``, open or closed."""
        return self.filter(roles__contains=[role])

    def visible_to(self, user: "User") -> "UserQuerySet":
        """Files of staff: an administrator sees all, everybody her own."""
        return self if user.is_admin else self.filter(pk=user.pk)

    def who_left(self) -> "UserQuerySet":
        """Accounts that see no clients any more: closed, or without a clinical role."""
        return self.exclude(is_active=True, roles__overlap=[*CLINICAL])

    def in_state(self, state: str) -> "UserQuerySet":
        """``closed``, or open accounts for anything else."""
        return self.filter(is_active=state != "closed")

    def not_set_up(self) -> "UserQuerySet":
        """Accounts whose invitation was not taken up."""
        return self.filter(joined_at=None)

    def practitioners(self) -> "UserQuerySet":
        """Accounts that belong to a practitioner."""
        return self.exclude(practitioner=None)

    def practising(self) -> "UserQuerySet":
        """Accounts that are set up and belong to a practitioner."""
        return self.practitioners().exclude(joined_at=None)

    def listed(self) -> "UserQuerySet":
        """In the order of lists, with what makes each a practitioner."""
        return self.select_related("practitioner").order_by("name", "id")

    def found_by(self, text: str) -> "UserQuerySet":
        """Accounts whose name or mail address contains ``text``."""
        return self.filter(models.Q(name__icontains=text) | models.Q(email__icontains=text))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def get_by_natural_key(self, email: str) -> "User":
        """Find an account however its address is capitalised."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A member of staff. Clients have no account: they come by links."""

    email = models.EmailField(_("email"))
    name = models.CharField(_("name"), max_length=100)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("roles"))
    language = models.CharField(_("language"), max_length=10, default="zh-hant")
    is_active = models.BooleanField(_("account open"), default=True)
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(_("set up on"), null=True)
    session_epoch = models.PositiveIntegerField(default=1)
    last_login = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_an_address"),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=Role.values), name="roles_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_label(self) -> str:
        return f"user:{self.pk}"

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    def has_role(self, *names: str) -> bool:
        """Whether this account has one of the roles."""
        return bool({*names} & {*self.roles})

    @property
    def sees_clients(self) -> bool:
        """Whether this account works with clients; administrators as such do not."""
        return self.has_role(*CLINICAL)

    @property
    def has_left(self) -> bool:
        """Whether it sees no clients any more; see ``who_left``."""
        return not (self.is_active and self.sees_clients)

    @property
    def role_names(self) -> list[str]:
        """The roles in the reader's language, in the order of the list."""
        return [str(role.label) for role in Role if role in self.roles]

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with "sign out everywhere": old sessions end."""
        return f"{super().get_session_auth_hash()}:{self.session_epoch}"

    def get_session_auth_fallback_hash(self):
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{fallback}:{self.session_epoch}"


class Authenticator(EncryptedModel, ThrottlingMixin, Device):
    """An authenticator app (RFC 6238, 30 seconds, six digits). The key is encrypted."""

    key = EncryptedTextField()
    last_t = models.BigIntegerField(default=-1)

    class Meta:
        verbose_name = _("authenticator app")
        constraints = [models.UniqueConstraint(fields=["user"], name="one_authenticator_a_user")]

    def get_throttle_factor(self) -> float:
        """Seconds to wait after the first wrong code; each further one doubles it."""
        return 1


class RecoveryCode(models.Model):
    """A code that stands in for the phone, once. Only its keyed hash is held."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recovery code")
        constraints = [
            models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")
        ]
