"""What every action promises: one transaction, an actor, a word in the chain, written last."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy as _

from clinic.errors import NotAllowed, Refused
from clinic.kernel.action import (
    VERBS,
    AuditMissing,
    action,
    apply_changes,
    ask,
    record,
)
from clinic.kernel.actors import System
from clinic.kernel.audit.models import AuditEntry, AuditHead
from clinic.organisation.models import Premises, Room
from clinic.people.models import Person
from tests.kernel.chains import REAL, append_as_owner

SYSTEM = System("test")


@pytest.fixture(autouse=True)
def own_verbs():
    """Verbs that a test declares are forgotten after it."""
    before = dict(VERBS)
    yield
    VERBS.clear()
    VERBS.update(before)


@pytest.fixture
def rename():
    """An action that does what an action should."""

    @action("test.rename", says=_("renamed"))
    def rename(*, premises, name, by, now):
        ask(name != "forbidden", "Not this name.")
        record(premises, changes=apply_changes(premises, {"name": name}))
        premises.save(update_fields=["name"])
        if name == "refused":
            raise Refused("test.refused", "No.")
        return premises

    return rename


def entries():
    return list(AuditEntry.objects.order_by("seq").values_list("actor", "verb", "subject_id"))


def name_of(premises):
    return Premises.objects.get(pk=premises.pk).name


def test_an_action_returns_its_thing_and_leaves_one_entry(premises, rename, now):
    assert rename(premises=premises, name="新所", by=SYSTEM, now=now) is premises
    entry = AuditEntry.objects.get()
    assert (entry.seq, entry.at, entry.actor, entry.verb) == (1, now, "system:test", "test.rename")
    assert (entry.subject_label, entry.subject_id) == ("clinic.premises", premises.pk)
    assert entry.details == {"changes": {"name": ["本所", "新所"]}}
    assert name_of(premises) == "新所"


def test_an_action_without_a_word_about_it_saves_nothing(premises, now):
    @action("test.silent", says="")
    def silent(*, by, now):
        Premises.objects.update(name="changed in silence")

    with pytest.raises(AuditMissing):
        silent(by=SYSTEM, now=now)
    assert (name_of(premises), entries()) == ("本所", [])


@pytest.mark.parametrize("nobody", [None, "user:1", 5])
def test_an_action_called_by_nobody_does_not_begin(premises, rename, now, nobody):
    with pytest.raises(TypeError):
        rename(premises=premises, name="新所", by=nobody, now=now)
    assert (name_of(premises), entries()) == ("本所", [])


def test_a_word_outside_an_action_is_an_error(premises):
    with pytest.raises(AuditMissing):
        record(premises)


def test_a_refusal_leaves_neither_work_nor_word(premises, rename, now):
    with pytest.raises(Refused):
        rename(premises=premises, name="refused", by=SYSTEM, now=now)
    with pytest.raises(NotAllowed):
        rename(premises=premises, name="forbidden", by=SYSTEM, now=now)
    assert (name_of(premises), entries()) == ("本所", [])


def test_nested_actions_are_one_chain_in_the_order_of_their_words(premises, rename, now):
    @action("test.outer", says="")
    def outer(*, by, now):
        record(premises, note="first")
        rename(premises=premises, name="二", by=System("inner"), now=now)
        record(premises, note="last")

    outer(by=SYSTEM, now=now)
    mine, theirs = ("system:test", "test.outer"), ("system:inner", "test.rename")
    assert entries() == [(*who, premises.pk) for who in (mine, theirs, mine)]
    assert AuditHead.objects.get().seq == 3


def test_an_inner_word_stands_for_the_outer_action(premises, rename, now):
    @action("test.outer", says="")
    def outer(*, by, now):
        rename(premises=premises, name="二", by=by, now=now)

    outer(by=SYSTEM, now=now)
    assert entries() == [("system:test", "test.rename", premises.pk)]


def test_an_outer_action_that_fails_takes_the_inner_work_back(premises, rename, now):
    @action("test.outer", says="")
    def outer(*, by, now):
        rename(premises=premises, name="二", by=by, now=now)
        raise Refused("test.refused", "No.")

    with pytest.raises(Refused):
        outer(by=SYSTEM, now=now)
    assert (name_of(premises), entries()) == ("本所", [])


def test_an_inner_refusal_that_is_caught_leaves_no_word_of_what_did_not_happen(
    premises, rename, now
):
    @action("test.outer", says="")
    def outer(*, by, now):
        with pytest.raises(Refused):
            rename(premises=premises, name="refused", by=by, now=now)
        record(premises, note="went on")

    outer(by=SYSTEM, now=now)
    assert entries() == [("system:test", "test.outer", premises.pk)]
    assert name_of(premises) == "本所"


def test_an_action_after_a_failed_one_begins_anew(premises, rename, now):
    with pytest.raises(Refused):
        rename(premises=premises, name="refused", by=SYSTEM, now=now)
    rename(premises=Premises.objects.get(), name="二", by=SYSTEM, now=now)
    assert entries() == [("system:test", "test.rename", premises.pk)]


@REAL
def test_when_the_audit_cannot_be_written_the_work_is_rolled_back(premises, rename, now):
    rename(premises=premises, name="二", by=SYSTEM, now=now)
    append_as_owner(seq=2)  # the next number is taken: the chain's own insert conflicts
    with pytest.raises(IntegrityError):
        rename(premises=premises, name="三", by=SYSTEM, now=now)
    assert name_of(premises) == "二"
    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert AuditHead.objects.get().seq == 1


@REAL
def test_an_action_does_not_hide_in_a_transaction_that_could_still_be_rolled_back(
    premises, rename, now
):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        rename(premises=premises, name="二", by=SYSTEM, now=now)
    assert (name_of(premises), entries()) == ("本所", [])


def test_audit_rows_are_written_last_and_together(premises, now):
    @action("test.busy", says="")
    def busy(*, by, now):
        record(premises)
        for number in range(3):
            record(Room.objects.create(premises=premises, name=f"room {number}"))

    with CaptureQueriesContext(connection) as queries:
        busy(by=SYSTEM, now=now)
    tables = [
        table
        for query in queries.captured_queries
        for table in ("clinic_room", "clinic_auditentry", "clinic_audithead")
        if f'INTO "{table}"' in query["sql"]
        or f"INTO {table}" in query["sql"]
        or f'UPDATE "{table}"' in query["sql"]
    ]
    work = ["clinic_room"] * 3
    assert tables == [*work, "clinic_audithead", "clinic_auditentry", "clinic_audithead"]


def test_a_verb_is_declared_once(rename):
    with pytest.raises(ValueError, match=r"test\.rename"):
        action("test.rename", says="")(lambda *, by, now: None)


def test_every_verb_reads_noun_verb_and_has_words():
    assert [v for v in VERBS if v.count(".") != 1] == []
    assert [v for v, says in VERBS.items() if not str(says)] == []


def test_changes_of_encrypted_columns_are_told_without_their_content(counsellor, now):
    person = Person(name="江小滿", phone="0000-000-011", registered_by=counsellor)
    values = {"name": "江滿", "phone": "0000-000-012", "registered_by": counsellor}
    assert apply_changes(person, values) == {"name": ["江小滿", "江滿"], "phone": []}
    assert person.phone == "0000-000-012"
