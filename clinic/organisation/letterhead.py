"""What letters say of the clinic."""

from django.utils.translation import gettext as _

from clinic.organisation.models import Clinic


def letterhead() -> dict[str, str]:
    """Return the clinic's placeholders of the mail texts; words of ours until it is set up."""
    clinic = Clinic.objects.first()
    if clinic is None:
        unknown = _("the person who invited you")
        return {
            "clinic_name": _("Telecounselling"),
            "clinic_phone": unknown,
            "clinic_address": _("Taiwan"),
            "neutral_name": _("Account service"),
            "neutral_phone": unknown,
        }
    return {
        "clinic_name": clinic.name,
        "clinic_phone": clinic.phone,
        "clinic_address": clinic.full_address,
        "neutral_name": clinic.neutral_name,
        "neutral_phone": clinic.neutral_phone,
    }
