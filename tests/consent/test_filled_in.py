"""What was filled into a form for its signer: who is named, and what is another since."""

from datetime import date

import pytest
from django.utils import timezone
from django.utils.translation import override
from psycopg.types.range import DateRange

from clinic.clients.actions import change_contact, open_case, register_client
from clinic.kernel.tasks.todo import todos_for
from clinic.staff.models import Oversight
from consent.actions import revoke
from consent.check_questions import check_questions
from consent.models import FormVersion, Particular
from consent.publishing import publish_forms
from consent.values import outdated, values_of
from consent.wording import canonical
from tests.at_once import twice_at_one_moment
from tests.consent.conftest import particulars, publish


@pytest.fixture
def page(request_sent, counsellor, browse):
    """``page()`` is what its psychologist reads on the page of the request, in English."""
    browser = browse(counsellor)
    browser.cookies["language"] = "en"

    def page() -> str:
        return browser.get(f"/consent/{request_sent.pk}/").content.decode()

    return page


CHANGED = "Changed since it was sent, and still the old way in this form: the emergency contact."


def silence(contact, by, now) -> None:
    """She wishes that this contact is not called any more."""
    shown = {"name": contact.name, "relation": contact.relation, "phones": contact.phones}
    change_contact(contact=contact, values=shown | {"do_not_contact": True}, by=by, now=now)


def test_a_contact_who_must_not_be_called_any_more_is_said_beside_the_form(
    request_sent, client_person, counsellor, page, now
):
    seen = [CHANGED in page()]
    silence(client_person.emergency_contacts.get(), counsellor, now)
    assert [*seen, CHANGED in page()] == [False, True]


def test_a_safe_way_that_is_the_telephone_no_more_is_said_as_well(request_sent, client_person):
    seen = [outdated(request_sent)]
    request_sent.signer.safe_channel = "sms"
    with override("en"):
        assert [*seen, outdated(request_sent)] == [[], ["whether she may be called"]]


def test_of_a_form_that_is_over_it_is_not_said(request_sent, client_person, counsellor, page, now):
    silence(client_person.emergency_contacts.get(), counsellor, now)
    revoke(request=request_sent, by=counsellor, now=now)
    assert CHANGED not in page()


def test_the_form_of_an_intern_names_who_supervises_her_clinically(
    forms, intern, supervisor, counsellor, now
):
    """Whoever judges and shows the licence (G9.3), also where another came later."""
    since = DateRange(timezone.localdate(now), None)
    for overseer, kind in ((supervisor, "clinical"), (counsellor, "site")):
        Oversight.objects.create(overseer=overseer, overseen=intern, kind=kind, period=since)
    values = {"name": "甲", "sex": "female", "birth_date": date(1990, 1, 1)}
    person = register_client(values=values, by=intern, now=now)
    case = open_case(person=person, by=intern, now=now)
    assert values_of(case, person)["zh"]["supervisor_name"] == supervisor.name


@pytest.mark.parametrize(
    ("way", "right"),
    [
        ("", "雙方先試著重新連線；5 分鐘內連不上，心理師會打我留的電話"),
        ("phone", "雙方先試著重新連線；5 分鐘內連不上，心理師會打我留的電話"),
        ("email", "雙方先試著重新連線；心理師會在原來的連結等我，不會打電話"),
        ("sms", "雙方先試著重新連線；心理師會在原來的連結等我，不會打電話"),
    ],
)
def test_whose_safe_way_is_not_the_telephone_is_asked_of_no_call(
    request_sent, client_person, way, right
):
    client_person.safe_channel = way
    request_sent.values = canonical(values_of(request_sent.case, client_person))
    asked, _other = check_questions(request_sent, "zh")
    told_again = "我們不會打電話" in asked.feedback[False]
    assert (dict(asked.options)[asked.right], told_again) == (right, way in ("email", "sms"))


def change_number(clinic) -> None:
    clinic.phone = "0000-000-009"
    clinic.save(update_fields=["phone"])


def test_a_form_with_a_newer_version_is_said_to_be_old(request_sent, clinic, admin, page, now):
    words = "the form itself: a newer version is published"
    change_number(clinic)
    seen = [words in page()]
    publish_forms(by=admin, now=now)
    assert [*seen, words in page()] == [False, True]


def test_administrators_learn_that_clients_sign_words_that_have_changed(
    forms, clinic, admin, counsellor, browse, now
):
    def told() -> tuple[list[str], bool, bool]:
        with override("en"):
            found = [
                [str(todo.title) for todo in todos_for(who, now)] for who in (admin, counsellor)
            ]
            shown = browse(admin).get("/forms/").context["changed"]
        words = "Clients sign forms with words that have changed since"
        return shown, *(words in titles for titles in found)

    seen = [told()]
    change_number(clinic)
    seen.append(told())
    publish_forms(by=admin, now=now)
    assert [(len(shown), *rest) for shown, *rest in [*seen, told()]] == [
        (0, False, False),
        (2, True, False),  # agreement and notice name the number
        (0, False, False),
    ]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_pressed_twice_at_one_moment_the_forms_are_published_once(approval, clinic, admin, now):
    publish(admin, now)
    Particular.objects.filter(key=next(iter(particulars()))).update(value_zh="55")
    came = twice_at_one_moment(lambda: publish_forms(by=admin, now=now))
    newer = list(FormVersion.objects.filter(number__gt=1).values_list("form", "number"))
    assert (came, newer) == (["added", "forms.unchanged"], [("counselling_agreement", 2)])
