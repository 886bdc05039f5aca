"""A form of a record says alike what it began with, as long as nobody saved in between."""

import re

import pytest
from django.core import signing

from clinic.kernel.access import all_views
from clinic.kernel.pages import FormPage
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

# Why a form needs no look at what somebody else saved meanwhile: it takes nothing back.
NOT_OF_RECORD = {
    "it adds, and changes nothing that is there": {
        *("approval_add", "approval_person_add", "case_open", "client_add", "consent_explain"),
        *("contact_add", "jurisdiction_add", "oversight_add", "place_add", "resource_add"),
        *("session_book", "session_note_amend", "session_place", "staff_invite"),
        *("suitability_new", "training_add"),
    },
    "once only; its action refuses, or keeps the first": {
        *("case_close", "consent_reply", "jurisdiction_replace", "jurisdiction_review"),
        *("paper_check", "paper_receive", "session_despite"),
    },
    "it asks for one answer, and begins without that of the file": {
        *("oversight_end", "setup_responsible"),
    },
    "it carries the number of what was seen": {
        *("session_door", "session_note", "session_start_despite"),
    },
    "of one's own account": {
        *("enrol", "join", "password_change", "password_forgotten", "password_new"),
        *("recovery_codes", "second_step", "sign_in"),
    },
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
        "member_address",
        "member_change",
        "place_change",
        "premises_add",
        "premises_change",
        "resource_change",
        "room_add",
        "room_change",
        "session_cancel",
        "session_move",
        "setup_clinic",
        "setup_hours",
    ]


def test_every_other_form_says_why_it_takes_nothing_back():
    forms = {
        pattern.name
        for _route, pattern in all_views()
        if issubclass(getattr(pattern.callback, "view_class", object), FormPage)
    }
    said = [name for names in NOT_OF_RECORD.values() for name in names]
    assert sorted(said) == sorted(forms - {*PAGES})


@pytest.mark.parametrize("name", PAGES)
def test_opened_twice_it_begins_alike(name, world, browse):
    readers = [world.readers[reader] for reader in ("admin", "counsellor")]
    pages = [[browse(user).get(world.address(PAGES[name])) for _n in "12"] for user in readers]
    (found,) = [[begun_with(p) for p in two] for two in pages if two[0].status_code == 200]
    assert found[0] == found[1]
