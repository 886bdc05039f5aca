"""The demo's clinic: built by actions alone, once, on an empty database, in demo mode."""

import ast
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic.accounts.models import User
from clinic.demo.cast import CLIENTS, STAFF
from clinic.kernel.action import VERBS, action, record
from clinic.kernel.actors import System
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.links.models import Link
from clinic.organisation.divisions import load_divisions
from clinic.organisation.models import County, OpeningHours
from clinic.people.models import Person
from tests.architecture.house import files, modules, text
from tests.demo.conftest import seed_demo
from tests.demo.kept import writes_outside_actions

WRITERS = {
    *("save", "create", "bulk_create", "update", "bulk_update", "delete"),
    *("get_or_create", "update_or_create", "execute", "raw", "set_password", "make_password"),
}


@pytest.fixture
def demo(settings, db):
    settings.DEMO = True


def test_a_write_outside_of_an_action_is_noticed(admin, now):
    with writes_outside_actions() as found:
        Link(purpose="invitation", subject="user:1", expires_at=now).save()
        User.objects.filter(pk=admin.pk).update(name="x")
        OpeningHours.objects.all().delete()
    assert found == {"clinic_link", "clinic_user", "clinic_openinghours"}


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
    with pytest.raises(CommandError, match="interrupted") as caught:
        seed_demo()
    assert "bin/demo" not in str(caught.value)  # which alone knows the folder
    assert Person.objects.count() == 0


def test_a_loading_that_was_broken_off_leaves_nothing_behind(demo, monkeypatch):
    def interrupted(members, now):
        raise KeyboardInterrupt

    monkeypatch.setattr("clinic.demo.seed.PARTS", [])
    monkeypatch.setattr("clinic.demo.seed.ENDINGS", [interrupted])
    with pytest.raises(KeyboardInterrupt):
        seed_demo()
    tables = (User, Person, AuditEntry)
    assert [table.objects.count() for table in tables] == [0, 0, 0]
    monkeypatch.setattr("clinic.demo.seed.ENDINGS", [])
    seed_demo()
    assert [table.objects.count() for table in tables[:2]] == [len(STAFF), len(CLIENTS)]


@pytest.mark.parametrize("number", ["-1", "1001"])
def test_a_number_of_clients_that_makes_no_sense_is_refused(demo, number):
    with pytest.raises(CommandError, match="0 to 1000"):
        seed_demo("--clients", number)
    assert User.objects.count() == 0
