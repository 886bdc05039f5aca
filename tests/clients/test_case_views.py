"""Pages of cases."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.cases.models import Case, Participant
from clinic.clients import actions
from clinic.kernel.audit.history import entries_about
from clinic.people.models import Person
from clinic.staff.models import Oversight
from tests.clients.test_views import text_of


@pytest.fixture
def child(person, now):
    person.birth_date = date(now.year - 15, 1, 1)
    person.save(update_fields=["birth_date"])
    return person


@pytest.fixture
def overseen(counsellor, supervisor, days):
    today = timezone.localdate()
    return Oversight.objects.create(
        overseer=supervisor,
        overseen=counsellor,
        kind="clinical",
        period=(today - days(10), today + days(10)),
    )


def codes(response):
    return [case.code for case in response.context["cases"]]


def test_a_case_is_opened_from_the_clients_page(browse, counsellor, person, approval):
    browser = browse(counsellor)
    url = reverse("case_open", args=[person.pk])
    page = browser.get(url)
    assert (page.context["notice"], [*page.context["form"].fields]) == (None, [])
    response = browser.post(url, follow=True)
    case = Case.objects.get()
    assert response.redirect_chain == [(reverse("case", args=[case.pk]), 302)]
    assert case.counsellor == counsellor


def test_under_the_minimum_age_the_page_says_so_first(browse, counsellor, child, approval):
    page = browse(counsellor).get(reverse("case_open", args=[child.pk]))
    told = text_of(page)
    assert "The client is 15 years old. Every approval in force asks for more" in told
    assert told.index("Under the minimum age") < told.index("face-to-face counselling only")
    assert Case.objects.count() == 0


def test_under_the_minimum_age_nothing_happens_without_the_confirmation(
    browse, counsellor, child, approval
):
    browser = browse(counsellor)
    url = reverse("case_open", args=[child.pk])
    form = browser.post(url).context["form"]
    assert form.errors == {"in_person_only": ["Please confirm it, or do not open the case."]}
    assert Case.objects.count() == 0
    browser.post(url, {"in_person_only": "on"})
    assert Case.objects.count() == 1


def test_without_an_approval_the_page_says_so_and_asks_nothing(browse, counsellor, child):
    browser = browse(counsellor)
    url = reverse("case_open", args=[child.pk])
    page = browser.get(url)
    assert "Telecounselling is not possible yet" in text_of(page)
    assert [*page.context["form"].fields] == []
    browser.post(url)
    assert Case.objects.count() == 1


def test_a_second_case_is_refused_on_the_page(browse, counsellor, person, case):
    page = browse(counsellor).post(reverse("case_open", args=[person.pk]))
    (refusal,) = page.context["form"].non_field_errors()
    assert refusal == (
        f"You already have the open case {case.code} with this client. "
        "Please go on with that one, or close it first."
    )


def test_the_case_shows_who_works_on_it_and_what_comes_next(
    browse, counsellor, person, case, overseen
):
    page = browse(counsellor).get(reverse("case", args=[case.pk]))
    told = text_of(page)
    for words in (case.code, "江小滿", "guyu", "Clinical supervision lichun", "Add an emergency"):
        assert words in told
    assert entries_about(case).filter(verb="record.open").count() == 1


def test_a_case_is_closed_with_a_reason_and_undone(browse, counsellor, case):
    browser = browse(counsellor)
    url = reverse("case_close", args=[case.pk])
    empty = browser.post(url, {"reason": "  "})
    assert {*empty.context["form"].errors} == {"reason"}
    page = browser.post(url, {"reason": "goals reached"}, follow=True)
    toast = page.content.decode().partition('<div class="toasts"')[2]
    assert f'action="{reverse("case_reopen", args=[case.pk])}"' in toast
    assert Case.objects.get().closed_reason == "goals reached"
    browser.post(reverse("case_reopen", args=[case.pk]))
    assert Case.objects.get().closed_at is None
    told = browser.get(reverse("case_history", args=[case.pk])).context["entries"]
    assert [(line.text, line.details) for line in told] == [
        ("reopened the case", []),
        ("closed the case", ["goals reached"]),
        ("opened the case", []),
    ]


def test_a_reason_of_3000_characters_is_refused(browse, counsellor, case):
    page = browse(counsellor).post(reverse("case_close", args=[case.pk]), {"reason": "滿" * 3000})
    assert page.context["form"].errors == {
        "reason": ["Ensure this value has at most 200 characters (it has 3000)."]
    }


def test_a_supervisor_reads_the_case_but_does_not_close_it(browse, supervisor, case, overseen):
    browser = browse(supervisor)
    page = browser.get(reverse("case", args=[case.pk]))
    assert (page.status_code, page.context["own"]) == (200, False)
    refused = browser.post(reverse("case_close", args=[case.pk]), {"reason": "x"})
    assert refused.context["form"].non_field_errors() == [
        "Only the psychologist of the case does this."
    ]
    assert Case.objects.open().count() == 1


def test_a_supervisor_filters_by_psychologist(browse, supervisor, person, case, overseen, now):
    own = actions.open_case(
        person=actions.register_client(
            values={"name": "何處暑", "sex": "male", "birth_date": date(1955, 8, 23)},
            by=supervisor,
            now=now,
        ),
        by=supervisor,
        now=now,
    )
    browser = browse(supervisor)
    url = reverse("case_list")
    assert {*codes(browser.get(url))} == {own.code, case.code}
    chosen = {"counsellor": case.counsellor_id}
    assert codes(browser.get(url, chosen)) == [case.code]
    assert codes(browser.get(url, {"counsellor": "999999"})) == codes(browser.get(url))
    assert codes(browser.get(url, {"q": "處暑"})) == [own.code]
    assert codes(browser.get(url, {"q": case.code})) == [case.code]
    assert codes(browser.get(url, {"state": "closed"})) == []


def test_one_psychologist_alone_has_no_such_filter(browse, counsellor, case):
    page = browse(counsellor).get(reverse("case_list"))
    assert [part["name"] for part in page.context["filters"]["selects"]] == ["state"]


def test_the_list_says_the_first_step_or_that_nothing_was_found(browse, counsellor):
    browser = browse(counsellor)
    assert "No cases yet" in text_of(browser.get(reverse("case_list")))
    assert "No case was found" in text_of(browser.get(reverse("case_list"), {"state": "open"}))


def test_the_list_asks_as_many_queries_for_500_cases_as_for_10(browse, counsellor, now):
    browser = browse(counsellor)
    counts = []
    for number in (10, 490):
        people = Person.objects.bulk_create(
            Person(
                name="何處暑",
                sex="male",
                birth_date="1955-08-23",
                registered_by=counsellor,
                registered_at=now,
            )
            for _ in range(number)
        )
        cases = Case.objects.bulk_create(
            Case(modality="individual", counsellor=counsellor, opened_at=now) for _ in people
        )
        Participant.objects.bulk_create(
            Participant(case=case, person=person, role="client", joined_at=now)
            for case, person in zip(cases, people, strict=True)
        )
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(reverse("case_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "1–25 of 500" in text_of(response)
