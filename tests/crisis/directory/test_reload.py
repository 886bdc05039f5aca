"""Loading again: what is the same stays, what vanished is marked, what the clinic knows is kept."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.errors import Refused
from clinic.kernel.audit.history import entries_about, history
from clinic.kernel.audit.models import AuditEntry
from crisis.directory.actions import (
    add_resource,
    change_resource,
    confirm_resource,
    hide_resource,
    report_resource,
    show_resource,
)
from crisis.directory.finding import found
from crisis.directory.forms import CorrectionForm
from crisis.directory.listing import listed
from crisis.directory.loading import load_directory
from crisis.models import DirectoryLoad, Opening, Resource, ResourcePhone
from tests.crisis.directory.conftest import LOADER
from tests.crisis.directory.test_bad_files import CENTRES, FACILITIES, PLANNED, spoil

OWN = {
    "kind": "counselling",
    "name": "清明心理諮商所（虛構）",
    "county_id": "10015",
    "town_id": "10015010",
    "address": "示範路 2 號",
    "phones": "0000-000-061",
    "hours": "週一至週五09:00-18:00",
    "purpose": "",
}


def centre(key: str = "1746") -> Resource:
    """花蓮縣花蓮市社區心理衛生中心, unless another key is given."""
    return Resource.objects.get(source_file=CENTRES, source_key=key)


def values_of(resource: Resource, **values: str) -> dict[str, str]:
    return CorrectionForm.initial_of(resource) | values


def shown(resource: Resource) -> list[tuple[str, str]]:
    return [(phone.shown, phone.dial) for phone in resource.phones.all()]


def everything() -> list:
    models = (Resource, ResourcePhone, Opening)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_loading_twice_changes_nothing_but_says_that_it_was_done(loaded, folder, now):
    before = everything()
    again = load_directory(folder=folder, by=LOADER, now=now + timedelta(days=1))
    assert everything() == before
    counts = {name: (c["added"], c["changed"], c["withdrawn"]) for name, c in again.counts.items()}
    assert counts == dict.fromkeys(again.counts, (0, 0, 0))
    assert again.hashes == loaded.hashes
    assert DirectoryLoad.objects.count() == 2


def test_loading_asks_as_much_for_few_changes_as_for_many(loaded, folder, now):
    spoil(folder, PLANNED, ",Y,無,", ",Y,掛號費210元,")
    with CaptureQueriesContext(connection) as few:
        load_directory(folder=folder, by=LOADER, now=now)
    text = (folder / PLANNED).read_text(encoding="utf-8")
    (folder / PLANNED).write_text(text.replace(",Y,", ",N,"), encoding="utf-8")
    with CaptureQueriesContext(connection) as many:
        load = load_directory(folder=folder, by=LOADER, now=now)
    assert (load.counts[PLANNED]["changed"] > 10, len(many)) == (True, len(few))


def test_a_change_of_the_source_is_taken_over_and_stands_in_the_history(loaded, folder, now):
    later = now + timedelta(days=1)
    spoil(
        folder, CENTRES, "03-8351885,週一至週五：0800~1200；1330~1730", "03-0001886,週一09:00-17:00"
    )
    load = load_directory(folder=folder, by=LOADER, now=later)
    row = centre()
    assert (shown(row), row.hours) == ([("03-0001886", "030001886")], "週一09:00-17:00")
    assert (row.numbers_since, row.openings.count()) == (later, 1)
    assert load.counts[CENTRES]["changed"] == 1
    (line,) = history(entries_about(row))
    assert (
        line.text,
        "Hours as printed: 週一至週五：0800~1200；1330~1730 → 週一09:00-17:00" in line.details,
    ) == (
        "loaded the directory",
        True,
    )


def test_a_row_that_vanished_is_marked_and_comes_back(loaded, folder, now):
    line = next(
        line
        for line in (folder / CENTRES).read_text(encoding="utf-8").splitlines(keepends=True)
        if line.startswith("1746,")
    )
    whole = (folder / CENTRES).read_text(encoding="utf-8")
    spoil(folder, CENTRES, line, "")
    load = load_directory(folder=folder, by=LOADER, now=now)
    assert (centre().status, load.counts[CENTRES]["withdrawn"]) == ("withdrawn", 1)
    assert (CENTRES, "1746") not in {(r["source_file"], r["source_key"]) for r in listed(now)}
    assert load_directory(folder=folder, by=LOADER, now=now).counts[CENTRES]["withdrawn"] == 0
    (folder / CENTRES).write_text(whole, encoding="utf-8")
    load_directory(folder=folder, by=LOADER, now=now)
    assert (centre().status, shown(centre())) == ("shown", [("03-8351885", "038351885")])


def test_what_the_clinic_corrected_stays_and_the_source_stands_beside_it(
    loaded, folder, admin, now
):
    values = values_of(
        centre(), phones="03-0001999#12、0900-000-000", hours="週一至週五09:00-18:00"
    )
    change_resource(resource=centre(), values=values, by=admin, now=now)
    spoil(
        folder, CENTRES, "03-8351885,週一至週五：0800~1200；1330~1730", "03-0001886,週一09:00-17:00"
    )
    load_directory(folder=folder, by=LOADER, now=now)
    row = centre()
    assert row.edited == ["phones", "hours"]
    assert shown(row) == [("03-0001999#12", "030001999"), ("0900-000-000", "0900000000")]
    assert (row.hours, row.openings.count()) == ("週一至週五09:00-18:00", 5)
    assert (row.source_phone, row.source_hours) == ("03-0001886", "週一09:00-17:00")


def test_a_correction_taken_back_follows_the_source_again(loaded, folder, admin, now):
    first = values_of(centre())
    change_resource(resource=centre(), values=first | {"name": "別名"}, by=admin, now=now)
    assert centre().edited == ["name"]
    change_resource(resource=centre(), values=first, by=admin, now=now)
    assert (centre().edited, centre().name) == ([], first["name"])


def test_hidden_and_own_entries_survive_a_reload(loaded, folder, admin, now):
    hide_resource(resource=centre(), by=admin, now=now)
    own = add_resource(values=OWN, by=admin, now=now)
    load_directory(folder=folder, by=LOADER, now=now)
    own.refresh_from_db()
    assert (centre().is_shown, own.is_shown, own.is_own) == (False, True, True)
    assert (shown(own), own.openings.count(), own.source) == ([("0000-000-061", "")], 5, admin.name)
    show_resource(resource=centre(), by=admin, now=now)
    assert centre().is_shown is True


def row_of(resource: Resource, now):
    rows = Resource.objects.filter(pk=resource.pk).with_openness(now).whole()
    return found(rows, now)[0]


def test_a_confirmation_counts_until_the_number_changes(loaded, folder, admin, now):
    confirm_resource(resource=centre(), how="rang", by=admin, now=now)
    assert row_of(centre(), now).confirmed.by == admin.name
    spoil(folder, CENTRES, "03-8351885", "03-0001886")
    load_directory(folder=folder, by=LOADER, now=now + timedelta(hours=1))
    assert row_of(centre(), now).confirmed is None


def test_who_saw_other_numbers_neither_confirms_nor_reports_those_of_now(
    loaded, folder, admin, now
):
    seen = centre().numbers_since.isoformat()
    spoil(folder, CENTRES, "03-8351885", "03-0001886")
    load_directory(folder=folder, by=LOADER, now=now + timedelta(hours=1))
    values = {"resource": centre(), "by": admin, "now": now + timedelta(hours=2)}
    for act in (partial(confirm_resource, how="rang"), report_resource):
        with pytest.raises(Refused) as refused:
            act(seen=seen, **values)
        assert refused.value.code == "directory.numbers_changed"
        act(seen=centre().numbers_since.isoformat(), **values)
    assert (centre().confirmations.count(), centre().reports.count()) == (1, 1)


def test_a_stale_centre_stays_stale_when_its_own_file_forgets_it(loaded, folder, now):
    text = (folder / CENTRES).read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if "stale_2019" not in line]
    (folder / CENTRES).write_text("".join(kept), encoding="utf-8")
    load_directory(folder=folder, by=LOADER, now=now)
    old = Resource.objects.filter(kind="centre", source_date__year=2019)
    assert {row.source_file for row in old if row.status == "stale"} == {FACILITIES}
    assert [row for row in old if row.is_shown] == []


def test_reports_count_until_somebody_confirms(loaded, admin, counsellor, stranger, now):
    for user in (counsellor, stranger):
        report_resource(resource=centre(), by=user, now=now)
    assert (row_of(centre(), now).reported, row_of(centre(), now).warned) == (2, True)
    confirm_resource(resource=centre(), how="rang", by=admin, now=now + timedelta(minutes=5))
    assert (row_of(centre(), now).reported, row_of(centre(), now).warned) == (0, False)


def test_one_person_reports_once_a_day(loaded, counsellor, now, days):
    report_resource(resource=centre(), by=counsellor, now=now)
    with pytest.raises(Refused) as refused:
        report_resource(resource=centre(), by=counsellor, now=now)
    assert refused.value.code == "directory.reported"
    report_resource(resource=centre(), by=counsellor, now=now + days(1))
    assert centre().reports.count() == 2


def test_confirming_needs_a_way_and_an_entry_that_is_shown(loaded, admin, now):
    with pytest.raises(Refused, match="how you checked"):
        confirm_resource(resource=centre(), how="guessed", by=admin, now=now)
    hide_resource(resource=centre(), by=admin, now=now)
    with pytest.raises(Refused, match="not shown"):
        confirm_resource(resource=centre(), how="rang", by=admin, now=now)


def test_a_correction_undoes_nothing_that_came_in_the_same_moment(loaded, folder, admin, now, days):
    now += days(1)
    opened = centre()
    values = values_of(opened, hours="24小時")
    spoil(folder, CENTRES, "03-8351885", "03-0001886")
    load_directory(folder=folder, by=LOADER, now=now)
    with pytest.raises(Refused) as refused:
        change_resource(resource=opened, values=values, by=admin, now=now)
    numbers = [phone.shown for phone in centre().phones.all()]
    assert (refused.value.code, centre().edited) == ("directory.changed", [])
    assert "03-0001886" in numbers[0]


@pytest.mark.parametrize(
    "verb",
    [
        lambda r, by, now: change_resource(resource=r, values=values_of(r), by=by, now=now),
        lambda r, by, now: hide_resource(resource=r, by=by, now=now),
        lambda r, by, now: show_resource(resource=r, by=by, now=now),
        lambda r, by, now: confirm_resource(resource=r, how="rang", by=by, now=now),
        lambda r, by, now: add_resource(values=OWN, by=by, now=now),
    ],
)
def test_only_administrators_keep_the_directory(divisions, admin, counsellor, now, verb):
    own = add_resource(values=OWN, by=admin, now=now)
    with pytest.raises(Refused) as refused:
        verb(own, counsellor, now)
    assert refused.value.code == "access.not_allowed"


def test_loading_leaves_one_entry_in_the_chain_and_one_for_each_row_that_changed(
    loaded, folder, now
):
    before = AuditEntry.objects.count()
    spoil(folder, CENTRES, "03-8351885", "03-0001886")
    load_directory(folder=folder, by=LOADER, now=now)
    assert AuditEntry.objects.count() == before + 2
