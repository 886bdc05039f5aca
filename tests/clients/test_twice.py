"""One person, one file: who is on file already is not added again by mistake.

Nor is whom to call for her, or where she is.
"""

import pytest
from django.urls import reverse

from clinic.clients.actions import add_contact, register_client
from clinic.clients.place_actions import add_place
from clinic.people.models import EmergencyContact, Person
from clinic.people.places import Place
from tests.at_once import twice_at_one_moment
from tests.clients.test_places import HOME
from tests.clients.test_views import LEAST

REAL = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
CONTACT = {"name": "江立秋", "relation": "sister", "phones": "0000-000-021"}
VALUES = {"name": "何處暑", "sex": "male", "birth_date": "1955-08-23"}


def sent(browser, **more):
    return browser.post(reverse("client_add"), LEAST | more)


def test_the_same_name_and_birth_date_are_asked_about_and_kept(browse, counsellor, town):
    browser = browse(counsellor)
    sent(browser)
    page = sent(browser, phone="0000-000-012")
    form = page.context["form"]
    assert ([*form.errors], form["phone"].value()) == (["another"], "0000-000-012")
    assert 'name="another"' in page.content.decode()
    assert Person.objects.count() == 1


def test_another_person_is_added_once_that_is_said(browse, counsellor, town):
    browser = browse(counsellor)
    sent(browser)
    assert (sent(browser, another="on").status_code, Person.objects.count()) == (302, 2)


def test_the_question_is_not_asked_before(browse, counsellor, town):
    page = browse(counsellor).get(reverse("client_add")).content.decode()
    assert 'name="another"' not in page


def test_somebody_elses_client_is_not_given_away(browse, counsellor, stranger, town):
    sent(browse(stranger))
    assert sent(browse(counsellor)).status_code == 302


@REAL
def test_a_form_sent_twice_at_one_moment_adds_one_file(counsellor, now):
    outcomes = twice_at_one_moment(lambda: register_client(values=VALUES, by=counsellor, now=now))
    assert (outcomes, Person.objects.count()) == (["added", "person.known"], 1)


# --- Contacts and places -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "model", "sent", "words", "other"),
    [
        (
            "contact_add",
            EmergencyContact,
            CONTACT,
            "This emergency contact is on file already. The client's file shows it; it can be changed there.",
            {"phones": "0000-000-022"},
        ),
        (
            "place_add",
            Place,
            HOME | {"usual": "on"},
            "This place is on file already. The client's file shows it; it can be changed there.",
            {"label": "office"},
        ),
    ],
)
def test_sent_twice_it_is_added_once_and_again_once_it_was_ended(
    browse, counsellor, person, now, page, model, sent, words, other
):
    browser, address = browse(counsellor), reverse(page, args=[person.pk])
    first, second = browser.post(address, sent), browser.post(address, sent)
    assert (first.status_code, second.status_code, model.objects.count()) == (302, 200, 1)
    assert second.context["form"].non_field_errors() == [words]
    assert browser.post(address, sent | other).status_code == 302
    model.objects.update(ended_at=now)
    assert (browser.post(address, sent).status_code, model.objects.count()) == (302, 3)


@pytest.mark.parametrize(
    ("page", "model", "sent", "restore"),
    [
        ("contact_add", EmergencyContact, CONTACT, "contact_restore"),
        ("place_add", Place, HOME | {"usual": "on"}, "place_restore"),
    ],
)
def test_an_ended_one_does_not_come_back_beside_one_that_says_the_same(
    browse, counsellor, person, now, page, model, sent, restore
):
    browser, address = browse(counsellor), reverse(page, args=[person.pk])
    browser.post(address, sent)
    old = model.objects.get()
    model.objects.update(ended_at=now)
    browser.post(address, sent)
    told = browser.post(reverse(restore, args=[person.pk, old.pk]), follow=True)
    assert ("on file already" in told.content.decode(), in_use(model)) == (True, 1)
    model.objects.exclude(pk=old.pk).update(ended_at=now)
    browser.post(reverse(restore, args=[person.pk, old.pk]))
    assert (in_use(model), model.objects.get(ended_at=None)) == (1, old)


def in_use(model: type) -> int:
    return model.objects.filter(ended_at=None).count()


@REAL
def test_sent_twice_at_one_moment_there_is_one(person, town, counsellor, now):
    ways = {
        EmergencyContact: (add_contact, CONTACT),
        Place: (add_place, {"label": "home", "town": town, "street": "示範路 1 號"}),
    }
    for model, (add, values) in ways.items():
        outcomes = twice_at_one_moment(
            lambda add=add, values=values: add(person=person, values=values, by=counsellor, now=now)
        )
        assert (outcomes[0], model.objects.count()) == ("added", 1)
