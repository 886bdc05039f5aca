"""What another source speaks against is the administrators' alone until one has confirmed it."""

import pytest

from clinic.kernel.tasks.todo import todos_for
from crisis.directory.actions import (
    add_resource,
    change_resource,
    confirm_resource,
    hide_resource,
)
from crisis.directory.finding import Need, near
from crisis.directory.listing import listed
from crisis.directory.waiting import to_be_confirmed
from crisis.models import Resource
from tests.crisis.directory.test_pages import names, words
from tests.crisis.directory.test_reload import OWN, values_of

HUALIEN = {"county": "10015", "town": "10015010"}
SUSPENDED = "another source says: suspended"


@pytest.fixture
def twin(divisions, admin, now) -> Resource:
    """An entry whose licence another file calls suspended."""
    rows = [add_resource(values=OWN | {"hours": ""}, by=admin, now=now) for _file in range(2)]
    Resource.objects.filter(pk=rows[0].pk).update(status="suspended", source_file="a.csv")
    return rows[1]


def shown(now) -> list[list[str]]:
    """Where a counsellor could meet it: near a place, and in the printed list."""
    nearby = near(HUALIEN["town"], now).of(Need.COUNSELLING)
    return [[row.resource.name for row in nearby], [row["name"] for row in listed(now)]]


def test_it_is_shown_once_it_is_confirmed(twin, admin, now):
    before = shown(now)
    confirm_resource(resource=twin, how="rang", by=admin, now=now)
    assert (before, shown(now)) == ([[], []], [[OWN["name"]], [OWN["name"]]])


@pytest.mark.parametrize(("later", "seen"), [(0, [OWN["name"]]), (1, [])])
def test_a_suspension_dated_after_the_confirmation_holds_it_back_again(
    twin, admin, now, days, later, seen
):
    confirm_resource(resource=twin, how="rang", by=admin, now=now)
    suspended = Resource.objects.filter(status="suspended")
    suspended.update(source_date=twin.confirmations.get().on + days(later))
    assert shown(now) == [seen, seen]


def test_other_numbers_are_confirmed_anew(twin, admin, now, days):
    confirm_resource(resource=twin, how="rang", by=admin, now=now)
    values = {"name": OWN["name"], "phones": "0000-000-062", "hours": ""}
    change_resource(resource=twin, values=values, by=admin, now=now + days(1))
    assert shown(now) == [[], []]


@pytest.mark.parametrize("other", [{"name": "b"}, {"town_id": "10015050"}, {"town_id": None}])
def test_another_name_or_township_is_somebody_else(twin, admin, now, other):
    row = add_resource(values=OWN | other, by=admin, now=now)
    assert [*Resource.objects.shown()] == [row]


def test_a_counsellor_meets_it_on_no_page(twin, counsellor, browse):
    browser = browse(counsellor)
    assert browser.get(f"/directory/{twin.pk}/").status_code == 404
    for asked in ({"q": "所"}, HUALIEN, HUALIEN | {"listed": "held"}):
        assert names(browser.get("/directory/", asked)) == []


def test_an_administrator_reads_why_and_what_to_do(twin, admin, browse):
    browser, address = browse(admin), f"/directory/{twin.pk}/"
    for asked in (HUALIEN, {"listed": "held"}):
        page = browser.get("/directory/", asked)
        assert (names(page), SUSPENDED in words(page)) == ([twin.name], True)
    said = words(browser.get(address))
    assert "Another source says: suspended: Nobody but administrators is shown it." in said
    browser.post(f"{address}confirm/", {"how": "rang"})
    assert SUSPENDED not in words(browser.get(address)).lower()
    assert names(browser.get("/directory/", {"listed": "held"})) == []


def test_a_line_of_which_the_source_is_not_sure_waits_in_the_same_way(
    loaded, admin, counsellor, browse, now
):
    line = Resource.objects.get(source_key="1966")
    address = f"/directory/{line.pk}/"

    def shown() -> list[bool]:
        lines = near(HUALIEN["town"], now).by_kind[Resource.Kind.HOTLINE]
        return [
            line.pk in {row.resource.pk for row in lines},
            browse(counsellor).get(address).status_code == 200,
        ]

    before, said = shown(), words(browse(admin).get(address))
    assert "The source is not certain: read it again at the official page" in said
    browse(admin).post(f"{address}confirm/", {"how": "read"})
    assert (before, shown()) == ([False, False], [True, True])


def test_it_is_a_to_do_for_administrators(twin, admin, counsellor, now):
    (todo,) = to_be_confirmed(admin, now)
    assert todo in todos_for(admin, now)
    assert (todo.title, todo.action_url) == (
        "1 entry is shown to nobody before you confirm it",
        "/directory/?listed=held",
    )
    assert list(to_be_confirmed(counsellor, now)) == []
    confirm_resource(resource=twin, how="rang", by=admin, now=now)
    assert list(to_be_confirmed(admin, now)) == []


def test_a_correction_leaves_what_was_written_meanwhile(divisions, admin, now, days):
    own = add_resource(values=OWN, by=admin, now=now)
    hide_resource(resource=Resource.objects.get(pk=own.pk), by=admin, now=now)
    change_resource(resource=own, values=values_of(own, name="別名"), by=admin, now=now + days(1))
    row = Resource.objects.get(pk=own.pk)
    assert (row.name, row.hidden_by, row.hidden_at) == ("別名", admin, now)


def test_hidden_twice_the_first_time_counts(divisions, admin, now, days):
    own = add_resource(values=OWN, by=admin, now=now)
    for at in (now, now + days(1)):
        hide_resource(resource=own, by=admin, now=at)
    assert Resource.objects.get(pk=own.pk).hidden_at == now
