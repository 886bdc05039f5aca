"""Commands are doorways: what they print is what the kernel knows."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ConnectionHandler, connections

from clinic.accounts.actions import invite
from clinic.accounts.models import User
from clinic.kernel import owning_role
from clinic.kernel.access import all_views
from clinic.kernel.access_table import rows
from clinic.kernel.actors import System
from clinic.kernel.audit.actions import note_read
from clinic.kernel.guideline import CLAUSES, EXCUSES
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.outbox.post import post
from clinic.kernel.readiness import REQUIREMENTS


def said(*words) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def said_json(*words):
    return json.loads(said(*words, "--json"))


@pytest.mark.parametrize("command", [["migrate", "--check"], ["rotate_keys"]])
def test_what_only_the_owning_role_may_do_says_that_its_address_is_missing(command, monkeypatch):
    monkeypatch.setattr(owning_role, "connections", ConnectionHandler({"default": {}}))
    with pytest.raises(CommandError) as refused:
        call_command(*command)
    assert str(refused.value) == (
        "DATABASE_OWNER_URL is not set. Set it to postgres://owning-role:…@host/name."
    )


def test_url_matrix_has_every_address_once_with_its_policy():
    found = said_json("url_matrix")
    assert [row["url"] for row in found] == [route for route, _pattern in all_views()]
    assert {tuple(row) for row in found} == {("url", "name", "methods", "policy", "roles", "html")}
    by_name = {row["name"]: row for row in found}
    assert by_name["verify"] == {
        "url": "/verify/",
        "name": "verify",
        "methods": ["GET", "POST"],
        "policy": "public",
        "roles": [],
        "html": True,
    }
    assert by_name["document"]["roles"] == ["counsellor", "intern", "supervisor", "admin"]
    assert by_name["document"]["html"] is False


def test_what_only_takes_a_post_is_no_page():
    assert [row for row in rows() if row.html and "GET" not in row.methods] == []


def test_access_table_has_a_line_for_every_address():
    lines = said("access_table").splitlines()
    assert len(lines) == 1 + len(list(all_views()))
    assert [line.split() for line in lines if line.startswith("/verify/")] == [
        ["/verify/", "GET", "POST", "public"]
    ]


def test_guideline_lists_every_clause_with_what_answers_it():
    found = said_json("guideline")["clauses"]
    assert [clause["id"] for clause in found] == list(CLAUSES)
    for clause in found:
        codes = [r.code for r in REQUIREMENTS.values() if clause["id"] in r.clauses]
        assert clause["requirements"] == codes
        assert clause["excuse"] == EXCUSES.get(clause["id"])


@pytest.mark.django_db
def test_outbox_lists_every_row_by_keys(now):
    post("test", recipient="user:5", occasion="test:1", now=now)
    row = Outbox.objects.get()
    assert said_json("outbox") == [
        {
            "id": row.pk,
            "kind": "test",
            "recipient": "user:5",
            "occasion": "test:1",
            "version": 1,
            "state": "waiting",
            "maybe_twice": False,
            "attempts": 0,
            "message_id": row.message_id,
            "not_before": row.not_before.isoformat(),
            "finished_at": None,
            "reason": "",
        }
    ]
    assert said("outbox").split() == [str(row.pk), "waiting", "test", "user:5", "test:1"]


@pytest.mark.django_db
def test_verify_audit_finds_nothing_in_a_whole_chain(premises, now):
    note_read(subject=premises, by=System("shell"), now=now)
    assert said_json("verify_audit") == {"ok": True, "rows": 1, "problems": []}


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_verify_audit_ends_with_one_and_names_the_changed_entry(premises, now):
    for _time in range(3):
        note_read(subject=premises, by=System("shell"), now=now)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE clinic_auditentry DISABLE TRIGGER append_only")
        cursor.execute("UPDATE clinic_auditentry SET why = 'x' WHERE seq = 2")
        cursor.execute("ALTER TABLE clinic_auditentry ENABLE TRIGGER append_only")
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit", "--json", stdout=out)
    assert end.value.code == 1
    assert json.loads(out.getvalue()) == {
        "ok": False,
        "rows": 3,
        "problems": [{"seq": 2, "problem": "changed, or not written by this software"}],
    }


@pytest.mark.django_db
def test_verify_audit_asks_for_the_entry_of_the_first_account(now):
    user = invite(
        email="lixia@clinic.example",
        name="lixia",
        roles=["admin"],
        language="en",
        by=System("shell"),
        now=now,
    )
    assert said_json("verify_audit")["problems"] == []
    User.objects.filter(pk=user.pk).update(invited_at=now - timedelta(days=1))
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit", stdout=out)
    words = "entry 1: the beginning is missing: there were accounts before it"
    assert (end.value.code, out.getvalue().splitlines()[0]) == (1, words)


@pytest.mark.django_db
def test_verify_document_ends_with_one_for_what_is_not_ours(tmp_path):
    path, out = tmp_path / "a.pdf", io.StringIO()
    path.write_bytes(b"not a PDF")
    with pytest.raises(SystemExit) as end:
        call_command("verify_document", str(path), "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert end.value.code == 1
    assert (found["outcome"], found["reason"], found["file_known"]) == (
        "unknown",
        "unreadable",
        False,
    )
    with pytest.raises(CommandError):
        call_command("verify_document", str(tmp_path / "none.pdf"))
