"""The demo's clinic: built by actions alone, once, on an empty database, in demo mode."""

import ast
import io
import json
import re
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clinic.accounts.models import Authenticator, RecoveryCode, User
from clinic.cases.models import Case, Participant
from clinic.demo.cast import CLIENTS, PASSWORD, STAFF
from clinic.demo.seed import seed
from clinic.kernel.action import VERBS, _run, action, record
from clinic.kernel.actors import System
from clinic.kernel.audit import chain
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.divisions import load_divisions
from clinic.organisation.models import Clinic, County, Premises, Room, Town
from clinic.people.models import EmergencyContact, Person
from clinic.staff.models import Approval, ApprovedPerson, Credential, Oversight, Practitioner
from consent.demo import STORIES
from consent.models import FormVersion, Question, Request
from tests.architecture.house import files, modules, text

WRITE = re.compile(
    r'\s*(?:WITH .*?)?(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.DOTALL | re.IGNORECASE
)
WRITERS = {
    *("save", "create", "bulk_create", "update", "bulk_update", "delete"),
    *("get_or_create", "update_or_create", "execute", "raw", "set_password", "make_password"),
}
# Official lists of counties and townships, which every clinic loads.
LOADED = {"clinic_county", "clinic_town"}


def seed_demo(*options: str) -> str:
    """Run the command; return what it printed."""
    out = io.StringIO()
    call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def demo(settings, db):
    settings.DEMO = True


