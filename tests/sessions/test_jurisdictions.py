"""The register of places abroad and sessions.jurisdiction (G10.1)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.errors import NotAllowed, Refused
from clinic.kernel.readiness import (
    REQUIREMENTS,
    Lapsing,
    Met,
    Missing,
    NotApplicable,
    ParticipantPlan,
    Phase,
    Planned,
)
from sessions.jurisdictions.actions import (
    add_jurisdiction,
    replace_jurisdiction,
    review_jurisdiction,
)
from sessions.models import Jurisdiction
from sessions.requirements.facts import JurisdictionFact, SessionFacts, load
from sessions.requirements.places import jurisdiction

NOON = timezone.make_aware(datetime(2026, 11, 21, 12))
DAY = date(2026, 11, 21)
BORN = date(1988, 9, 23)
ALLOWED = JurisdictionFact(True, False, False, "示範", DAY)
OLD = replace(ALLOWED, old=True)
UNKNOWN = replace(ALLOWED, permits=False)
FORBIDDEN = replace(ALLOWED, permits=False, forbids=True)


def plan(*where: tuple[str, str], channel: str = "video") -> Planned:
    """A session with one participant in each (country, region)."""
    return Planned(
        session_id=1,
        case_id=1,
        modality="individual",
        channel=channel,
        start=NOON,
        room_id=None,
        counsellor_id=1,
        counsellor_kind="counselling",
        participants=tuple(
            ParticipantPlan(number, "client", BORN, country=country, region=region)
            for number, (country, region) in enumerate(where)
        ),
    )


def ask(planned: Planned, **law):
    """Ask with a register: ``GB=…`` a whole country, ``US_California=…`` a region."""
    known = {tuple(f"{place}_".split("_")[:2]): fact for place, fact in law.items()}
    return jurisdiction(planned, SessionFacts(jurisdictions=known), NOON)


@pytest.mark.usefixtures("english")
def test_sessions_jurisdiction_met():
    assert ask(plan(("TW", ""))) == Met("inside Taiwan: the clinic's approval governs")
    assert ask(plan(("GB", "London")), GB=ALLOWED) == Met("示範")


@pytest.mark.parametrize(
    ("where", "law"),
    [
        ([("", "")], {}),
        ([], {}),
        ([("GB", "")], {}),
        ([("GB", "")], {"JP": ALLOWED}),
        ([("GB", "")], {"GB": UNKNOWN}),
        ([("GB", "")], {"GB": FORBIDDEN}),
        ([("TW", ""), ("GB", "")], {"GB": UNKNOWN}),
        ([("JP", ""), ("GB", "")], {"GB": FORBIDDEN, "JP": OLD}),
    ],
)
def test_sessions_jurisdiction_missing(where, law):
    found = ask(plan(*where), **law)
    assert isinstance(found, Missing)
    assert str(found.remedy)


def test_sessions_jurisdiction_lapsing():
    assert isinstance(ask(plan(("GB", "")), GB=OLD), Lapsing)
    assert isinstance(ask(plan(("JP", ""), ("GB", "")), GB=OLD, JP=ALLOWED), Lapsing)


def test_sessions_jurisdiction_not_applicable():
    assert isinstance(ask(plan(("GB", ""), channel="in_person")), NotApplicable)


def test_it_is_absolute_and_asked_at_booking():
    rule = REQUIREMENTS["sessions.jurisdiction"]
    assert (rule.clauses, rule.phases, rule.absolute) == (("G10.1",), {Phase.BOOK}, True)


def values(**changes) -> dict:
    return {
        "country": "GB",
        "region": "",
        "receive": "allowed",
        "give": "allowed",
        "conditions": "",
        "source": "示範法規第 1 條（虛構）",
        "reviewed_on": DAY,
    } | changes


@pytest.fixture
def add(admin, now):
    return lambda **changes: add_jurisdiction(values=values(**changes), by=admin, now=now)


@pytest.fixture
def law(add):
    return add()


@pytest.mark.parametrize(
    ("receive", "give", "says"),
    [
        ("allowed", "allowed", (True, False)),
        ("allowed", "unknown", (False, False)),
        ("unknown", "allowed", (False, False)),
        ("forbidden", "allowed", (False, True)),
        ("allowed", "forbidden", (False, True)),
    ],
)
def test_both_sides_must_be_allowed(add, receive, give, says):
    add(receive=receive, give=give)
    planned = plan(("GB", ""))
    fact = load([planned], NOON)[planned].jurisdictions["GB", ""]
    assert (fact.permits, fact.forbids) == says


def test_replacing_ends_the_old_one_and_keeps_it(law, admin, now):
    new = replace_jurisdiction(
        jurisdiction=law, values=values(receive="forbidden"), by=admin, now=now
    )
    law.refresh_from_db()
    assert (law.ended_at, law.receive, new.ended_at, new.receive) == (
        now,
        "allowed",
        None,
        "forbidden",
    )
    assert list(Jurisdiction.objects.current()) == [new]
    assert list(Jurisdiction.objects.of_place("GB", "")) == [new, law]


def test_the_second_to_replace_the_same_entry_is_told(law, admin, now):
    replace_jurisdiction(jurisdiction=law, values=values(), by=admin, now=now)
    with pytest.raises(Refused) as refused:
        replace_jurisdiction(jurisdiction=law, values=values(), by=admin, now=now)
    assert (refused.value.code, Jurisdiction.objects.count()) == ("jurisdiction.ended", 2)


def test_reviewing_again_keeps_the_rule_with_a_new_day(law, admin, now):
    seen = review_jurisdiction(
        jurisdiction=law, source="示範新來源", reviewed_on=DAY + timedelta(0), by=admin, now=now
    )
    assert (seen.receive, seen.source, seen.reviewed_on) == ("allowed", "示範新來源", DAY)
    with pytest.raises(Refused) as refused:
        review_jurisdiction(
            jurisdiction=seen, source="x", reviewed_on=DAY - timedelta(1), by=admin, now=now
        )
    assert refused.value.code == "jurisdiction.earlier"


def test_a_place_is_entered_once_and_a_region_beside_its_country(law, add):
    add(region="Scotland")
    with pytest.raises(Refused) as refused:
        add()
    assert (refused.value.code, Jurisdiction.objects.count()) == ("jurisdiction.twice", 2)


def test_a_review_in_the_future_is_refused(add, now):
    with pytest.raises(Refused) as refused:
        add(reviewed_on=timezone.localdate(now) + timedelta(days=1))
    assert (refused.value.code, refused.value.field) == ("jurisdiction.future", "reviewed_on")


def test_only_administrators_write(law, counsellor, supervisor, now):
    for by in (counsellor, supervisor):
        with pytest.raises(NotAllowed):
            add_jurisdiction(values=values(country="JP"), by=by, now=now)
        with pytest.raises(NotAllowed):
            replace_jurisdiction(jurisdiction=law, values=values(), by=by, now=now)
        with pytest.raises(NotAllowed):
            review_jurisdiction(jurisdiction=law, source="x", reviewed_on=DAY, by=by, now=now)
    assert Jurisdiction.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "TW"},
        {"country": "ZZ"},
        {"country": ""},
        {"source": ""},
        {"source": "x" * 301},
        {"reviewed_on": ""},
        {"reviewed_on": "2999-01-01"},
        {"reviewed_on": "昨天"},
        {"receive": "maybe"},
        {"give": ""},
        {"region": "\u202ecitycode"},
    ],
)
def test_what_makes_no_sense_is_said_and_what_was_typed_stays(wrong, admin, browse, clinic):
    sent = values(conditions="向當地登記") | wrong
    page = browse(admin).post("/jurisdictions/new/", sent)
    assert (page.status_code, Jurisdiction.objects.count()) == (200, 0)
    assert [*page.context["form"].errors] == [*wrong]
    assert "向當地登記" in page.content.decode()


def english(browser):
    browser.cookies["language"] = "en"
    return browser


def test_the_pages_lead_from_nothing_to_a_history(admin, counsellor, browse, clinic):
    browser, reader = english(browse(admin)), english(browse(counsellor))
    empty = reader.get("/jurisdictions/").content.decode()
    assert "No place abroad yet" in empty
    assert "/jurisdictions/new/" not in empty
    day = timezone.localdate().isoformat()
    browser.post("/jurisdictions/new/", values(reviewed_on=day))
    first = Jurisdiction.objects.get()
    sent = {"source": "示範新來源", "reviewed_on": day}
    browser.post(f"/jurisdictions/{first.pk}/review/", sent)
    second = Jurisdiction.objects.current().get()
    browser.post(f"/jurisdictions/{second.pk}/replace/", values(give="forbidden", reviewed_on=day))
    third = Jurisdiction.objects.current().get()
    page = reader.get(f"/jurisdictions/{third.pk}/")
    assert [row.entry for row in page.context["earlier"]] == [second, first]
    assert page.context["now"].state == "stop"
    assert reader.get(f"/jurisdictions/{first.pk}/").context["now"].entry == third
    assert browser.get(f"/jurisdictions/{first.pk}/replace/").status_code == 404
    late = browser.post(
        f"/jurisdictions/{first.pk}/replace/", values(conditions="打了很久", reviewed_on=day)
    )
    body = late.content.decode()
    said = "This entry was replaced meanwhile" in body
    assert (late.status_code, said, "打了很久" in body) == (200, True, True)


def test_the_list_is_searched_and_filtered(add, counsellor, browse, clinic):
    today = timezone.localdate()
    add(reviewed_on=today - timedelta(days=366))
    add(country="US", region="California", receive="forbidden", reviewed_on=today)
    add(country="JP", give="unknown", source="示範厚生（虛構）", reviewed_on=today)
    browser = browse(counsellor)

    def found(query: str) -> list[str]:
        return [
            row.entry.country for row in browser.get(f"/jurisdictions/?{query}").context["rows"]
        ]

    asked = ("", "q=英國", "q=united", "q=jp", "q=califor", "q=厚生", "q=nowhere")
    assert [found(query) for query in asked] == [
        ["GB", "JP", "US"],
        ["GB"],
        ["GB", "US"],
        ["JP"],
        ["US"],
        ["JP"],
        [],
    ]
    states = ("allowed", "forbidden", "unknown", "old")
    assert [found(f"state={state}") for state in states] == [["GB"], ["US"], ["JP"], ["GB"]]
    rows = browser.get("/jurisdictions/").context["rows"]
    assert [row.state for row in rows] == ["fix", "stop", "stop"]


def test_the_list_asks_as_much_for_ten_as_for_five_hundred(admin, browse, now, clinic):
    browser, counts = browse(admin), []
    for start, end in ((0, 10), (10, 500)):
        Jurisdiction.objects.bulk_create(
            Jurisdiction(**values(region=f"Region {n:03}"), reviewed_by=admin)
            for n in range(start, end)
        )
        browser.get("/jurisdictions/")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/jurisdictions/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
