"""Health names the part that is not in order, and never a secret."""

import json
import os
import re
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from clinic.embedded.environment import make_seal
from clinic.kernel import health
from clinic.kernel.glyphs import covered
from clinic.kernel.outbox.models import Outbox
from tests.databases import taking_no_writes

PARTS = {"database", "migrations", "append_only", "broker", "font", "seal", "media", "static"}


@pytest.fixture
def static_list(settings, tmp_path):
    """A list of static files, as collectstatic leaves it."""
    (tmp_path / "static").mkdir()
    listed = json.dumps({"version": "1.1", "paths": {"a.css": "a.1.css"}, "hash": "1"})
    (tmp_path / "static" / "staticfiles.json").write_text(listed)
    hashed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    settings.STATIC_ROOT = tmp_path / "static"


def test_live_answers_without_a_database():
    response = Client().get("/healthz/live")
    assert (response.status_code, response.json()) == (200, {"ok": True})


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["live", "ready", "queue"])
def test_health_is_told_without_tls_where_every_other_page_is_led_to_it(
    name, static_list, settings
):
    settings.SECURE_SSL_REDIRECT = True  # as with a public address of https
    assert Client().get(f"/healthz/{name}").status_code == 200
    assert Client().get("/sign-in/").status_code == 301


@pytest.mark.django_db
def test_ready_says_yes_when_every_part_is_in_order(static_list):
    response = Client().get("/healthz/ready")
    assert response.json() == {
        "ok": True,
        "parts": {name: {"ok": True, "problem": ""} for name in PARTS},
    }
    assert response.status_code == 200


