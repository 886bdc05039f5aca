"""Words of staff's pages for people of any sex: who is meant is said, no “she” stands for all."""

import pytest
from django.utils.translation import override

from consent.requirements import ASK_ADMIN
from crisis.profiles.forms import ProfileForm
from sessions.booking.forms import BookForm

HELP = [
    (BookForm, "place", "The usual place, unless the client says otherwise."),
    (
        ProfileForm,
        "out_of_hours_plan",
        "What the client does when the clinic is closed. It is printed for the client.",
    ),
    (
        ProfileForm,
        "nearby_words",
        "Whether a counsellor nearby would serve the client better. Not printed.",
    ),
]


@pytest.mark.parametrize(("form", "field", "said"), HELP)
def test_a_hint_says_who_is_meant(form, field, said):
    with override("en"):
        assert str(form.base_fields[field].help_text) == said


def test_whose_to_dos_hold_the_paper_is_said():
    with override("en"):
        assert str(ASK_ADMIN) == (
            "Ask an administrator to compare it; it stands among the administrators' to-dos."
        )
