"""The pages of the directory: what they show, to whom, and what they ask of the database."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.kernel.tasks.todo import todos_for
from crisis.directory.actions import add_resource, report_resource
from crisis.directory.waiting import empty_directory, numbers_to_check
from crisis.models import Resource
from tests.crisis.directory.test_reload import OWN, centre
from tests.staff.conftest import loose

HUALIEN = {"county": "10015", "town": "10015010"}


def names(page) -> list[str]:
    return [row.resource.name for row in page.context["rows"]]


def words(page) -> str:
    """The text of a page, without marks and line breaks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", loose(page.content.decode())))


def test_a_county_and_a_township_give_their_rows_and_the_national_ones(loaded, counsellor, browse):
    page = browse(counsellor).get("/directory/", HUALIEN | {"kind": "centre"})
    assert sorted(names(page)) == ["花蓮縣花蓮市社區心理衛生中心", "花蓮縣鳳林鎮社區心衛中心"]
    page = browse(counsellor).get("/directory/", HUALIEN | {"kind": "hotline"})
    assert {row.distance for row in page.context["rows"]} == {"national"}


def test_every_number_has_a_link_a_source_and_its_date(loaded, counsellor, browse):
    page = browse(counsellor).get("/directory/", HUALIEN | {"kind": "centre", "q": "花蓮市"})
    assert re.findall(r'href="(tel:[^"]+)"', page.content.decode()) == [
        *("tel:119", "tel:110", "tel:1925", "tel:038351885"),
    ]
    text = words(page)
    assert "2025-10-02" in text
    assert "MOHW map data via github yuuu75/MyMapWebsite" in text
    assert "not confirmed by the clinic yet" in text


def test_the_national_numbers_are_there_before_anything_is_loaded(divisions, counsellor, browse):
    page = browse(counsellor).get("/directory/")
    assert re.findall(r'href="(tel:[^"]+)"', page.content.decode()) == [
        *("tel:119", "tel:110", "tel:1925"),
    ]
    assert "The directory is empty" in words(page)
    assert "/directory/load/" not in page.content.decode()


def test_an_administrator_loads_it_from_the_empty_page(divisions, admin, browse):
    browser = browse(admin)
    assert "/directory/load/" in browser.get("/directory/").content.decode()
    assert browser.post("/directory/load/").url == "/directory/"
    assert Resource.objects.shown().pinned().count() == 3


def test_gaps_are_shown_as_gaps(loaded, counsellor, browse):
    lacking = "community mental health centre, hospital, counselling or psychotherapy clinic"
    page = browse(counsellor).get("/directory/", {"county": "09007"})
    assert f"None known for Lienchiang County: {lacking} " in words(page)
    page = browse(counsellor).get("/directory/", {"county": "10016"})
    assert "None known for Penghu County: community mental health centre " in words(page)
    page = browse(counsellor).get("/directory/", {"county": "10015"})
    assert "None known for" not in words(page)


@pytest.mark.parametrize("status", ["stale", "suspended", "repeated"])
def test_what_must_not_be_shown_is_not_there_for_anybody(loaded, admin, counsellor, browse, status):
    row = Resource.objects.filter(status=status).exclude(source_phone="").first()
    for user in (admin, counsellor):
        assert browse(user).get(f"/directory/{row.pk}/").status_code == 404
        for listed in ("", "hidden"):
            page = browse(user).get("/directory/", {"q": row.name, "listed": listed})
            assert row.pk not in {r.resource.pk for r in page.context["rows"]}


def test_a_stale_number_is_on_no_page_of_its_county(loaded, counsellor, browse):
    page = browse(counsellor).get("/directory/", {"county": "10016", "kind": "centre"})
    assert (names(page), "06-9269051" in page.content.decode()) == ([], False)


def test_a_hidden_entry_is_the_administrators_alone(loaded, admin, counsellor, browse):
    address = f"/directory/{centre().pk}/"
    assert browse(admin).post(f"{address}hide/").url == address
    assert browse(counsellor).get(address).status_code == 404
    page = browse(counsellor).get("/directory/", {"listed": "hidden", "q": "花蓮市社區"})
    assert names(page) == []
    assert names(browse(admin).get("/directory/", {"listed": "hidden"})) == [centre().name]
    browse(admin).post(f"{address}show/")
    assert browse(counsellor).get(address).status_code == 200


def test_confirming_puts_name_and_day_beside_the_number(loaded, admin, browse):
    address = f"/directory/{centre().pk}/"
    browse(admin).post(f"{address}confirm/", {"how": "rang"})
    today = timezone.localdate().isoformat()
    assert f"confirmed {today}, {admin.name}" in words(browse(admin).get(address))


