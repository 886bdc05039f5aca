"""Today and the list of messages: what waits for whom, each with one action."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.accounts.actions import close_account
from clinic.accounts.models import User
from clinic.clients.actions import register_client
from clinic.kernel.documents.actions import request_document
from clinic.kernel.documents.models import Document
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.staff.models import Practitioner
from tests.house import make_user
from tests.staff.conftest import DAY, give_approval, give_licence, give_papers

MANY = 60


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def titles(browser) -> list[str]:
    return [str(item.title) for item in browser.get("/").context["todos"]]


@pytest.fixture
def ago() -> int:
    """Days from DAY to today: what the makers of licences count from."""
    return (timezone.localdate() - DAY).days


def test_today_is_empty_where_nothing_waits(counsellor, clinic, browse):
    page = words(browse(counsellor).get("/"))
    assert "Nothing waits for you" in page
    assert "Messages" not in page


def test_a_full_disk_is_one_to_do_of_administrators(admin, counsellor, clinic, browse, full_disk):
    words = "There is no room for files any more."
    assert titles(browse(admin)).count(words) == 1
    assert words not in titles(browse(counsellor))


def test_there_is_no_room_where_an_upload_finds_none(admin, clinic, browse, settings):
    settings.UPLOAD_MAX_BYTES = 10**18
    assert "There is no room for files any more." in titles(browse(admin))


def test_an_administrator_sees_what_is_missing_expiring_and_not_set_up(
    admin, counsellor, supervisor, clinic, premises, browse, ago
):
    give_papers(counsellor, premises, ago - 100, ago + 30)
    give_approval(premises, counsellor, start=ago - 100, last=ago + 60)
    make_user("bailu", "counsellor", joined=False)
    chief = browse(admin)
    last = timezone.localdate() + timedelta(days=30)
    end = timezone.localdate() + timedelta(days=60)
    assert titles(chief) == [
        "guyu: no training in telecounselling is on file",
        "lichun: no practice licence in force on that day",
        f"guyu's practice licence ends on {last}",
        f"The approval 示範核准 1 ends on {end}",
        "The consent forms are not published",
        "The directory is empty",
        "bailu has not set up the account yet",
    ]
    todos = chief.get("/").context["todos"]
    assert [chief.get(item.action_url).status_code for item in todos] == [200] * 7


def test_a_licence_that_a_later_one_follows_is_no_to_do(
    admin, counsellor, clinic, premises, browse, ago
):
    give_licence(counsellor, premises, start=ago - 100, last=ago + 30)
    chief, ends = browse(admin), "guyu's practice licence ends on"
    before = [title for title in titles(chief) if title.startswith(ends)]
    give_licence(counsellor, premises, start=ago + 31, last=ago + 2000)
    after = [title for title in titles(chief) if title.startswith(ends)]
    assert (len(before), after) == (1, [])


def test_everybody_sees_her_own_licence_only(counsellor, stranger, clinic, premises, browse, ago):
    give_licence(counsellor, premises, start=ago - 100, last=ago + 30)
    give_licence(stranger, premises, start=ago - 100, last=ago + 31)
    browser = browse(counsellor)
    (todo,) = browser.get("/").context["todos"]
    assert str(todo.title).startswith("guyu's practice licence ends on")
    assert browser.get(todo.action_url).status_code == 200


def fill(number, premises, now, ago):
    """Add ``number`` of everything that Today lists."""
    start = User.objects.count()
    users = User.objects.bulk_create(
        User(
            email=f"u{n}@clinic.example",
            name=f"User {n:03}",
            roles=["counsellor"],
            invited_at=now,
            joined_at=now if n % 2 else None,
        )
        for n in range(start, start + number)
    )
    Practitioner.objects.bulk_create(Practitioner(user=user, kind="counselling") for user in users)
    for user in users:
        give_licence(user, premises, start=ago - 100, last=ago + 30)
    Task.objects.bulk_create(
        Task(kind="undeliverable", key=str(user.pk), role="admin", about=user.actor_label, due=now)
        for user in users
    )
    Outbox.objects.bulk_create(
        Outbox(
            kind="staff_invitation",
            recipient=user.actor_label,
            occasion="x",
            not_before=now,
            created_at=now,
            message_id=f"<{user.pk}@clinic.example>",
        )
        for user in users
    )


@pytest.mark.parametrize("where", ["/", "/messages/"])
def test_the_number_of_queries_does_not_grow(where, admin, clinic, premises, browse, now, ago):
    chief, counts = browse(admin), []
    for more in (10, MANY):
        fill(more, premises, now, ago)
        chief.get(where)
        with CaptureQueriesContext(connection) as queries:
            chief.get(where)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Stored to-dos -------------------------------------------------------------------------------


def test_a_stored_task_is_done_once_by_who_may(admin, counsellor, clinic, browse, now):
    task = Task.objects.create(
        kind="undeliverable", key="1", role="admin", about=counsellor.actor_label, due=now
    )
    chief = browse(admin)
    page = words(chief.get("/"))
    assert "A message could not be delivered" in page
    assert "To guyu. Please telephone." in page
    assert f"{len(titles(chief)) + 1} items" in page
    where = f"/tasks/{task.pk}/done/"
    assert browse(counsellor).post(where).status_code == 404
    assert chief.post(where).status_code == 302
    task.refresh_from_db()
    assert task.done_by == admin
    assert chief.post(where).status_code == 404
    assert "A message could not be delivered" not in words(chief.get("/"))


# --- Messages ------------------------------------------------------------------------------------


def message(now, number, **values):
    return Outbox.objects.create(
        kind="staff_invitation",
        occasion=str(number),
        message_id=f"<{number}@clinic.example>",
        not_before=now,
        created_at=now,
        **values,
    )


def test_messages_say_whom_what_and_how_it_stands(admin, counsellor, clinic, browse, now):
    to = counsellor.actor_label
    message(now, 1, recipient=to)
    message(now, 2, recipient=to, attempts=1)
    message(now, 3, recipient="person:7", reason="send window")
    message(now, 4, recipient=to, state="sent", finished_at=now)
    message(now, 5, recipient=to, state="sent", maybe_twice=True, finished_at=now)
    message(now, 6, state="given_up", finished_at=now)
    message(now, 7, recipient="user:999999", state="held", finished_at=now)
    message(now, 8, recipient=to, state="dropped", finished_at=now)
    rows = browse(admin).get("/messages/").context["rows"]
    assert [(row.recipient, row.state, str(row.words)) for row in rows] == [
        ("guyu", "none", "no longer needed, not sent"),
        ("user:999999", "fix", "held for safe contact"),
        ("–", "stop", "undeliverable, please call"),
        ("guyu", "go", "sent, possibly twice"),
        ("guyu", "go", "sent"),
        ("client no. 7", "info", "waiting for the send window"),
        ("guyu", "fix", "will retry"),
        ("guyu", "info", "queued"),
    ]
    assert {row.kind for row in rows} == {"invitation"}
    held = browse(admin).get("/messages/?state=held").context["rows"]
    assert [row.state for row in held] == ["fix"]
    assert len(browse(admin).get("/messages/?state=nonsense").context["rows"]) == 8


def test_messages_are_found_by_staff_and_by_client_number(admin, counsellor, clinic, browse, now):
    for number, to in enumerate((counsellor.actor_label, "person:7", "person:77"), 1):
        message(now, number, recipient=to)
    chief, found = browse(admin), {}
    for text in ("guYu", "7", "nobody"):
        rows = chief.get("/messages/", {"q": text}).context["rows"]
        found[text] = [row.recipient for row in rows]
    assert found == {"guYu": ["guyu"], "7": ["client no. 7"], "nobody": []}


def test_messages_are_for_administrators(counsellor, clinic, browse):
    assert browse(counsellor).get("/messages/").status_code == 403


def test_an_empty_list_of_messages_says_so(admin, clinic, browse):
    assert "No messages" in words(browse(admin).get("/messages/"))


def test_what_waited_for_who_left_is_the_administrators_without_a_name(
    admin, counsellor, clinic, browse, now
):
    values = {"name": "江小滿", "sex": "female", "birth_date": "1992-05-20"}
    person = register_client(values=values, by=counsellor, now=now)
    Task.objects.create(
        kind="undeliverable", key="1", owner=counsellor, about=person.actor_label, due=now
    )
    chief = browse(admin)
    before = "A message could not be delivered" in words(chief.get("/"))
    close_account(user=counsellor, by=admin, now=now)
    page = words(chief.get("/"))
    said = (f"To client no. {person.pk}. Please telephone." in page, "江小滿" in page)
    assert (before, said) == (False, (True, False))


@pytest.fixture
def failed(admin, clinic, now) -> tuple[Document, Task]:
    """A document that could not be made, and the to-do about it."""
    document = request_document(kind="staff.register", subject=clinic, by=admin, now=now)
    Document.objects.filter(pk=document.pk).update(state="failed", attempts=8)
    about = {"key": f"{document.pk}:8", "about": f"document:{document.pk}"}
    return document, Task.objects.create(kind="document_failed", role="admin", due=now, **about)


def test_a_document_that_failed_is_asked_for_again_with_one_press(admin, failed, browse):
    document, task = failed
    chief = browse(admin)
    assert "Ask for it again" in words(chief.get("/"))
    for _press in range(2):
        chief.post(f"/tasks/{task.pk}/done/")
    document.refresh_from_db()
    tries = Outbox.objects.about(f"document:{document.pk}").order_by("version")
    assert (document.state, [row.version for row in tries]) == ("waiting", [1, 9])
    assert Task.objects.get(pk=task.pk).done_by == admin


@pytest.mark.parametrize("step", ["documents.actions.post_render", "tasks.actions.record"])
def test_a_press_that_ends_half_way_leaves_to_do_and_document(
    step, admin, failed, browse, monkeypatch
):
    def end(*_args, **_kwargs):
        raise RuntimeError("the process ends here")

    document, task = failed
    chief = browse(admin)
    chief.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(f"clinic.kernel.{step}", end)
        assert chief.post(f"/tasks/{task.pk}/done/").status_code == 500
    for row in failed:
        row.refresh_from_db()
    assert (document.state, task.done_at) == ("failed", None)
    chief.post(f"/tasks/{task.pk}/done/")
    document.refresh_from_db()
    assert document.state == "waiting"
