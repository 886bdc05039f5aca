"""What letters say of the clinic."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.kernel.telephones import international
from clinic.organisation.models import Clinic


def dialled(number: str, *, abroad: bool = False) -> str:
    """Return a number of the clinic as its reader dials it, who in English may be anywhere."""
    return international(number) if abroad or get_language() == "en" else number


def letterhead(*, abroad: bool = False) -> dict[str, str]:
    """Return the clinic's placeholders of the mail texts; ``abroad``: the reader is.

    ``contact`` and ``signature`` are whole phrases, because the very first letters leave before
    the clinic has a name and a telephone: "please tell {contact}" reads well in both cases.
    """
    clinic = Clinic.the_one()
    if clinic is None:
        return _before_set_up()
    phone = dialled(clinic.phone, abroad=abroad)
    neutral_phone = dialled(clinic.neutral_phone, abroad=abroad)
    return {
        "clinic_name": clinic.called,
        "clinic_phone": phone,
        "clinic_address": clinic.full_address,
        "neutral_name": clinic.neutral_name,
        "neutral_phone": neutral_phone,
        "contact": _("us (%(phone)s)") % {"phone": phone},
        "neutral_contact": _("us (%(phone)s)") % {"phone": neutral_phone},
        "signature": _("%(name)s, %(phone)s") % {"name": clinic.called, "phone": phone},
        "neutral_signature": _("%(name)s, %(phone)s")
        % {"name": clinic.neutral_name, "phone": neutral_phone},
    }


def _before_set_up() -> dict[str, str]:
    inviter, service = _("the person who invited you"), _("Account service")
    return {
        "clinic_name": _("your clinic"),
        "clinic_phone": inviter,
        "clinic_address": _("Taiwan"),
        "neutral_name": service,
        "neutral_phone": inviter,
        "contact": inviter,
        "neutral_contact": inviter,
        "signature": service,
        "neutral_signature": service,
    }
