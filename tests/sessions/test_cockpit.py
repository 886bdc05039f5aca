"""「指引對照」: every clause with what answers it, live counts, and nobody's name."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import DateField, DateTimeField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.clients.actions import open_case, register_client
from clinic.kernel.evidence import EVIDENCE
from clinic.kernel.guideline import CLAUSES, EXCUSES, NOT_BUILT_YET
from clinic.kernel.readiness import (
    REQUIREMENTS,
    Finding,
    Lapsing,
    Met,
    Missing,
    NotApplicable,
    Phase,
    Requirement,
)
from sessions.cockpit.counts import Ahead, Filed, clauses_of, filed, sessions_ahead, tally
from sessions.cockpit.rows import clause_rows, overview, section_of, sections
from sessions.models import CounsellingSession
from supervision.actions import add_training
from tests.sessions.test_jurisdictions import english

NAME, PHONE = "江小滿測試", "0000-000-711"


def rule(code: str, *phases: Phase, clauses=("G2.3",)) -> Requirement:
    return Requirement(code, code, tuple(clauses), frozenset(phases), False, None)


BOOK, DOOR = rule("x.book", Phase.BOOK), rule("x.door", Phase.DOOR)
MISSING, LAPSING = Missing("r", "do"), Lapsing("r", "do")


@pytest.mark.parametrize(
    ("answers", "by_clause"),
    [
        ([(BOOK, Met()), (DOOR, MISSING)], {"met": 1}),
        ([(BOOK, MISSING), (DOOR, Met())], {"missing": 1}),
        ([(BOOK, LAPSING), (DOOR, MISSING)], {"lapsing": 1}),
        ([(DOOR, MISSING)], {"door": 1}),
        ([(DOOR, Met())], {"met": 1}),
        ([(BOOK, NotApplicable("r")), (DOOR, MISSING)], {"door": 1}),
        ([(BOOK, NotApplicable("r"))], {"outside": 1}),
    ],
)
def test_a_session_counts_once_for_a_clause_by_its_worst_answer(answers, by_clause):
    found = tally([[Finding(rule, answer) for rule, answer in answers]])
    assert found.by_clause == {"G2.3": Counter(by_clause)}
    assert found.sessions == 1


def test_what_belongs_to_the_door_is_not_missing_days_before():
    found = tally([[Finding(DOOR, MISSING)], [Finding(DOOR, Met())], [Finding(BOOK, MISSING)]])
    assert found.by_requirement == {
        "x.door": Counter(door=1, met=1),
        "x.book": Counter(missing=1),
    }


def some(**numbers: int) -> dict[str, Filed]:
    """Every kind of evidence empty, but those of ``numbers`` (a dot written as two lines)."""
    full = {code.replace("__", "."): number for code, number in numbers.items()}
    return {code: Filed(full.get(code, 0), None) for code in EVIDENCE}


def test_every_clause_has_its_row_under_one_heading_in_order():
    rows = clause_rows(Ahead(), some())
    assert [row.number for row in rows] == list(CLAUSES)
    assert [row.number for section in sections(rows) for row in section.rows] == list(CLAUSES)
    assert [section_of(n) for n in ("G2.4.1", "G10.4", "G11", "A7", "S11-1")] == [
        *("G2", "G10", "G11", "A", "S")
    ]


def test_every_clause_names_all_that_answers_it_or_its_excuse():
    for row in clause_rows(Ahead(), some()):
        asked = {a.requirement.code for a in row.asked}
        shown = {s.kind.code for s in row.evidence}
        assert asked == {c for c, r in REQUIREMENTS.items() if row.number in clauses_of(r)}
        assert shown == {c for c, e in EVIDENCE.items() if row.number in e.clauses}
        assert row.excuse == EXCUSES.get(row.number, "")


def row_of(clause: str, *, filed: dict | None = None, **counts: int):
    ahead = Ahead(1, {}, {clause: Counter(counts)})
    return {row.number: row for row in clause_rows(ahead, filed or some())}[clause]


def test_states_and_gaps():
    assert {
        "missing": _seen(row_of("G1.2", missing=2, met=3, lapsing=1)),
        "lapsing": _seen(row_of("G1.2", lapsing=1, met=1)),
        "met": _seen(row_of("G1.1", met=1)),
        "nothing": _seen(row_of("G1.1")),
        "no record": _seen(row_of("A1")),
        "a record": _seen(row_of("A1", filed=some(consent__signed_items=1))),
        "no code": _seen(row_of("G0.3")),
    } == {
        "missing": ("stop", True, 4, 6),
        "lapsing": ("fix", True, 2, 2),
        "met": ("go", False, 1, 1),
        "nothing": ("none", False, 0, 0),
        "no record": ("fix", True, 0, 0),
        "a record": ("go", False, 0, 0),
        "no code": ("none", False, 0, 0),
    }


def _seen(row) -> tuple:
    return row.state, row.is_gap, row.held, row.concerned


@pytest.mark.usefixtures("english")
def test_what_is_not_built_yet_is_a_gap_and_says_so():
    waiting = [c for c, excuse in EXCUSES.items() if excuse == NOT_BUILT_YET]
    rows = [row for row in clause_rows(Ahead(), some()) if row.number in waiting]
    assert waiting
    assert {(row.state, row.words, row.is_gap) for row in rows} == {("none", "not built yet", True)}
    assert sum(overview(rows).values()) == len(rows)


def test_every_kind_of_evidence_is_dated_newest_first():
    kinds = {}
    for code, kind in EVIDENCE.items():
        rows = kind.records()
        first, *_rest = rows.query.order_by or rows.model._meta.ordering
        kinds[code] = (first, type(rows.model._meta.get_field(kind.dated)))
    assert [code for code, (first, _t) in kinds.items() if not first.startswith("-")] == []
    assert {field for _first, field in kinds.values()} <= {DateField, DateTimeField}


# --- the pages -----------------------------------------------------------------------------------


@pytest.fixture
def client_case(counsellor, now):
    values = {"name": NAME, "sex": "female", "birth_date": date(1992, 5, 20), "phone": PHONE}
    person = register_client(values=values, by=counsellor, now=now)
    return open_case(person=person, in_person_only=True, by=counsellor, now=now)


def book(case, premises, start: datetime, number: int = 1, **changes) -> None:
    """Put ``number`` sessions on file, one after the other, one minute each."""
    during = [
        DateTimeTZRange(start + timedelta(minutes=n), start + timedelta(minutes=n + 1))
        for n in range(number)
    ]
    values = {"channel": "video", "booked_by": case.counsellor, "booked_at": start} | changes
    room = premises.rooms.get()
    CounsellingSession.objects.bulk_create(
        CounsellingSession(case=case, counsellor=case.counsellor, room=room, during=slot, **values)
        for slot in during
    )


@pytest.fixture
def noon(now) -> datetime:
    return timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)


def test_sessions_of_today_and_fourteen_days_count_each_reader_her_own(
    client_case, premises, noon, admin, counsellor, stranger
):
    for day, state in ((-1, "booked"), (0, "booked"), (14, "booked"), (15, "booked")):
        book(client_case, premises, noon + timedelta(days=day), state=state)
    book(
        client_case, premises, noon + timedelta(days=1), state="cancelled", cancelled_side="client"
    )
    found = {
        user.name: sessions_ahead(user, noon).count() for user in (admin, counsellor, stranger)
    }
    assert found == {"lixia": 2, "guyu": 2, "chunfen": 0}


def test_the_page_counts_and_names_nobody(
    client_case, premises, noon, admin, counsellor, browse, clinic
):
    book(client_case, premises, noon + timedelta(days=1), 3)
    page = english(browse(admin)).get("/guideline/")
    body = page.content.decode()
    assert (NAME in body, client_case.code in body, PHONE in body) == (False, False, False)
    anchors = re.findall(r'<tr role="row" id="([^"]+)"', body)
    assert anchors == list(CLAUSES)
    row = {row.number: row for row in page.context["rows"]}["G1.2"]
    assert (row.state, row.held, row.concerned) == ("stop", 0, 3)
    assert "missing for 3 sessions" in body
    add_training(
        practitioner=counsellor.practitioner,
        values={
            "category": "telecounselling",
            "title": "通訊諮商",
            "organiser": "示範",
            "day": date(2026, 1, 5),
            "hours": 6,
            "points": 6,
        },
        by=counsellor,
        now=noon,
    )
    row = {r.number: r for r in browse(admin).get("/guideline/").context["rows"]}["G1.2"]
    assert (row.state, row.held, row.evidence[0].filed.number) == ("go", 3, 1)


def test_only_gaps_leaves_out_what_is_in_order(client_case, premises, noon, admin, browse, clinic):
    page = english(browse(admin)).get("/guideline/?show=gaps")
    shown = [row for section in page.context["sections"] for row in section.rows]
    assert {row.is_gap for row in shown} == {True}
    assert len(page.context["rows"]) == len(CLAUSES)
    assert browse(admin).get("/guideline/?show=nonsense").status_code == 200


def test_a_tag_leads_to_its_clause(admin, browse, clinic):
    body = browse(admin).get("/approvals/").content.decode()
    assert '<a class="tag" href="/guideline/#G10.1">' in body


def test_evidence_is_listed_by_number_and_opens_for_whom_it_may(
    counsellor, stranger, admin, browse, clinic, now
):
    entry = add_training(
        practitioner=counsellor.practitioner,
        values={
            "category": "telecounselling",
            "title": "不給別人看的標題",
            "organiser": "示範",
            "day": date(2026, 1, 5),
            "hours": 6,
            "points": 6,
        },
        by=counsellor,
        now=now,
    )
    address = "/guideline/evidence/supervision.training_log/"
    ways = {}
    for reader in (counsellor, admin, stranger):
        page = english(browse(reader)).get(address)
        (record,) = page.context["records"]
        assert (record.name, record.at) == (f"Training {entry.pk}", date(2026, 1, 5))
        assert "不給別人看的標題" not in page.content.decode()
        ways[reader.name] = record.way and record.way.url
    log = f"/staff/{counsellor.pk}/training/"
    assert ways == {"guyu": log, "lixia": log, "chunfen": None}
    assert browse(admin).get("/guideline/evidence/nothing.here/").status_code == 404


@pytest.mark.parametrize("code", list(EVIDENCE))
def test_every_kind_of_evidence_has_its_page_and_its_count(code, admin, browse, clinic):
    page = browse(admin).get(f"/guideline/evidence/{code}/")
    assert (page.status_code, page.context["records"]) == (200, [])
    assert filed([EVIDENCE[code]]) == {code: Filed(0, None)}


@pytest.mark.parametrize("reader", ["admin", "counsellor"])
def test_the_page_asks_as_much_for_ten_as_for_five_hundred_sessions(
    reader, client_case, premises, noon, browse, clinic, request
):
    browser, counts = browse(request.getfixturevalue(reader)), []
    for day, number in ((1, 10), (2, 490)):
        book(client_case, premises, noon + timedelta(days=day), number)
        browser.get("/guideline/")
        with CaptureQueriesContext(connection) as queries:
            page = browser.get("/guideline/")
        counts.append((len(queries), page.context["ahead"].sessions))
    assert (counts[0][0], [sessions for _n, sessions in counts]) == (counts[1][0], [10, 500])
