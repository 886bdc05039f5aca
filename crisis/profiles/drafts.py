"""The draft of an out-of-hours plan that the form of a new profile starts with."""

import tomllib
from pathlib import Path

from django.utils.translation import override

from clinic.organisation.letterhead import dialled
from clinic.organisation.models import Clinic
from clinic.people.countries import TAIWAN
from clinic.people.places import Place

CONTENT = Path(__file__).resolve().parent.parent / "content"
DRAFTS = tomllib.loads((CONTENT / "out_of_hours.toml").read_text(encoding="utf-8"))


def plan_draft(place: Place) -> str:
    """Return the draft in the language of the client's letters, with the clinic's telephone."""
    clinic, person = Clinic.the_one(), place.person
    phone = ""
    if clinic:
        phone = clinic.neutral_phone if person.neutral_contact else clinic.phone
    draft = DRAFTS["taiwan" if place.country == TAIWAN else "abroad"]
    with override(person.letter_language):
        phone = dialled(phone, abroad=place.is_abroad)
    return draft["en" if person.letter_language == "en" else "zh"].format(phone=phone)
