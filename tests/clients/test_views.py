"""Pages of clients: what they show, keep and refuse."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.cases.access import people_visible_to
from clinic.clients import actions
from clinic.kernel.audit.history import entries_about
from clinic.people.models import EmergencyContact, Person

LEAST = {"name": "何處暑", "sex": "male", "birth_date": "民國44年8月23日"}
SCRIPT = "<script>alert(1)</script>"


def text_of(response):
    """What a reader sees of the main part of a page, on one line."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def names(response):
    return [person.name for person in response.context["people"]]


def test_a_client_is_added_from_a_roc_birth_date(browse, counsellor, town):
    response = browse(counsellor).post(reverse("client_add"), LEAST, follow=True)
    person = Person.objects.get()
    assert response.redirect_chain == [(reverse("client", args=[person.pk]), 302)]
    assert person.birth_date.isoformat() == "1955-08-23"
    assert (person.name, person.registered_by) == ("何處暑", counsellor)


def test_an_error_keeps_everything_that_was_typed(browse, counsellor, town):
    typed = LEAST | {
        "birth_date": "44/2/30",
        "phone": "0000-000-012",
        "registered_county": "63000",
        "registered_town": "63000080",
        "access_needs": "large print",
        "never_mail": "on",
        "safe_from": "09:00",
    }
    response = browse(counsellor).post(reverse("client_add"), typed)
    form = response.context["form"]
    assert {*form.errors} == {"birth_date", "safe_until"}
    assert {name: form[name].value() for name in typed} == typed | {"never_mail": True}
    assert 'value="44/2/30"' in response.content.decode()
    assert Person.objects.count() == 0


def test_a_form_sent_after_the_login_ended_waits_for_its_writer(browse, counsellor, town):
    browser = browse(counsellor)
    url = reverse("client_add")
    writer = browser.get(url).context["writer"]
    typed = LEAST | {"code_word": "bamboo", "registered_town": "63000080", "phone": "12"}
    browser.logout()
    browser.post(url, typed | {"_writer": writer})
    page = browse(counsellor).get(url)
    form = page.context["form"]
    assert page.context["kept"]
    assert {name: form[name].value() for name in typed} == typed
    assert Person.objects.count() == 0


def test_a_doubtful_id_number_is_saved_and_shown_as_fixable(browse, counsellor, town):
    typed = LEAST | {"national_id": "A123456788"}
    response = browse(counsellor).post(reverse("client_add"), typed, follow=True)
    doubt = "The check digit does not fit. Please compare it with the document."
    assert f"Please check {doubt}" in text_of(response)


def test_a_doubtful_id_number_is_named_beside_other_errors(browse, counsellor, town):
    typed = LEAST | {"national_id": "A123456788", "name": ""}
    response = browse(counsellor).post(reverse("client_add"), typed)
    assert "Please check the ID number. The check digit does not fit." in text_of(response)


def test_markup_in_every_text_field_is_shown_as_text(browse, counsellor, town):
    browser = browse(counsellor)
    texts = ("name", "name_roman", "registered_address", "languages", "access_needs", "code_word")
    typed = (
        LEAST
        | dict.fromkeys(texts, SCRIPT)
        | {
            "residence_address": SCRIPT,
            "registered_town": "63000080",
        }
    )
    page = browser.post(reverse("client_add"), typed, follow=True)
    person = Person.objects.get()
    contact = {"name": SCRIPT, "relation": SCRIPT, "phones": "0000-000-021"}
    browser.post(reverse("contact_add", args=[person.pk]), contact)
    case = browser.post(reverse("case_open", args=[person.pk]), follow=True)
    close = reverse("case_close", args=[case.context["case"].pk])
    closed = browser.post(close, {"reason": SCRIPT}, follow=True)
    more = [reverse(n, args=[person.pk]) for n in ("client", "client_change", "client_history")]
    more += [reverse("client_list"), reverse("case_list")]
    for shown in [page, closed, *map(browser.get, more)]:
        assert SCRIPT not in shown.content.decode()
        assert html.escape(SCRIPT) in shown.content.decode()


def test_the_page_hides_number_and_address_until_asked(browse, counsellor, person):
    page = browse(counsellor).get(reverse("client", args=[person.pk])).content.decode()
    summaries = re.findall(r"<summary><span[^>]*>(.*?)</span>", page)
    assert summaries == ["***011", "x***@client.example"]
    outside = re.sub(r"<details class=\"reveal\">.*?</details>", "", page, flags=re.DOTALL)
    assert ("0000-000-011" in outside, "xiaoman@client" in outside) == (False, False)
    assert ("0000-000-011" in page, "xiaoman@client.example" in page) == (True, True)


@pytest.mark.parametrize("name", ["client", "client_change", "client_history", "case_open"])
def test_each_opening_of_the_file_is_noted(browse, counsellor, person, name):
    before = entries_about(person).filter(verb="record.open").count()
    browse(counsellor).get(reverse(name, args=[person.pk]))
    noted = entries_about(person).filter(verb="record.open", actor=counsellor.actor_label)
    assert noted.count() == before + 1


def test_a_change_is_saved_and_told(browse, counsellor, person):
    browser = browse(counsellor)
    url = reverse("client_change", args=[person.pk])
    form = browser.get(url).context["form"]
    assert form["birth_date"].value() == "1992-05-20"
    typed = {n: form[n].value() for n in form.fields if form[n].value()} | {"name": "江大滿"}
    response = browser.post(url, typed, follow=True)
    assert Person.objects.get().name == "江大滿"
    assert response.context["person"].name == "江大滿"
    story = text_of(browser.get(reverse("client_history", args=[person.pk])))
    assert "changed the client's particulars guyu Name: 江小滿 → 江大滿" in story
    assert "opened" not in story.replace("opened the case", "")