def test_two_reports_warn_and_make_a_to_do_for_administrators(
    loaded, admin, counsellor, stranger, browse, now
):
    address = f"/directory/{centre().pk}/"
    for user in (counsellor, stranger):
        browse(user).post(f"{address}report/")
    assert "2 reports say that it does not answer." in words(browse(counsellor).get(address))
    (todo,) = numbers_to_check(admin, now)
    assert todo in todos_for(admin, now)
    assert (todo.title, todo.action_url) == (f"{centre().name} does not answer", address)
    assert list(numbers_to_check(stranger, now)) == []
    browse(admin).post(f"{address}confirm/", {"how": "rang"})
    assert list(numbers_to_check(admin, now)) == []


def test_an_empty_directory_is_a_to_do_for_administrators(admin, stranger, now):
    assert [todo.action_url for todo in empty_directory(admin, now)] == ["/directory/"]
    assert list(empty_directory(stranger, now)) == []


def test_a_loaded_directory_is_none(loaded, admin, now):
    assert list(empty_directory(admin, now)) == []


def test_correcting_keeps_what_was_typed_and_shows_the_source_beside_it(loaded, admin, browse):
    address = f"/directory/{centre().pk}/"
    page = browse(admin).get(f"{address}change/")
    assert page.context["form"].initial == {
        "name": "花蓮縣花蓮市社區心理衛生中心",
        "phones": "03-8351885",
        "hours": "週一至週五：0800~1200；1330~1730",
    }
    typed = page.context["form"].initial | {"phones": ""}
    page = browse(admin).post(f"{address}change/", typed | {"hours": "週一"})
    assert (page.status_code, page.context["form"]["hours"].value()) == (200, "週一")
    browse(admin).post(f"{address}change/", typed | {"phones": "03-0001999"})
    text = words(browse(admin).get(address))
    assert "The source says (telephone numbers): 03-8351885" in text


def test_an_entry_of_the_clinics_own(divisions, admin, browse):
    values = {name.removesuffix("_id"): value for name, value in OWN.items()}
    page = browse(admin).post("/directory/new/", values)
    own = Resource.objects.get()
    assert (page.url, own.town_id, own.is_own) == (f"/directory/{own.pk}/", "10015010", True)
    page = browse(admin).post("/directory/new/", values | {"county": "63000"})
    assert list(page.context["form"].errors) == ["town"]


def test_html_in_an_entry_is_text(divisions, admin, browse):
    hostile = "<script>alert(1)</script>"
    values = OWN | dict.fromkeys(("name", "phones", "hours", "address", "purpose"), hostile)
    own = add_resource(values=values, by=admin, now=timezone.now())
    for address in ("/directory/", f"/directory/{own.pk}/", f"/directory/{own.pk}/change/"):
        assert hostile not in browse(admin).get(address).content.decode()


def test_a_number_that_is_not_certain_is_no_link(loaded, counsellor, browse):
    row = Resource.objects.shown().get(source_phone="08-87337192")
    page = browse(counsellor).get(f"/directory/{row.pk}/").content.decode()
    assert ("08-87337192" in page, "tel:0887337192" in page) == (True, False)


def asked_by(browser, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


def test_the_list_asks_as_much_for_500_entries_as_for_10(divisions, admin, counsellor, browse, now):
    browser = browse(counsellor)

    def add(number: int) -> None:
        for place in range(number):
            own = add_resource(values=OWN | {"name": f"所 {place}"}, by=admin, now=now)
            if place < 5:
                report_resource(resource=own, by=counsellor, now=now)

    add(10)
    addresses = ("/directory/", "/directory/?county=10015&town=10015010&q=所")
    few = [asked_by(browser, address) for address in addresses]
    row = Resource.objects.get(name="所 1")
    Resource.objects.bulk_create(
        Resource(
            **{
                field.name: getattr(row, field.name)
                for field in Resource._meta.concrete_fields
                if field.name not in ("id", "source_key")
            },
            source_key=f"copy {place}",
        )
        for place in range(490)
    )
    assert Resource.objects.count() == 500
    assert [asked_by(browser, address) for address in addresses] == few


def test_pages_of_the_list_hold_every_entry_once(loaded, counsellor, browse):
    browser, seen = browse(counsellor), []
    for number in range(1, 6):
        page = browser.get("/directory/", {"county": "10015", "page": number})
        seen += [row.resource.pk for row in page.context["rows"]]
    pages = page.context["paginator"].num_pages
    assert (pages <= 5, len(seen) >= len({*seen})) == (True, True)
    rows = Resource.objects.shown().in_reach_of("10015").not_pinned()
    assert {*seen} == {*rows.values_list("pk", flat=True)}


def test_an_old_source_says_that_it_is_old(loaded, counsellor, browse):
    row = Resource.objects.shown().get(source_date="2018-07-05")
    assert "old: read it again before use" in words(browse(counsellor).get(f"/directory/{row.pk}/"))
