"""Each rule of the house finds what it forbids, and lets pass what it allows."""

from pathlib import Path

import pytest

from tests.architecture import rules

KERNEL = Path("clinic/kernel/links/views.py")
STAFF = Path("clinic/staff/actions.py")
CRISIS = Path("crisis/models.py")
CONSENT = Path("consent/actions.py")
ROOT = Path("clinic/todo.py")
LONG = "def f():\n" + "    x = 1\n" * 40
HANDLER = "class A:\n    def get(self):\n" + "        x = 1\n" * 15

BAD = [
    (rules.imports_against_the_table, KERNEL, "from clinic.people.models import Person"),
    (rules.imports_against_the_table, KERNEL, "import clinic.settings"),
    (rules.imports_against_the_table, KERNEL, "from clinic import todo"),
    (rules.imports_against_the_table, KERNEL, "from ...today import rows"),
    (rules.imports_against_the_table, STAFF, "from clinic.cases.models import Case"),
    (rules.imports_against_the_table, STAFF, "from clinic import people"),
    (rules.imports_against_the_table, STAFF, "import sessions.models"),
    (rules.imports_against_the_table, ROOT, "from consent import actions"),
    (rules.imports_against_the_table, CRISIS, "from supervision.models import Review"),
    (rules.imports_against_the_table, CRISIS, "def f():\n    from consent import forms"),
    (rules.imports_against_the_table, CRISIS, "from clinic.demo.seed import seed"),
    (rules.imports_against_the_table, CONSENT, "from sessions.models import CounsellingSession"),
    (rules.imports_against_the_table, CONSENT, "from clinic.demo.seed import seed"),
    (rules.imports_against_the_table, CRISIS, "from clinic.settings import DEMO"),
    (rules.loads_by_string, CRISIS, 'apps.get_model("supervision.Review")'),
    (rules.loads_by_string, KERNEL, 'apps.get_model("telesessions", "Booking")'),
    (rules.loads_by_string, KERNEL, 'import_string("clinic.people.models.Person")'),
    (rules.loads_by_string, KERNEL, 'import_module("consent.models")'),
    (rules.loads_by_string, KERNEL, "import_module(name)"),
    (rules.relations_by_string, CRISIS, 'models.ForeignKey("sessions.Session", models.CASCADE)'),
    (rules.relations_by_string, CRISIS, 'OneToOneField(to="clinic.Person")'),
    (rules.wakes_the_worker, STAFF, "task.delay(1)"),
    (rules.wakes_the_worker, STAFF, "task.apply_async()"),
    (rules.wakes_the_worker, STAFF, 'app.send_task("clinic.derive")'),
    (rules.delays_in_the_broker, STAFF, "send(countdown=5)"),
    (rules.delays_in_the_broker, STAFF, "send(eta=now)"),
    (rules.objects_in_views, KERNEL, "Link.objects.all()"),
    (rules.objects_in_views, Path("clinic/staff/approval_views.py"), "a = Approval.objects"),
    (rules.objects_in_views, Path("clinic/accounts/views/account.py"), "U._default_manager"),
    (rules.objects_in_views, Path("consent/staff_views/requests.py"), "Request.objects.all()"),
    (rules.local_imports_without_reason, STAFF, "def f():\n    import os"),
    (rules.local_imports_without_reason, STAFF, "def f():\n    import os  # noqa: PLC0415"),
    (rules.long_functions, STAFF, LONG),
    (rules.long_handlers, KERNEL, HANDLER),
    (rules.long_files, STAFF, "x = 1\n" * 301),
    (rules.names_that_say_nothing, Path("clinic/staff/utils.py"), ""),
    (rules.names_that_say_nothing, Path("clinic/common/rows.py"), ""),
]

GOOD = [
    (rules.imports_against_the_table, STAFF, "from clinic.accounts.models import User\nimport os"),
    (rules.imports_against_the_table, CRISIS, "from sessions.models import CounsellingSession"),
    (rules.imports_against_the_table, ROOT, "from clinic.cases.models import Case"),
    (rules.imports_against_the_table, CONSENT, "from clinic.cases.models import Case"),
    (rules.loads_by_string, CRISIS, 'get_model("clinic.kernel.tasks")'),
    (rules.relations_by_string, CRISIS, 'F("self")\nForeignKey("self")\nForeignKey(Person)'),
    (rules.wakes_the_worker, rules.POST, 'app.send_task("clinic.deliver_outbox")'),
    (rules.delays_in_the_broker, STAFF, "post(delay=UNDO)"),
    (rules.objects_in_views, STAFF, "Approval.objects.all()"),
    (rules.local_imports_without_reason, STAFF, "def f():\n    import os  # models exist now"),
    (rules.local_imports_without_reason, STAFF, "def f():\n    # models exist now\n    import os"),
    (rules.long_functions, STAFF, LONG.replace("    x = 1\n", "", 1)),
    (rules.long_handlers, STAFF, HANDLER),
    (rules.long_files, STAFF, "x = 1\n" * 300),
    (rules.names_that_say_nothing, Path("clinic/staff/rows.py"), ""),
]


@pytest.mark.parametrize(("rule", "path", "source"), BAD)
def test_what_a_rule_forbids_is_found(rule, path, source):
    assert len(rule(path, source)) == 1


@pytest.mark.parametrize(("rule", "path", "source"), GOOD)
def test_what_a_rule_allows_passes(rule, path, source):
    assert rule(path, source) == []


def test_an_address_of_a_folder_above_is_found():
    owners = {"client": "clinic.clients", "link": "clinic.kernel", "case_open": "clinic.clients"}
    source = 'reverse("client")\nreverse("link")\nreverse(name)\nto("case_open")\nto("client")'
    found = [f"{KERNEL}: names the address {name}" for name in ("case_open", "client")]
    assert rules.foreign_url_names(KERNEL, source, owners) == found


def test_every_rule_was_seen_red():
    assert {rule for rule, *_rest in BAD} == {*rules.PYTHON_RULES, *rules.ANY_FILE_RULES}
