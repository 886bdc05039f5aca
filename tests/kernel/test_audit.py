"""The chain finds whatever was done to it, and the serving role can do nothing to it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from clinic.kernel.actors import System
from clinic.kernel.audit.actions import note_read
from clinic.kernel.audit.chain import Problem, Row, append, verify
from clinic.kernel.audit.models import AuditEntry, AuditHead
from tests.kernel.chains import MOMENT, REAL, append_as_owner, tamper

SYSTEM = System("test")
CHANGED = "changed, or not written by this software"
ELSEWHERE = "the end of the chain is not where the head says"
BEGINNING = "the beginning is missing: there were accounts before it"
CUT = "does not follow the entry before it"


def add(premises, number=1):
    for step in range(number):
        note_read(subject=premises, why=f"第 {step} 次", by=SYSTEM, now=MOMENT)


@pytest.fixture
def five(premises):
    """A chain of five."""
    add(premises, 5)


def change(sql, *values):
    tamper(lambda cursor: cursor.execute(sql, values))


# --- What verify finds ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_empty_chain_holds():
    assert list(verify()) == []


def test_a_chain_holds_after_it_was_read_back(premises, now):
    odd = {"名": "江小滿 𠊎 <b>&'\"\\ ", "list": [1, "二", None, True], "deep": {"b": 1, "a": {}}}

    append([Row(now, "user:1", "record.open", "clinic.premises", premises.pk, "為何\n", odd)])
    assert AuditEntry.objects.get().details == odd
    assert list(verify()) == []


CHANGES = {
    "actor": "user:2",
    "verb": "record.change",
    "subject_label": "clinic.person",
    "subject_id": 99,
    "why": "another reason",
    "details": '{"note": "put in"}',
    "at": "2020-01-01T00:00:00Z",
    "previous_mac": "a" * 64,
    "mac": "b" * 64,
}


@REAL
def test_a_changed_row_is_found_whichever_column_it_is(five):
    found = {}
    for column, value in CHANGES.items():
        old = getattr(AuditEntry.objects.get(seq=3), column)
        sql = f"UPDATE clinic_auditentry SET {column} = %s WHERE seq = 3"  # noqa: S608  our names
        change(sql, value)
        found[column] = list(verify())
        change(sql, json.dumps(old) if column == "details" else old)
    plain = {column: [Problem(3, CHANGED)] for column in CHANGES}
    assert found == plain | {
        "previous_mac": [Problem(3, CUT), Problem(3, CHANGED)],
        "mac": [Problem(3, CHANGED), Problem(4, CUT)],
    }
    assert list(verify()) == []


@REAL
def test_a_mac_that_is_no_mac_is_found(five):
    change("UPDATE clinic_auditentry SET mac = repeat('字', 64) WHERE seq = 5")
    assert list(verify()) == [Problem(5, CHANGED), Problem(5, ELSEWHERE)]


@REAL
def test_a_row_renumbered_is_found(five):
    change("UPDATE clinic_auditentry SET seq = 9 WHERE seq = 5")
    assert list(verify()) == [Problem(5, "missing"), Problem(9, CHANGED), Problem(9, ELSEWHERE)]


@REAL
@pytest.mark.parametrize(
    ("seq", "found"),
    [
        (1, [Problem(1, "missing")]),
        (3, [Problem(3, "missing")]),
        (5, [Problem(5, ELSEWHERE)]),
    ],
)
def test_a_deleted_row_is_found_first_middle_and_last(five, seq, found):
    change("DELETE FROM clinic_auditentry WHERE seq = %s", seq)
    assert list(verify()) == found


@REAL
def test_a_chain_deleted_whole_is_found(five):
    change("DELETE FROM clinic_auditentry")
    assert list(verify()) == [Problem(5, ELSEWHERE)]


@REAL
def test_a_chain_deleted_with_its_head_is_found_by_what_was_done_before(five, premises):
    def everything(cursor):
        cursor.execute("DELETE FROM clinic_auditentry")
        cursor.execute("DELETE FROM clinic_audithead")

    later = MOMENT + timedelta(days=1)
    found = {"whole": list(verify(MOMENT))}
    tamper(everything)
    found["deleted"] = list(verify(MOMENT))
    note_read(subject=premises, by=SYSTEM, now=later)
    found["begun anew"] = list(verify(MOMENT))
    gone = [Problem(1, BEGINNING)]
    assert found == {"whole": [], "deleted": gone, "begun anew": gone}
    assert list(verify(later)) == []


@REAL
def test_a_row_put_in_at_the_end_is_found(five):
    last = AuditEntry.objects.get(seq=5)
    append_as_owner(6, previous_mac=last.mac)
    assert list(verify()) == [Problem(6, CHANGED), Problem(6, ELSEWHERE)]


@REAL
def test_a_row_put_in_between_is_found(five):
    def put_in(cursor):
        cursor.execute("UPDATE clinic_auditentry SET seq = seq + 10 WHERE seq > 2")
        cursor.execute("UPDATE clinic_auditentry SET seq = seq - 9 WHERE seq > 10")
        cursor.execute("UPDATE clinic_audithead SET seq = 6")

    tamper(put_in)
    append_as_owner(3, previous_mac=AuditEntry.objects.get(seq=2).mac)
    moved = [Problem(seq, CHANGED) for seq in (4, 5, 6)]
    assert list(verify()) == [
        Problem(3, CHANGED),
        Problem(4, CUT),
        *moved,
        Problem(6, "the head was changed"),
    ]


@REAL
def test_two_rows_swapped_are_found(five):
    def swap(cursor):
        for old, new in ((2, 20), (4, 2), (20, 4)):
            cursor.execute("UPDATE clinic_auditentry SET seq = %s WHERE seq = %s", [new, old])

    tamper(swap)
    assert list(verify()) == [
        Problem(2, CUT),
        Problem(2, CHANGED),
        Problem(3, CUT),
        Problem(4, CUT),
        Problem(4, CHANGED),
        Problem(5, CUT),
    ]


@REAL
def test_two_neighbours_whose_contents_were_swapped_are_found(five):
    change(
        "UPDATE clinic_auditentry a SET why = b.why FROM clinic_auditentry b "
        "WHERE (a.seq, b.seq) IN ((2, 3), (3, 2))"
    )
    assert list(verify()) == [Problem(2, CHANGED), Problem(3, CHANGED)]


@REAL
@pytest.mark.parametrize(
    ("sql", "found"),
    [
        (
            "UPDATE clinic_audithead SET seal = repeat('a', 64)",
            [Problem(5, "the head was changed")],
        ),
        (
            "UPDATE clinic_audithead SET seq = 4",
            [Problem(4, "the head was changed"), Problem(5, ELSEWHERE)],
        ),
        (
            "UPDATE clinic_audithead SET mac = repeat('a', 64)",
            [Problem(5, "the head was changed"), Problem(5, ELSEWHERE)],
        ),
        ("DELETE FROM clinic_audithead", [Problem(5, "the head is missing")]),
    ],
)
def test_a_changed_head_is_found(five, sql, found):
    change(sql)
    assert list(verify()) == found


@REAL
def test_the_end_cut_off_together_with_the_head_is_found(five):
    def cut(cursor):
        cursor.execute("DELETE FROM clinic_auditentry WHERE seq = 5")
        cursor.execute(
            "UPDATE clinic_audithead SET seq = 4, "
            "mac = (SELECT mac FROM clinic_auditentry WHERE seq = 4)"
        )

    tamper(cut)
    assert list(verify()) == [Problem(4, "the head was changed")]


def test_another_key_opens_nothing(five, settings):
    settings.AUDIT_KEY = b"another key of thirty-two bytes."
    changed = [Problem(seq, CHANGED) for seq in range(1, 6)]
    assert list(verify()) == [*changed, Problem(5, "the head was changed")]


# --- Many at a time ------------------------------------------------------------------------------


def in_thread(work):
    """Return ``work`` as a thread runs it: on a connection of its own, closed afterwards."""

    def run(*args):
        try:
            return work(*args)
        finally:
            connections.close_all()

    return run


@REAL
def test_twenty_parallel_actions_make_one_unbroken_chain(premises):
    gate = threading.Barrier(20)

    def act(number):
        gate.wait()
        note_read(subject=premises, why=str(number), by=SYSTEM, now=MOMENT)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(in_thread(act), range(20)))
    rows = AuditEntry.objects.order_by("seq")
    assert [row.seq for row in rows] == list(range(1, 21))
    assert sorted(int(row.why) for row in rows) == list(range(20))
    assert AuditHead.objects.get().seq == 20
    assert list(verify()) == []


@REAL
def test_a_chain_that_grows_while_it_is_checked_holds(premises):
    add(premises)
    ended = threading.Event()

    def grow():
        while not ended.is_set():
            add(premises)

    found = []
    with ThreadPoolExecutor(2) as pool:
        growing = [pool.submit(in_thread(grow)) for _ in range(2)]
        while AuditEntry.objects.count() < 15 and not any(thread.done() for thread in growing):
            found += verify()
        ended.set()
        for thread in growing:
            thread.result()
    assert found == []
    assert AuditEntry.objects.count() >= 15
