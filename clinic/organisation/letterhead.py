"""What letters say of the clinic."""

from django.utils.translation import gettext as _

from clinic.organisation.models import Clinic


def letterhead() -> dict[str, str]:
    """Return the clinic's placeholders of the mail texts.

    ``contact`` and ``signature`` are whole phrases, because the very first letters leave before
    the clinic has a name and a telephone: "please tell {contact}" reads well in both cases.
    """
    clinic = Clinic.the_one()
    if clinic is None:
        return _before_set_up()
    return {
        "clinic_name": clinic.called,
        "clinic_phone": clinic.phone,
        "clinic_address": clinic.full_address,
        "neutral_name": clinic.neutral_name,
        "neutral_phone": clinic.neutral_phone,
        "contact": _("us (%(phone)s)") % {"phone": clinic.phone},
        "neutral_contact": _("us (%(phone)s)") % {"phone": clinic.neutral_phone},
        "signature": _("%(name)s, %(phone)s") % {"name": clinic.called, "phone": clinic.phone},
        "neutral_signature": _("%(name)s, %(phone)s")
        % {"name": clinic.neutral_name, "phone": clinic.neutral_phone},
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