@contextmanager
def writes_outside_actions():
    """Collect the tables that were written to while no action was under way."""
    found: set[str] = set()

    def watch(execute, sql, params, many, context):
        if (match := WRITE.match(sql)) and _run.get() is None:
            found.add(match[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def test_nothing_is_written_but_by_actions(demo, now):
    with writes_outside_actions() as found:
        seed_demo("--clients", "3")
    assert found == LOADED


def test_a_write_outside_of_an_action_is_noticed(admin, now):
    with writes_outside_actions() as found:
        Link(purpose="invitation", subject="user:1", expires_at=now).save()
        User.objects.filter(pk=admin.pk).update(name="x")
        Room.objects.all().delete()
    assert found == {"clinic_link", "clinic_user", "clinic_room"}


def modules_named(name: str) -> list[Path]:
    """Return the other apps' parts of the demo."""
    return [path for path in modules() if path.name == name]


def test_the_demos_modules_write_nothing_themselves():
    paths = [*files(".py", folders=("clinic/demo",)), *modules_named("demo.py")]
    calls = {
        f"{path}: {node.func.attr}"
        for path in paths
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITERS
    }
    assert (calls, len(paths) > 5) == (set(), True)


def test_every_row_stands_for_an_action(demo, now):
    seed(now)
    done = {verb: AuditEntry.objects.filter(verb=verb).count() for verb in VERBS}
    joined = sum(member.joined for member in STAFF)
    cases = [client.case for client in CLIENTS if client.case]
    rows = {
        model: model.objects.count()
        for model in (User, Authenticator, RecoveryCode, Practitioner, Credential, Oversight)
    }
    assert rows == {
        User: len(STAFF),
        Authenticator: joined,
        RecoveryCode: 10 * joined,
        Practitioner: sum(bool(member.kind) for member in STAFF),
        Credential: 2 * sum(bool(member.licence_days) for member in STAFF),
        Oversight: sum(bool(member.supervisor) for member in STAFF),
    }
    rows = {model: model.objects.count() for model in (Person, EmergencyContact, Case, Participant)}
    assert rows == {
        Person: len(CLIENTS),
        EmergencyContact: len(CLIENTS),
        Case: len(cases),
        Participant: len(cases),
    }
    assert [done[verb] for verb in ("person.register", "contact.add", "account.invite")] == [
        Person.objects.count(),
        EmergencyContact.objects.count(),
        User.objects.count(),
    ]
    opened = AuditEntry.objects.filter(verb="case.open", subject_label="clinic.case")
    assert {entry.subject_id for entry in opened} == {*Case.objects.values_list("pk", flat=True)}


def test_every_record_has_its_history(demo, now):
    seed(now)
    models = (User, Person, EmergencyContact, Case, Approval, Clinic, Premises, Room, Link)
    models += (FormVersion,)
    without = {}
    for model in models:
        entries = AuditEntry.objects.filter(subject_label=model._meta.label_lower)
        told = {*entries.values_list("subject_id", flat=True)}
        rows = {*model.objects.values_list("pk", flat=True)}
        if told != rows or not rows:
            without[model.__name__] = rows - told
    assert without == {}


def test_the_chain_holds_and_the_mails_wait(demo, now):
    seed(now)
    assert list(chain.verify()) == []
    signers = {request.signer.actor_label for request in Request.objects.all()}
    waiting = Outbox.objects.exclude(recipient="")  # a message without one is work of the worker
    assert ({row.recipient for row in waiting}, len(signers)) == (
        {user.actor_label for user in User.objects.all()} | signers,
        len(STORIES),
    )


def test_every_state_that_the_cast_shows_is_there(demo, now):
    seed(now)
    states = {r.signer.name: r.state for r in Request.objects.select_related("signer")}
    assert states == {
        "江小滿": "countersigned",
        "何處暑": "sent",
        "鄭白露": "answering",
        "方霜降": "sent",
        "宋立冬": "answering",
        "高雨水": "signed",
        "游寒堃": "countersigned",
        "賴小寒": "sent",
    }
    assert FormVersion.objects.count() == 3
    assert {row.request.signer.name for row in Question.objects.all()} == {"宋立冬"}


def everything() -> dict:
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        counts = {}
        for table in (name for name in tables if name.startswith(("clinic_", "consent_"))):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  names of our own tables
            counts[table] = cursor.fetchone()[0]
    return counts


def test_it_may_be_repeated(demo):
    seed_demo()
    first = everything()
    seed_demo()
    assert (everything(), first["clinic_person"]) == (first, len(CLIENTS))


def test_without_demo_mode_it_does_nothing(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo mode only"):
        seed_demo()
    with pytest.raises(CommandError, match="demo mode"):
        call_command("otp", "lixia@clinic.example")
    assert User.objects.count() == 0


def test_it_keeps_away_from_a_database_that_holds_accounts(demo, counsellor):
    with pytest.raises(CommandError, match="holds other data"):
        seed_demo("--clients", "5")
    assert (User.objects.count(), Person.objects.count(), County.objects.count()) == (1, 0, 0)


def test_it_says_when_a_loading_was_interrupted(demo, now):
    load_divisions()

    @action("tests.half_demo", says="began")
    def begin(*, by, now):
        record(User.objects.create(email=STAFF[0].email, name="x", roles=[], invited_at=now))

    begin(by=System("demo"), now=now)
    del VERBS["tests.half_demo"]
    with pytest.raises(CommandError, match="interrupted"):
        seed_demo()
    assert Person.objects.count() == 0


@pytest.mark.parametrize("number", ["-1", "1001"])
def test_a_number_of_clients_that_makes_no_sense_is_refused(demo, number):
    with pytest.raises(CommandError, match="0 to 1000"):
        seed_demo("--clients", number)
    assert User.objects.count() == 0


def test_more_clients_come_quickly_and_the_same_seed_gives_the_same(demo):
    start = perf_counter()
    seed_demo("--clients", "100", "--seed", "7")
    seconds = perf_counter() - start
    names = list(Person.objects.order_by("id").values_list("name", flat=True))
    assert (len(names), Case.objects.count()) == (len(CLIENTS) + 100, len(CLIENTS) + 98)
    assert seconds < 20  # a thousand in under a minute, on a busy machine as well
    more = Person.objects.filter(email_index__gt="").order_by("-id")[:100]
    assert {person.phone[:5] for person in more} == {"0000-"}


def test_the_report_gives_what_scripts_need(demo):
    told = json.loads(seed_demo("--json"))
    assert told["password"] == PASSWORD
    assert [a["email"] for a in told["accounts"]] == [member.email for member in STAFF]
    assert {a["email"] for a in told["accounts"] if not a["totp_secret"]} == {
        "xiaoshu@clinic.example"
    }
    assert [
        link["url"] for link in told["links"] if f"/l/{link['token']}/" not in link["url"]
    ] == []
    assert [link["purpose"] for link in told["links"]] == [
        "invitation",
        *["consent"] * len(STORIES),
    ]


def test_townships_and_approved_people_are_there(demo, now):
    seed(now)
    assert (County.objects.count(), Town.objects.count()) == (22, 368)
    assert {p.practitioner.user.name for p in ApprovedPerson.objects.by_name()} == {
        member.name for member in STAFF if member.kind
    }
