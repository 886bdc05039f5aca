"""People for whom it is not plain: interns, clients without mail, clients of several places."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import override

from clinic.clients.actions import open_case, register_client
from clinic.clients.place_actions import add_place
from clinic.errors import Refused
from clinic.kernel.outbox.models import Outbox
from clinic.staff.models import ApprovedPerson, Credential, Oversight
from consent.actions import countersign
from consent.paper.actions import check_paper
from sessions.booking.actions import book
from sessions.course.actions import start, start_despite
from sessions.door.licences import licence_values
from sessions.door.points import asked_in
from sessions.gate import gate_of
from sessions.mail_states import of as mail_states
from sessions.models import CounsellingSession
from sessions.suitability.actions import confirm_suitability
from supervision.models import TrainingEntry
from tests.consent.on_paper import asked_on_paper, returned
from tests.house import certify
from tests.sessions.assessing import assess
from tests.sessions.conftest import BORN, CALL, ten_tomorrow
from tests.sessions.gate_world import consented, profiled, publish, through_the_door
from tests.staff.conftest import words

EVER = DateRange(date(2026, 1, 1), date(2040, 1, 1))


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def gate(session, now):
    return gate_of(CounsellingSession.objects.with_people().get(pk=session.pk), now)


def missing(session, now) -> set[str]:
    return {finding.requirement.code for finding in gate(session, now).missing}


def case_of(user, town, now, **values):
    by = {"by": user, "now": now}
    base = {"name": "何處暑", "sex": "male", "birth_date": BORN, "phone": "0000-000-013"}
    person = register_client(values=base | values, **by)
    add_place(person=person, values={"label": "家", "town": town, "street": "示範路 13 號"}, **by)
    return open_case(person=person, **by)


def book_tomorrow(case, room, now):
    return book(
        case=case,
        room=room,
        channel="video",
        start=ten_tomorrow(now),
        minutes=50,
        call_link=CALL,
        by=case.counsellor,
        now=now,
    )


@pytest.fixture
def intern_in_order(in_force, intern, supervisor, premises, town, now):
    """An intern named by the approval, trained, overseen by a psychologist with a licence."""
    Credential.objects.create(
        practitioner=supervisor.practitioner,
        kind=Credential.Kind.PRACTICE_LICENCE,
        number="示範執業字第 000102 號",
        period=EVER,
        county=town.county,
        premises=premises,
    )
    ApprovedPerson.objects.create(approval=in_force, practitioner=intern.practitioner, period=EVER)
    Oversight.objects.create(overseer=supervisor, overseen=intern, kind="clinical", period=EVER)
    TrainingEntry.objects.create(
        practitioner=intern.practitioner,
        day=date(2026, 1, 10),
        category=TrainingEntry.Category.TELECOUNSELLING,
        title="通訊諮商訓練",
        hours=12,
        points=0,
        entered_by=intern,
        entered_at=timezone.now(),
    )
    return intern


def test_an_interns_session_reaches_green_when_the_psychologist_has_confirmed(
    intern_in_order, supervisor, admin, room, town, now
):
    case = case_of(intern_in_order, town, now, email="chushu@client.example")
    session = book_tomorrow(case, room, now)
    publish(admin, now)
    consented(case, now)
    profiled(case, now)
    assessment = assess(case, now)
    through_the_door(session, session.during.lower - timedelta(minutes=5))
    assert (gate(session, now).colour, missing(session, now)) == ("stop", {"sessions.suitability"})
    confirm_suitability(assessment=assessment, by=supervisor, now=now)
    assert (gate(session, now).colour, missing(session, now)) == ("go", set())


def test_an_intern_without_a_licensed_supervisor_cannot_book(
    intern_in_order, supervisor, room, town, now
):
    Credential.objects.filter(practitioner=supervisor.practitioner).update(withdrawn_at=now)
    case = case_of(intern_in_order, town, now)
    with pytest.raises(Refused) as caught:
        book_tomorrow(case, room, now)
    assert "no supervising psychologist with a practice licence in force (G1.1)" in str(
        caught.value
    )


def test_an_intern_with_two_supervisors_books_by_the_licence_of_either(
    intern_in_order, supervisor, stranger, room, town, now
):
    period, overseen = {"period": EVER, "kind": "clinical"}, {"overseen": intern_in_order}
    Oversight.objects.all().delete()
    certify(stranger)
    for overseer in (stranger, supervisor):  # the one without a licence was named first
        Oversight.objects.create(overseer=overseer, **overseen, **period)
    session = book_tomorrow(case_of(intern_in_order, town, now), room, now)
    assert "clinic.credential" not in missing(session, now)
    assert licence_values(session)["supervisor_name"] == supervisor.name


@pytest.mark.parametrize(
    ("channel", "said", "answer"),
    [
        (
            "video",
            "I am mangzhong, an intern; this is my identity document. lichun supervises me",
            "Own identity and supervisor's licence shown; the client could read both",
        ),
        (
            "telephone",
            "You have seen my identity document and the supervisor's practice licence before",
            "Own identity and supervisor's licence shown earlier; the client does not ask again",
        ),
    ],
)
def test_an_intern_says_who_she_is_and_whose_licence_covers_her(
    intern_in_order, town, room, now, read, channel, said, answer
):
    session = book_tomorrow(case_of(intern_in_order, town, now), room, now)
    CounsellingSession.objects.filter(pk=session.pk).update(channel=channel)
    page = unescape(words(read(intern_in_order).get(f"/sessions/{session.pk}/door/")))
    assert (said in page, "my practice licence" in page) == (True, False)
    row = CounsellingSession.objects.with_people().get(pk=session.pk)
    shown = next(one for one in asked_in(row) if one.point == "licence_shown")
    assert (shown.options[0].label, shown.options[0].key[:7]) == (answer, "intern_")


def test_a_psychologist_shows_her_own_licence(session):
    shown = next(one for one in asked_in(session) if one.point == "licence_shown")
    assert shown.say.startswith("This is my practice licence.")
    assert [option.key for option in shown.options] == ["shown", "not_shown"]


def test_a_client_without_mail_is_red_until_she_signs_on_paper_and_green_once_it_is_compared(
    in_force, counsellor, admin, room, town, now
):
    """Amber in between: it counts, and nobody has compared her form yet."""
    publish(admin, now)
    case = case_of(counsellor, town, now)
    session = book_tomorrow(case, room, now)
    profiled(case, now)
    assess(case, now)
    through_the_door(session, session.during.lower - timedelta(minutes=5))
    assert (gate(session, now).colour, missing(session, now)) == (
        "stop",
        {"consent.in_force", "consent.explained"},
    )
    row = CounsellingSession.objects.with_people().get(pk=session.pk)
    assert [(state.person, state.state) for state in mail_states(row, now)] == [("何處暑", "fix")]
    paper = returned(asked_on_paper(case, now), now)
    countersign(request=paper.request, by=counsellor, now=now)
    assert (gate(session, now).colour, missing(session, now)) == ("fix", set())
    check_paper(paper=paper, right=True, by=admin, now=now)
    assert (gate(session, now).colour, missing(session, now)) == ("go", set())
    assert Outbox.objects.filter(recipient=case.people[0].actor_label).count() == 0


def test_a_client_without_a_place_cannot_be_booked(in_force, counsellor, room, now):
    values = {"name": "何處暑", "sex": "male", "birth_date": BORN, "phone": "0000-000-013"}
    person = register_client(values=values, by=counsellor, now=now)
    case = open_case(person=person, by=counsellor, now=now)
    with pytest.raises(Refused) as caught:
        book_tomorrow(case, room, now)
    assert "(G10.1)" in str(caught.value)


def test_a_client_under_the_age_floor_cannot_be_booked(in_force, counsellor, room, town, now):
    young = timezone.localdate(now) - timedelta(days=15 * 365)
    by = {"by": counsellor, "now": now}
    values = {"name": "葉小雪", "sex": "female", "birth_date": young, "phone": "0000-000-014"}
    person = register_client(values=values, **by)
    add_place(person=person, values={"label": "家", "town": town, "street": "示範路 14 號"}, **by)
    case = open_case(person=person, in_person_only=True, **by)
    with pytest.raises(Refused) as caught:
        book_tomorrow(case, room, now)
    assert "under the minimum age of 18 years (G10.1)" in str(caught.value)


def test_a_minor_starts_nothing_though_the_approval_begins_younger(open_door, in_force, counsellor):
    """Done at the door, and all else; a reason does not help either: it is absolute."""
    in_force.age_floor = 16
    in_force.save(update_fields=["age_floor"])
    (person,) = open_door.people
    at = open_door.during.lower
    day = timezone.localdate(at)
    person.birth_date = date(day.year - 17, 1, 1)
    person.save(update_fields=["birth_date"])
    stops = {"clinic.age_floor", "consent.in_force"}  # what she signed alone does not count either
    assert (gate(open_door, at).colour, missing(open_door, at)) == ("stop", stops)
    press = {"session": open_door, "by": counsellor, "now": at}
    assert start(**press).started is False
    with pytest.raises(Refused) as caught:
        start_despite(reason="家長在電話裡同意了，今天非談不可", **press)
    assert caught.value.code == "sessions.absolute"
