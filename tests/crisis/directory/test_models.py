"""What the database refuses, whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from crisis.directory.actions import add_resource, confirm_resource, report_resource
from crisis.models import Confirmation, Opening, Report, Resource, ResourcePhone
from tests.crisis.directory.test_reload import OWN


@pytest.fixture
def own(divisions, admin, now) -> Resource:
    return add_resource(values=OWN, by=admin, now=now)


def refused(write) -> str:
    """Return the constraint that a write broke."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return error.value.__cause__.diag.constraint_name


def again(own: Resource, **values) -> Resource:
    own.pk = None
    own._state.adding = True
    for name, value in values.items():
        setattr(own, name, value)
    return own


WRONG = {
    "source_row_once": {},
    "resource_has_source": {"source_key": "2", "source": ""},
    "resource_has_name": {"source_key": "2", "name": ""},
    "resource_level_fits_place": {"source_key": "2", "level": "national"},
    "resource_town_in_county": {"source_key": "2", "county_id": "63000"},
    "resource_hidden_pair": {"source_key": "2", "hidden_by_id": 1},
    "resource_edited_known": {"source_key": "2", "edited": ["address"]},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_entry_is_refused(own, admin, name):
    values = {k: admin.pk if k == "hidden_by_id" else v for k, v in WRONG[name].items()}
    assert refused(lambda: again(own, **values).save(force_insert=True)) == name


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"dial": "03-8351885"}, "dial_digits_only"),
        ({"dial": "tel:110"}, "dial_digits_only"),
        ({"dial": "１１０"}, "dial_digits_only"),
        ({"dial": "110\n"}, "dial_digits_only"),
        ({"dial": "110", "extension": "1-2"}, "extension_digits_only"),
        ({"extension": "12"}, "extension_needs_number"),
        ({"shown": ""}, "phone_is_shown"),
        ({"position": 0}, "phone_position_once"),
    ],
)
def test_a_wrong_number_is_refused(own, values, name):
    phone = ResourcePhone(**{"resource": own, "position": 1, "shown": "110"} | values)
    assert refused(phone.save) == name


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"weekday": 8}, "opening_weekday"),
        ({"closes": "09:00"}, "opening_ends_later"),
        ({"weekday": 1}, "opening_once"),
    ],
)
def test_a_wrong_opening_is_refused(own, values, name):
    given = {"resource": own, "weekday": 6, "opens": "09:00", "closes": "12:00"} | values
    assert refused(Opening(**given).save) == name


def test_confirmations_and_reports_are_never_changed(own, admin, now):
    confirm_resource(resource=own, how="rang", by=admin, now=now)
    report_resource(resource=own, by=admin, now=now)
    for rows in (Confirmation.objects.all(), Report.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(on="2026-01-01")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
