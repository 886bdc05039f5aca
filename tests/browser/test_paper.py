"""The client's sheet of paper is one A4 page, however much stands on it."""

from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from clinic.clients.actions import register_client
from clinic.clients.place_actions import add_place
from crisis.models import Choice
from crisis.profiles.actions import Pick, save_profile
from crisis.profiles.forms import PLAN_LENGTH, PLAN_LINES
from tests.browser.conftest import DESK
from tests.browser.steps import sign_in
from tests.crisis.profiles.conftest import everything

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
A4 = (595, 842)  # points


def longest_plan() -> str:
    """As many lines as are allowed, and the last as long as it may be."""
    short = "\n".join("打電話。" for _line in range(PLAN_LINES - 1))
    return f"{short}\n{'談' * (PLAN_LENGTH - len(short) - 1)}"


def test_the_fullest_sheet_is_one_page(window, counsellor, clinic, town, now):
    by = {"by": counsellor, "now": now}
    values = {"name": "江小滿", "birth_date": "1990-05-01", "sex": "female"}
    person = register_client(values=values, **by)
    place = {"label": "在臺北租的房子，和姊姊同住" * 2, "town": town, "street": "示範路 1 號" * 8}
    place = add_place(person=person, values=place, **by)
    picks = {
        kind: Pick(name="天主教耕莘醫療財團法人耕莘醫院" * 2, number=f"0000-000-09{number} #12345")
        for number, kind in enumerate(Choice.Kind)
    }
    plan = everything()["values"] | {"out_of_hours_plan": longest_plan()}
    save_profile(place=place, **everything(picks=picks, values=plan), **by)
    with window(DESK) as page:
        sign_in(page, counsellor)
        page.goto(f"/clients/{person.pk}/places/{place.pk}/paper/")
        pdf = PdfFileReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    pages = pdf.root["/Pages"]
    box = [round(float(edge)) for edge in pages["/Kids"][0].get_object()["/MediaBox"]]
    assert (int(pages["/Count"]), tuple(box[2:])) == (1, A4)
