"""What the national lines are for, in the reader's language; the file has English words only."""

from django.utils.translation import gettext_lazy as _

# By the line's number; the words are those of national_hotlines.csv.
PURPOSES = {
    "110": _("Immediate danger, crime, missing person"),
    "119": _("Ambulance, medical emergency, suicide in progress"),
    "112": _("Works on any Taiwan mobile network, no SIM"),
    "113": _("Reporting and advice"),
    "1925": _("Suicidal ideation, emotional distress; replaced 0800-788-995"),
    "1995": _("Suicide prevention, crisis talk"),
    "1980": _("Youth and adult counselling talk"),
    "0800-013-999": _("Any psychological distress of men (widened 2025-08)"),
    "1957": _("Emergency relief, social assistance"),
    "1966": _("Long-term care application"),
    "1953": _("School bullying"),
    "1955": _("Labour disputes, migrant workers"),
    "165": _("Fraud (may be the trigger of a crisis)"),
}


def purpose_of(resource) -> str:
    """Return what an entry is for: of a national line in the reader's language."""
    return str(PURPOSES.get(resource.source_key, resource.purpose))
