"""The list of staff: constant work, search, filters, a look ahead."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.accounts.models import User
from clinic.staff.models import Practitioner
from tests.house import make_user
from tests.staff.conftest import NOON, give_approval, give_licence, give_papers, give_training


def fill(number, premises):
    """Add ``number`` practitioners with a licence."""
    start = User.objects.count()
    users = User.objects.bulk_create(
        User(
            email=f"user{n}@clinic.example",
            name=f"User {n:04}",
            roles=["counsellor"],
            invited_at=NOON,
            joined_at=NOON,
        )
        for n in range(start, start + number)
    )
    Practitioner.objects.bulk_create(Practitioner(user=user, kind="counselling") for user in users)
    for user in users[:30]:
        give_licence(user, premises)


def test_the_list_asks_as_much_for_ten_as_for_five_hundred(chief, clinic, premises):
    counts = []
    for more in (9, 490):
        fill(more, premises)
        give_approval(premises, *User.objects.practising()[:25], number=f"示範核准 {more}")
        chief.get("/staff/")
        with CaptureQueriesContext(connection) as queries:
            response = chief.get("/staff/")
        assert response.context["paginator"].count == User.objects.count()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(response.context["rows"]) == 25


def names(response):
    return [row.member.name for row in response.context["rows"]]


def test_the_list_is_searched_filtered_and_looks_ahead(
    chief, admin, counsellor, intern, supervisor, premises
):
    give_papers(counsellor, premises, -100, 60)
    give_approval(premises, counsellor)
    give_training(counsellor)
    intern.is_active = False
    intern.save(update_fields=["is_active"])
    assert names(chief.get("/staff/?q=GUYU")) == ["guyu"]
    assert names(chief.get("/staff/?q=nobody")) == []
    assert names(chief.get("/staff/?role=supervisor")) == ["lichun"]
    assert names(chief.get("/staff/?state=closed")) == ["mangzhong"]
    assert names(chief.get("/staff/?role=nonsense&day=x&page=99")) == ["guyu", "lichun", "lixia"]
    results = {
        day: chief.get(f"/staff/?q=guyu&day={day}").context["rows"][0] for day in ("", "30", "90")
    }
    shown = {day: [c.state for c in (*row.cells, row.result)] for day, row in results.items()}
    assert shown == {
        "": ["fix", "go", "go"],
        "30": ["fix", "go", "go"],
        "90": ["stop", "go", "stop"],
    }


def test_who_is_no_practitioner_or_not_set_up_is_shown_as_such(chief, admin, premises):
    make_user("bailu", "counsellor", kind="counselling", joined=False)
    rows = {row.member.name: row.result for row in chief.get("/staff/").context["rows"]}
    assert (rows["lixia"].state, rows["lixia"].text) == ("none", "not a practitioner")
    assert (rows["bailu"].state, rows["bailu"].text) == ("fix", "invited, not set up yet")
