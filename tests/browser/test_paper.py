"""The client's sheet of paper is one A4 page, however much stands on it."""

from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from clinic.clients.actions import register_client
from clinic.clients.place_actions import add_place
from crisis.models import Choice, Resource
from crisis.profiles.actions import Pick, save_profile
from crisis.profiles.forms import PLAN_LENGTH, PLAN_LINES
from tests.browser.conftest import DESK
from tests.browser.steps import sign_in
from tests.crisis.profiles.conftest import everything, listed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
]
A4 = (595, 842)  # points


def longest_plan() -> str:
    """As many lines as are allowed, and the last as long as it may be."""
    short = "\n".join("打電話。" for _line in range(PLAN_LINES - 1))
    return f"{short}\n{'談' * (PLAN_LENGTH - len(short) - 1)}"


def entry(number: int, town, now) -> Resource:
    """An entry of the directory with a long name; the first three have two numbers: ten in all."""
    name = f"天主教耕莘醫療財團法人耕莘醫院{number}" * 2
    row = listed(name, "hospital", f"0200000{number}1", now, county=town.county, town=town)
    if number > 2:
        return row
    shown = f"(02)0000-00{number}2 轉分機 12345"
    row.phones.create(position=1, shown=shown, dial=f"0200000{number}2", extension="12345")
    return row


def test_the_fullest_sheet_is_one_page(window, counsellor, clinic, town, now):
    by = {"by": counsellor, "now": now}
    values = {"name": "江小滿", "birth_date": "1990-05-01", "sex": "female"}
    person = register_client(values=values, **by)
    place = {"label": "在臺北租的房子，和姊姊同住" * 2, "town": town, "street": "示範路 1 號" * 8}
    place = add_place(person=person, values=place, **by)
    kinds = enumerate(Choice.Kind)
    picks = {kind: Pick(resource=entry(number, town, now)) for number, kind in kinds}
    for number in ("119", "110", "1925"):
        listed(number, "hotline", number, now, level="national")
    plan = everything()["values"] | {"out_of_hours_plan": longest_plan()}
    save_profile(place=place, **everything(picks=picks, values=plan), **by)
    with window(DESK) as page:
        sign_in(page, counsellor)
        page.goto(f"/clients/{person.pk}/places/{place.pk}/paper/")
        pdf = PdfFileReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    pages = pdf.root["/Pages"]
    box = [round(float(edge)) for edge in pages["/Kids"][0].get_object()["/MediaBox"]]
    assert (int(pages["/Count"]), tuple(box[2:])) == (1, A4)
