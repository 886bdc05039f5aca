"""A form of a record says alike what it began with, as long as nobody saved in between."""

import re

import pytest
from django.core import signing

from clinic.kernel.access import all_views
from clinic.kernel.stale import FIELD
from tests.built import built, world
from tests.clients.conftest import browse

__all__ = ["browse", "built", "world"]  # fixtures

STAMP = re.compile(rf'name="{FIELD}" value="([^"]+)"')
PAGES = {
    pattern.name: route
    for route, pattern in all_views()
    if getattr(getattr(pattern.callback, "view_class", None), "of_record", False)
}


def begun_with(page) -> dict[str, str]:
    return signing.loads(STAMP.search(page.content.decode())[1], salt=FIELD)


def test_what_is_on_file_is_changed_by_these_pages():
    assert sorted(PAGES) == [
        "approval_change",
        "client_change",
        "contact_change",
        "credential_add",
        "credential_change",
        "crisis_profile",
        "form_particulars",
        "member_change",
        "place_change",
        "premises_add",
        "premises_change",
        "resource_change",
        "room_add",
        "room_change",
        "session_move",
        "setup_clinic",
        "setup_hours",
    ]


@pytest.mark.parametrize("name", PAGES)
def test_opened_twice_it_begins_alike(name, world, browse):
    readers = [world.readers[reader] for reader in ("admin", "counsellor")]
    pages = [[browse(user).get(world.address(PAGES[name])) for _n in "12"] for user in readers]
    (found,) = [[begun_with(p) for p in two] for two in pages if two[0].status_code == 200]
    assert found[0] == found[1]