def spoil_broker(settings, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings.REDIS_URL = f"redis://:topsecret@127.0.0.1:{port}/0"


def spoil_font(settings, tmp_path):
    settings.PDF_FONT = str(tmp_path / "none.otf")


def spoil_seal(settings, tmp_path):
    settings.SEAL_CERT_FILE = tmp_path / "secret-place.pem"


def spoil_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "secret-place"


def spoil_static(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "secret-place"
    settings.STATIC_ROOT.mkdir()


def spoil_migrations(settings, tmp_path):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("clinic")
    MigrationRecorder(connection).record_unapplied(*newest)


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["broker", "font", "seal", "media", "static", "migrations"])
def test_ready_names_the_one_part_that_is_not(settings, tmp_path, static_list, part):
    covered.cache_clear()
    globals()[f"spoil_{part}"](settings, tmp_path)
    response = Client().get("/healthz/ready")
    covered.cache_clear()
    parts = response.json()["parts"]
    assert response.status_code == 503
    assert [name for name, state in parts.items() if not state["ok"]] == [part]
    assert parts[part]["problem"]
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("name", ["a.ttc", "a.otf", ""])
@pytest.mark.parametrize("content", [b"", b"ttcf", b"ttcf\0\1\0\0\0\0\0\1", b"no font at all"])
def test_what_is_no_font_is_told_at_the_start_and_while_running(settings, tmp_path, name, content):
    covered.cache_clear()
    settings.PDF_FONT = str(tmp_path / name) if name else ""
    (tmp_path / (name or "none")).write_bytes(content)
    at_the_start = [error.id for error in run_checks() if error.id == "clinic.E002"]
    told = (at_the_start, health.PARTS["font"](timezone.now()))
    covered.cache_clear()
    assert told == (["clinic.E002"], "The documents' font cannot be read. See PDF_FONT.")


def not_in_order() -> dict[str, str]:
    """Return the parts that are not in order, with what is said about each."""
    parts = Client().get("/healthz/ready").json()["parts"]
    return {name: part["problem"] for name, part in parts.items() if not part["ok"]}


@pytest.mark.django_db
def test_ready_says_that_the_disk_is_full_but_the_start_goes_on(static_list, full_disk):
    said = {"media": "The disk of MEDIA_ROOT is full: no file can be stored."}
    assert (not_in_order(), ids()) == (said, [])


@pytest.mark.django_db
def test_ready_says_that_the_database_takes_no_writes(static_list):
    with taking_no_writes():
        assert not_in_order() == {"database": "The database takes no writes."}


@pytest.mark.django_db
def test_ready_does_not_promise_mail_without_the_broker(settings, tmp_path, static_list):
    spoil_broker(settings, tmp_path)
    said = "Redis cannot be reached. No message leaves until it is back; none is lost."
    assert not_in_order() == {"broker": said}


@pytest.fixture
def no_database(transactional_db, monkeypatch):
    """The database of the clinic is not there."""
    connection.close()
    with monkeypatch.context() as gone:
        gone.setitem(connection.settings_dict, "NAME", "no_such_secret_database")
        yield
    connection.close()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_queue_says_so_when_the_database_is_gone(no_database):
    response = Client().get("/healthz/queue")
    said = {"ok": False, "problem": "The database cannot be reached."}
    assert (response.status_code, response.json()) == (503, said)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_ready_names_the_database_when_it_is_gone(static_list, no_database):
    response = Client().get("/healthz/ready")
    assert "secret" not in response.content.decode()
    parts = response.json()["parts"]
    assert response.status_code == 503
    assert {n for n, state in parts.items() if not state["ok"]} == {
        "database",
        "migrations",
        "append_only",
    }


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_ready_notices_rights_that_are_too_wide(now):
    with connections["owner"].cursor() as cursor:
        web = connection.settings_dict["USER"]
        cursor.execute(f"GRANT UPDATE ON clinic_auditentry TO {web}")
        found = health.ready(now)["append_only"]
        cursor.execute(f"REVOKE UPDATE ON clinic_auditentry FROM {web}")
    assert "migrate" in found
    assert health.ready(now)["append_only"] == ""


def outbox_row(now, **values) -> Outbox:
    number = Outbox.objects.count()
    return Outbox.objects.create(
        **{
            "kind": "test",
            "occasion": f"test:{number}",
            "not_before": now,
            "message_id": f"<{number}@clinic.example>",
            "created_at": now,
        }
        | values
    )


@pytest.mark.django_db
def test_queue_counts_what_waits_and_what_was_given_up(now):
    outbox_row(now, not_before=now + timedelta(hours=1))
    outbox_row(now, not_before=now - timedelta(seconds=90))
    outbox_row(now, state="given_up", finished_at=now)
    outbox_row(now, state="sending", lease="9" * 32, lease_until=now - timedelta(seconds=1))
    assert health.queue(now) == health.QueueState(
        waiting=2,
        overdue_seconds=90,
        given_up=1,
        expired_leases=1,
        documents_waiting=0,
        documents_failed=0,
    )
    assert Client().get("/healthz/queue").status_code == 200


@pytest.mark.django_db
def test_queue_is_not_ok_when_the_oldest_due_row_is_over_fifteen_minutes_old(now):
    outbox_row(now, not_before=now - timedelta(minutes=15))
    assert health.queue(now).ok
    outbox_row(now, not_before=now - timedelta(minutes=16))
    response = Client().get("/healthz/queue")
    assert (response.status_code, response.json()["ok"]) == (503, False)


def ids() -> list[str]:
    return [message.id for message in run_checks() if message.id.startswith("clinic.")]


def test_everything_in_order_gives_no_complaint_at_start():
    assert ids() == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda s, folder: setattr(s, "SEAL_KEY_FILE", folder / "none"), "clinic.E003"),
        (lambda s, folder: setattr(s, "SEAL_CERT_FILE", folder / "none"), "clinic.E004"),
        (lambda s, folder: setattr(s, "SEAL_KEY_FILE", folder / "k"), "clinic.E005"),
        (lambda s, folder: setattr(s, "MEDIA_ROOT", folder / "none"), "clinic.E006"),
    ],
)
def test_a_missing_or_foreign_part_stops_the_start_with_an_id_and_a_hint(
    settings, tmp_path, spoil, found
):
    make_seal(tmp_path / "k", tmp_path / "c")
    spoil(settings, tmp_path)
    messages = [message for message in run_checks() if message.id.startswith("clinic.")]
    assert [(m.id, m.is_serious(), bool(m.hint)) for m in messages] == [(found, True, True)]


def test_a_worker_stops_at_the_start_and_names_what_is_not_in_order(tmp_path):
    none = str(tmp_path / "none")
    spoilt = dict.fromkeys(("PDF_FONT", "SEAL_KEY_FILE", "MEDIA_ROOT"), none)
    command = [sys.executable, "-m", "celery", "-A", "clinic", "worker", "--concurrency", "1"]
    # A queue of its own: should it run on, it takes nobody's task.
    ended = subprocess.run(
        [*command, "-Q", "nobodys"],
        env=os.environ | spoilt,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    named = re.findall(r"clinic\.E\d+", ended.stderr)
    assert (ended.returncode, sorted(named)) == (1, ["clinic.E002", "clinic.E003", "clinic.E006"])