def test_the_history_shows_on_demand_who_looked(browse, counsellor, person, contact, case):
    browser = browse(counsellor)
    url = reverse("client_history", args=[person.pk])
    shown = [line.text for line in browser.get(url).context["entries"]]
    assert shown == ["opened the case", "added an emergency contact", "added the client"]
    looked = [line.text for line in browser.get(url, {"show": "all"}).context["entries"]]
    assert looked == ["opened", *shown]  # this look is noted now, and told by the next


def test_a_contact_is_ended_with_a_way_back(browse, counsellor, person, contact):
    browser = browse(counsellor)
    restore = reverse("contact_restore", args=[person.pk, contact.pk])
    page = browser.post(reverse("contact_end", args=[person.pk, contact.pk]), follow=True)
    assert page.context["contacts"] == []
    assert page.context["ended_contacts"] == [contact]
    toast = page.content.decode().partition('<div class="toasts"')[2]
    assert "The emergency contact is no longer used." in toast
    assert f'action="{restore}"' in toast
    page = browser.post(restore, follow=True)
    assert page.context["contacts"] == [contact]


def test_a_contact_of_another_client_is_not_found_below_this_one(
    browse, counsellor, person, contact, now
):
    other = actions.register_client(
        values=LEAST | {"birth_date": "1955-08-23"}, by=counsellor, now=now
    )
    browser = browse(counsellor)
    for name in ("contact_change", "contact_end", "contact_restore"):
        url = reverse(name, args=[other.pk, contact.pk])
        assert browser.post(url, {"name": "x"}).status_code == 404
    assert EmergencyContact.objects.get().ended_at is None


def test_a_button_is_not_a_link(browse, counsellor, person, contact):
    url = reverse("contact_end", args=[person.pk, contact.pk])
    assert browse(counsellor).get(url).status_code == 405


def test_a_contact_with_bad_numbers_keeps_what_was_typed(browse, counsellor, person):
    url = reverse("contact_add", args=[person.pk])
    typed = {"name": "江立秋", "relation": "sister", "phones": "0000-000-021\nmobile"}
    form = browse(counsellor).post(url, typed).context["form"]
    assert {*form.errors} == {"phones"}
    assert form["phones"].value() == "0000-000-021\nmobile"
    assert EmergencyContact.objects.count() == 0


@pytest.fixture
def three(counsellor, now, days):
    """江小滿 with an open case, 何處暑 with a closed one, 鄭白露 without."""
    people = []
    for number, name in enumerate(("江小滿", "何處暑", "鄭白露")):
        values = LEAST | {"name": name, "birth_date": "1990-01-01"}
        when = now + days(number)
        people.append(actions.register_client(values=values, by=counsellor, now=when))
    actions.open_case(person=people[0], by=counsellor, now=now)
    case = actions.open_case(person=people[1], by=counsellor, now=now)
    actions.close_case(case=case, reason="goals reached", by=counsellor, now=now)
    return people


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"江小滿", "何處暑", "鄭白露"}),
        ({"state": "open"}, {"江小滿"}),
        ({"state": "closed"}, {"何處暑"}),
        ({"state": "none"}, {"鄭白露"}),
        ({"state": "nonsense"}, {"江小滿", "何處暑", "鄭白露"}),
        ({"q": "小滿"}, {"江小滿"}),
        ({"q": "小滿", "state": "closed"}, set()),
        ({"q": "\x00"}, {"江小滿", "何處暑", "鄭白露"}),
        ({"q": "' OR 1=1 --"}, set()),
        ({"page": "999"}, {"江小滿", "何處暑", "鄭白露"}),
        ({"page": "-1", "sort": "?"}, {"江小滿", "何處暑", "鄭白露"}),
    ],
)
def test_the_list_is_searched_and_filtered(browse, counsellor, three, query, found):
    assert {*names(browse(counsellor).get(reverse("client_list"), query))} == found


def test_the_newest_client_may_stand_first(browse, counsellor, three):
    response = browse(counsellor).get(reverse("client_list"), {"sort": "newest"})
    assert names(response) == ["鄭白露", "何處暑", "江小滿"]


def test_the_list_says_the_first_step_or_that_nothing_was_found(browse, counsellor):
    browser = browse(counsellor)
    assert "No clients yet" in text_of(browser.get(reverse("client_list")))
    nobody = text_of(browser.get(reverse("client_list"), {"q": "小滿"}))
    assert ("Nobody was found" in nobody, "No clients yet" in nobody) == (True, False)


def many(counsellor, now, number):
    people = Person.objects.bulk_create(
        Person(
            name=f"何處暑{index}",
            sex="male",
            birth_date="1955-08-23",
            phone="0000-000-012",
            access_needs="large print",
            registered_by=counsellor,
            registered_at=now,
        )
        for index in range(number)
    )
    for row in people[:20]:
        EmergencyContact(person=row, name="何寒露", relation="child", phones="0000-000-022").save()
    return people


def test_the_list_asks_as_many_queries_for_500_clients_as_for_10(browse, counsellor, now):
    browser = browse(counsellor)
    counts = []
    for number in (10, 490):
        for person in many(counsellor, now, number)[:20]:
            actions.open_case(person=person, by=counsellor, now=now)
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(reverse("client_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(names(response)) == 25
    assert people_visible_to(counsellor).count() == 500
    assert "1–25 of 500" in text_of(response)
