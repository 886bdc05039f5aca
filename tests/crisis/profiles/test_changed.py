"""A number that is corrected, hidden or withdrawn after the client was given it is told on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.accounts.models import User
from clinic.clients.actions import close_case
from clinic.clients.place_actions import end_place
from clinic.kernel.actors import System
from clinic.kernel.tasks.todo import todos_for
from clinic.organisation.divisions import load_divisions
from clinic.staff.models import Oversight
from crisis.directory.actions import change_resource, hide_resource
from crisis.directory.loading import load_directory
from crisis.models import Resource
from crisis.profiles.actions import Pick, save_profile
from crisis.profiles.changed import Changed, changes_of
from crisis.profiles.state import states_of
from tests.crisis.directory.conftest import folder
from tests.crisis.profiles.conftest import everything, fresh, whole
from tests.crisis.profiles.test_views import complete, url, words

__all__ = ["folder"]

LOADER = System("directory")
OLD, NEW = "0200000101", "0200000109"
MINUTE = timedelta(minutes=1)
TOLD = "A crisis number of the client in %s has changed"


@pytest.fixture
def hospital(directory) -> Resource:
    return directory["hospital"]


@pytest.fixture
def save(home, contact, hospital, counsellor):
    """Save the profile, with the hospital or with other answers."""

    def at(moment, **picks):
        chosen = everything()["picks"] | {"hospital": Pick(resource=hospital)} | picks
        return save_profile(place=home, **everything(picks=chosen), by=counsellor, now=moment)

    return at


@pytest.fixture
def correct(hospital, admin, now):
    def to(number, at=now + MINUTE):
        row = Resource.objects.get(pk=hospital.pk)
        return change_resource(resource=row, values={"phones": number}, by=admin, now=at)

    return to


@pytest.fixture
def changed(home):
    return lambda: [row for rows in changes_of([whole(home)]).values() for row in rows]


def todos(user, now) -> list[str]:
    words = TOLD.partition("%s")[0]
    return [todo.detail for todo in todos_for(user, now) if todo.title.startswith(words)]


def test_a_corrected_number_says_from_what_to_what(save, correct, changed, now):
    save(now)
    before = changed()
    correct("0200000105")
    correct(NEW, at=now + 2 * MINUTE)
    assert (before, changed()) == ([], [Changed("hospital", "文山醫院", OLD, NEW)])


def test_it_is_a_to_do_of_the_psychologist_until_the_profile_is_saved_again(
    save, correct, case, counsellor, supervisor, admin, now
):
    save(now)
    before = todos(counsellor, now)
    correct(NEW)
    (todo,) = [t for t in todos_for(counsellor, now) if t.title == TOLD % case.code]
    said = f"文山醫院: {OLD} → {NEW}. Tell the client and give her the new sheet, then save the profile."
    where = reverse("crisis_profile", args=[case.people[0].pk, case.people[0].places.get().pk])
    assert (before, todo.detail, todo.action_url) == ([], said, where)
    assert [todos(user, now) for user in (supervisor, admin)] == [[], []]
    save(now + 2 * MINUTE)
    assert todos(counsellor, now) == []


def test_so_is_one_that_was_hidden_until_another_is_chosen(
    save, hospital, case, changed, counsellor, admin, now
):
    save(now)
    hide_resource(resource=hospital, by=admin, now=now + MINUTE)
    assert changed() == [Changed("hospital", "文山醫院", OLD, "")]
    (said,) = todos(counsellor, now)
    assert said.startswith(f"文山醫院 {OLD}: no longer valid.")
    save(now + 2 * MINUTE, hospital=Pick())
    assert (changed(), todos(counsellor, now)) == ([], [])


def test_of_a_psychologist_who_left_it_is_one_of_her_overseer(
    save, correct, case, counsellor, supervisor, now
):
    Oversight.objects.create(
        overseer=supervisor,
        overseen=counsellor,
        kind="clinical",
        period=(timezone.localdate(now), None),
    )
    save(now)
    correct(NEW)
    asked = [len(todos(user, now)) for user in (counsellor, supervisor)]
    User.objects.filter(pk=counsellor.pk).update(is_active=False)
    assert (asked, len(todos(supervisor, now))) == ([1, 0], 1)


def test_a_place_no_longer_used_asks_nothing(save, correct, home, case, counsellor, now):
    save(now)
    correct(NEW)
    end_place(place=home, by=counsellor, now=now)
    assert todos(counsellor, now) == []


def test_a_closed_case_asks_nothing(save, correct, case, counsellor, now):
    save(now)
    correct(NEW)
    close_case(case=case, reason="finished", by=counsellor, now=now)
    assert todos(counsellor, now) == []


def test_a_changed_file_tells_of_it_as_well(home, contact, folder, counsellor, now):
    load_divisions()
    load_directory(folder=folder, by=LOADER, now=now)
    row = Resource.objects.shown().filter(kind="hospital", phones__dial__gt="").first()
    phone, path = row.phones.get(), folder / row.source_file
    picks = everything()["picks"] | {"hospital": Pick(resource=row)}
    save_profile(place=home, **everything(picks=picks), by=counsellor, now=now)
    new = phone.shown[:-1] + str((int(phone.shown[-1]) + 1) % 10)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if row.name in line and phone.shown in line)
    lines[place] = lines[place].replace(phone.shown, new)
    path.write_text("".join(lines), encoding="utf-8", newline="")
    load_directory(folder=folder, by=LOADER, now=now + MINUTE)
    (found,) = changes_of([whole(home)]).values()
    assert found == [Changed("hospital", row.name, row.source_phone, new)]


def test_the_pages_of_client_and_profile_say_it(browse, save, correct, home, counsellor, now):
    save(now)
    correct(NEW)
    (state,) = states_of([fresh(home.person)], now)
    assert (state.tone, state.words) == ("fix", "A number has changed")
    client = browse(counsellor).get(reverse("client", args=[home.person_id]))
    page = words(browse(counsellor).get(url(home)))
    said = f"Hospital: 文山醫院: {OLD} → {NEW}"
    assert [said in words(client), f"{said} Tell the client" in page] == [True, True]


def test_crisis_mode_shows_the_new_number_and_says_that_hers_is_old(
    browse, save, correct, home, counsellor, now
):
    save(now)
    correct(NEW)
    page = browse(counsellor).get(reverse("client_crisis", args=[home.person_id]))
    (card,) = page.context["cards"]
    lines = [line for line in card.lines if line.name == "文山醫院"]
    said = [(line.shown, line.warning.partition("; as printed")[0]) for line in lines]
    assert said == [(NEW, "new number; the client's sheet has the old one")]


def test_crisis_mode_names_what_is_no_longer_valid(
    browse, save, hospital, home, counsellor, admin, now
):
    save(now)
    hide_resource(resource=hospital, by=admin, now=now + MINUTE)
    page = words(browse(counsellor).get(reverse("client_crisis", args=[home.person_id])))
    said = "Chosen in the profile, no longer valid: hospital – 文山醫院"
    assert [said in page, OLD in page] == [True, False]


def test_one_corrected_while_the_page_was_open_is_looked_at_first(
    browse, save, correct, hospital, home, changed, counsellor, now
):
    save(now)
    browser = browse(counsellor)
    typed = complete(hospital_pick=f"r{hospital.pk}")
    opened = browser.get(url(home)).context["seen"]
    correct(NEW, at=timezone.now())
    page = browser.post(url(home), typed | {"seen": opened})
    said = "The number of 文山醫院 was changed meanwhile. Please look at it below first."
    assert [text in words(page) for text in (said, NEW)] == [True, True]
    assert len(changed()) == 1
    again = browser.post(url(home), typed | {"seen": page.context["seen"]})
    assert (again.status_code, changed()) == (302, [])
    nonsense = ("", "x", "2026-13-01T09:00", "2026-01-01T09:00")
    sent = [browser.post(url(home), typed | {"seen": text}).status_code for text in nonsense]
    assert sent == [302] * len(nonsense)
