"""How the outbox finds whom to write to."""

from clinic.accounts.models import User
from clinic.kernel.outbox.registry import Recipient, recipient


@recipient("user")
def staff(number: int) -> Recipient | None:
    """Return a member of staff; None for an unknown or closed account."""
    user = User.objects.filter(pk=number, is_active=True).first()
    return Recipient(user.email, user.language, user.name) if user else None
