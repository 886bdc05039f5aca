"""What one window saved of a client is not taken back unseen by another that was opened before."""

import re

import pytest
from django.urls import reverse

from clinic.kernel.stale import FIELD
from clinic.people.models import EmergencyContact, Person

STAMP = re.compile(rf'name="{FIELD}" value="([^"]+)"')
SAID = "Changed meanwhile; shown as it is now."


class Window:
    """A window on one form, with the fields that it was opened with."""

    def __init__(self, browser, address: str, fields: dict[str, str]):
        self.browser, self.address, self.fields = browser, address, fields
        self.read(browser.get(address))

    def read(self, page) -> None:
        self.stamp = STAMP.search(page.content.decode())[1]

    def save(self, **changes):
        self.fields = self.fields | changes
        page = self.browser.post(self.address, self.fields | {FIELD: self.stamp})
        if page.status_code == 200:
            self.read(page)
        return page


@pytest.fixture
def contact_windows(browse, counsellor, person, case, contact):
    fields = {"name": "江立秋", "relation": "sister", "phones": "0000-000-021"}
    address = reverse("contact_change", args=[person.pk, contact.pk])
    return [Window(browse(counsellor), address, fields) for _n in range(2)]


def on_file() -> tuple[bool, str]:
    row = EmergencyContact.objects.get()
    return row.do_not_contact, row.phones


def test_do_not_contact_stays_though_an_older_window_mends_the_number(contact_windows):
    older, newer = contact_windows
    assert newer.save(do_not_contact="on").status_code == 302
    page = older.save(phones="0000-000-022")
    form = page.context["form"]
    assert (page.status_code, form.errors) == (200, {"do_not_contact": [SAID]})
    assert (form["do_not_contact"].value(), form["phones"].value()) == (True, "0000-000-022")
    assert on_file() == (True, "0000-000-021")
    older.save(do_not_contact="on")
    assert on_file() == (True, "0000-000-022")


def test_what_both_typed_is_not_lost(contact_windows):
    older, newer = contact_windows
    newer.save(phones="0000-000-023")
    page = older.save(phones="0000-000-022")
    assert page.context["form"].errors == {"phones": [f"{SAID} This page had: 0000-000-022"]}
    assert on_file() == (False, "0000-000-023")


def test_the_same_in_both_windows_is_no_clash(contact_windows):
    older, newer = contact_windows
    codes = [w.save(phones="0000-000-022").status_code for w in (newer, older)]
    assert (codes, on_file()) == ([302, 302], (False, "0000-000-022"))


def test_never_write_stays_though_an_older_window_adds_a_language(browse, counsellor, person, case):
    fields = {"name": "江小滿", "sex": "female", "birth_date": "1992-05-20"}
    fields |= {"phone": "0000-000-011", "email": "xiaoman@client.example"}
    address = reverse("client_change", args=[person.pk])
    older, newer = (Window(browse(counsellor), address, fields) for _n in range(2))
    newer.save(never_mail="on", neutral_contact="on")
    page = older.save(languages="Mandarin")
    assert {*page.context["form"].errors} == {"never_mail", "neutral_contact"}
    older.save(never_mail="on", neutral_contact="on")
    row = Person.objects.get(pk=person.pk)
    assert (row.may_be_mailed, row.neutral_contact, row.languages) == (False, True, "Mandarin")
