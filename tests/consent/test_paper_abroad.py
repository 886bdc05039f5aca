"""Who lives abroad dates her paper by the calendar of her place."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clinic.clients.place_actions import add_place
from clinic.errors import Refused
from consent.actions import record_explanation
from consent.paper.actions import prepare_paper
from tests.consent.on_paper import returned

TAIPEI = ZoneInfo("Asia/Taipei")
MADE = datetime(2026, 11, 2, 9, 0, tzinfo=TAIPEI)  # the first of November in the Americas
TALK = datetime(2026, 11, 10, 10, 0, tzinfo=TAIPEI)  # the evening of the ninth there
CAME = datetime(2026, 11, 24, 10, 0, tzinfo=TAIPEI)


@pytest.fixture
def accepts(case, forms, client_person, counsellor):
    """``accepts(day, country, region)``: whether it is taken as the day on the paper."""

    def accepts(day: date, country: str, region: str, talk=TALK) -> bool:
        if country:
            place = {
                "label": "家",
                "country": country,
                "region": region,
                "street": "1 Example Road",
            }
            values = place | {"town": None, "usual": True}
            add_place(person=client_person, values=values, by=counsellor, now=MADE)
        request = prepare_paper(case=case, by=counsellor, now=MADE)
        items = [item.code for item in request.asked_items()]
        how = {"channel": "video", "items": items, "by": counsellor}
        record_explanation(request=request, at=talk, **how, now=talk)
        try:
            return returned(request, CAME, signed_on=day).signed_on == day
        except Refused as refused:
            assert (refused.code, refused.field) == ("consent.day", "signed_on")
            return False

    return accepts


@pytest.mark.parametrize(
    ("country", "region", "earliest"),
    [
        ("", "", date(2026, 11, 10)),  # no place on file: as in Taipei
        ("US", "Los Angeles", date(2026, 11, 9)),
        ("US", "California", date(2026, 11, 9)),  # which clock, nobody knows: a day of grace
        ("JP", "Tokyo", date(2026, 11, 10)),
        ("NZ", "Auckland", date(2026, 11, 10)),  # ahead: Taipei's day is the earlier one
    ],
)
@pytest.mark.parametrize("before", [0, 1])
def test_her_day_is_taken_and_none_before_the_talk(accepts, country, region, earliest, before):
    assert accepts(earliest - timedelta(days=before), country, region) == (not before)


@pytest.mark.parametrize(("day", "taken"), [(date(2026, 11, 1), True), (date(2026, 10, 31), False)])
def test_nor_one_before_the_form_was_made(accepts, day, taken):
    assert accepts(day, "US", "Los Angeles", talk=MADE) == taken
