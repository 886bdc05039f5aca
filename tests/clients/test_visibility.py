"""What may not be seen is not there: the page of a stranger holds neither name nor code."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.cases.models import Case, Participant
from clinic.kernel.roles import Role
from clinic.staff.models import Oversight

OF_CLIENT = ("client", "client_change", "client_history", "contact_add", "case_open")
OF_CASE = ("case", "case_close", "case_history")


@pytest.fixture
def addresses(person, case, contact):
    """Every page of one client and her case, and the same pages of a client who is not there."""

    def of(client, number, whom):
        return [
            *(reverse(name, args=[client]) for name in OF_CLIENT),
            *(reverse(name, args=[number]) for name in OF_CASE),
            reverse("contact_change", args=[client, whom]),
        ]

    return of(person.pk, case.pk, contact.pk), of(999, 999, 999)


@pytest.fixture
def buttons(person, case, contact):
    return [
        reverse("contact_end", args=[person.pk, contact.pk]),
        reverse("contact_restore", args=[person.pk, contact.pk]),
        reverse("case_reopen", args=[case.pk]),
    ]


def answers(browser, urls, method="get"):
    return [getattr(browser, method)(url) for url in urls]


def oversee(supervisor, counsellor, first, end):
    Oversight.objects.create(
        overseer=supervisor, overseen=counsellor, kind="clinical", period=(first, end)
    )


def test_the_counsellor_opens_every_page(browse, counsellor, addresses, case):
    pages = answers(browse(counsellor), addresses[0])
    assert {page.status_code for page in pages} == {200}
    assert all("江小滿" in p.content.decode() or case.code in p.content.decode() for p in pages)


def test_a_supervisor_opens_every_page_while_in_force(
    browse, counsellor, supervisor, addresses, days
):
    today = timezone.localdate()
    oversee(supervisor, counsellor, today, today + days(1))
    pages = answers(browse(supervisor), addresses[0])
    assert {page.status_code for page in pages} == {200}


@pytest.fixture
def outsider(request, counsellor, days):
    """The accounts that have nothing to do with the client, one by one."""
    today = timezone.localdate()
    kind = request.param
    user = request.getfixturevalue("supervisor" if kind in ("ended", "not begun") else kind)
    if kind == "ended":
        oversee(user, counsellor, today - days(9), today)
    if kind == "not begun":
        oversee(user, counsellor, today + days(1), today + days(9))
    return user


OUTSIDERS = ["stranger", "admin", "intern", "supervisor", "ended", "not begun"]


@pytest.mark.parametrize("outsider", OUTSIDERS, indirect=True)
def test_an_outsider_gets_the_page_of_a_client_who_is_not_there(
    browse, outsider, addresses, buttons, case
):
    browser = browse(outsider)
    there, nowhere = (answers(browser, urls) for urls in addresses)
    there += answers(browser, buttons, "post")
    assert {page.status_code for page in there} == {404}
    assert {page.content for page in there} == {page.content for page in nowhere}
    assert not any("江小滿" in p.content.decode() or case.code in p.content.decode() for p in there)


@pytest.mark.parametrize("outsider", ["stranger", "intern", "supervisor"], indirect=True)
def test_an_outsiders_lists_are_empty_and_search_finds_nothing(browse, outsider, case):
    browser = browse(outsider)
    for name in ("client_list", "case_list"):
        for query in ({}, {"q": "小滿"}, {"q": case.code}, {"q": "xiaoman@client.example"}):
            body = browser.get(reverse(name), query).content.decode()
            rows = body.partition("<tbody")[2]
            assert (rows, "江小滿" in body) == ("", False)


@pytest.mark.usefixtures("case")
def test_an_administrator_has_no_lists_of_clients(browse, admin):
    browser = browse(admin)
    for name in ("client_list", "client_add", "case_list"):
        page = browser.get(reverse(name))
        assert (page.status_code, "江小滿" in page.content.decode()) == (403, False)


def test_a_counsellor_who_lost_her_role_sees_nothing(browse, counsellor, addresses):
    counsellor.roles = [Role.ADMIN]
    counsellor.save(update_fields=["roles"])
    pages = answers(browse(counsellor), addresses[0])
    assert {page.status_code for page in pages} == {404}


def test_another_counsellors_case_with_the_same_client_stays_unseen(
    browse, counsellor, stranger, person, case, now
):
    other = Case.objects.create(modality="individual", counsellor=stranger, opened_at=now)
    Participant.objects.create(case=other, person=person, role="client", joined_at=now)
    page = browse(stranger).get(reverse("client", args=[person.pk])).content.decode()
    assert (other.code in page, case.code in page) == (True, False)
    listed = browse(stranger).get(reverse("client_list")).content.decode()
    assert (other.code in listed, case.code in listed) == (True, False)
    assert browse(stranger).get(reverse("case", args=[case.pk])).status_code == 404


def test_without_the_second_step_nothing_opens(browse, counsellor, addresses):
    browser = browse(counsellor, verified=False)
    pages = answers(browser, addresses[0])
    assert {page.status_code for page in pages} == {302}
    assert {page.url.partition("?")[0] for page in pages} == {reverse("second_step")}
