"""The directory in the demo, whenever it is loaded."""

from datetime import datetime

import pytest
from django.utils import timezone

from crisis.directory.story import fill_directory
from crisis.models import Confirmation, DirectoryLoad, Resource


def day(month: int, number: int) -> datetime:
    return timezone.make_aware(datetime(2026, month, number))


NEWEST = day(4, 16)  # of the rows in the files


@pytest.mark.parametrize(
    ("clock", "read", "confirmed"),
    [
        (day(4, 20), NEWEST, NEWEST),
        (day(5, 20), NEWEST, day(5, 8)),
        (day(6, 15), NEWEST, day(6, 3)),
        (day(9, 1), day(7, 3), day(8, 20)),
    ],
)
def test_it_is_loaded_when_its_newest_row_was_there(
    clock, read, confirmed, divisions, admin, counsellor, stranger
):
    members = {"lixia": admin, "guyu": counsellor, "lichun": stranger}
    fill_directory(members, clock)
    loads = DirectoryLoad.objects.values_list("at", flat=True)
    assert (list(loads), {row.at for row in Confirmation.objects.all()}) == ([read], {confirmed})
    assert Resource.objects.from_files().count() == 2057
