"""An intern's signed note waits for her supervisor: on Today, with the session and with the case."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic.errors import NotAllowed, Refused
from clinic.kernel.roles import Role
from clinic.organisation.models import Clinic
from clinic.staff.actions import end_oversight
from clinic.staff.models import Credential, Oversight, Practitioner
from sessions.models import CounsellingSession, Note, NoteCosignature
from sessions.notes.actions import cosign, may_cosign, save_draft, sign
from sessions.notes.waiting import cosignatures
from tests.house import license_ever
from tests.sessions.conftest import WORDS, overseen
from tests.staff.conftest import words

WAITS = "the note waits for the supervisor's signature"
pytestmark = pytest.mark.usefixtures("english")


def told(user, now) -> list[tuple[str, str]]:
    return [(str(item.title), item.action_url) for item in cosignatures(user, now)]


def another(session, number) -> CounsellingSession:
    """A session of the same case, so many hours earlier, that ended without a note."""
    during = [end - timedelta(hours=2 * number) for end in (session.starts_at, session.ends_at)]
    return CounsellingSession.objects.create(
        case=session.case,
        counsellor=session.counsellor,
        room=session.room,
        channel="video",
        during=during,
        state="ended",
        started_at=during[0],
        ended_at=during[1],
        booked_by=session.counsellor,
        booked_at=session.booked_at,
    )


def test_a_note_waits_until_the_supervisor_has_signed_under_it(
    interns_note, supervisor, intern, stranger, admin, now
):
    session = interns_note.session
    title = f"mangzhong has signed the note of {session.starts_at.date()} in {session.case.code}"
    before = [told(user, now) for user in (supervisor, intern, stranger, admin)]
    cosign(note=interns_note, by=supervisor, now=now)
    assert before == [[(title, f"/sessions/{session.pk}/note/")], [], [], []]
    assert told(supervisor, now) == []


def test_a_draft_and_a_psychologists_note_do_not_wait(interns_note, intern, supervisor, now):
    save_draft(
        session=another(interns_note.session, 1), values=WORDS, revision=0, by=intern, now=now
    )
    Practitioner.objects.filter(user=intern).update(kind="counselling")
    intern.refresh_from_db()
    later = another(interns_note.session, 2)
    sign(session=later, values=WORDS, revision=0, by=intern, now=now)
    assert [url for _title, url in told(supervisor, now)] == [
        f"/sessions/{interns_note.session_id}/note/"
    ]


@pytest.mark.parametrize("kind", ["clinical", "site", "course"])
def test_it_waits_for_who_answers_for_the_service(interns_note, supervisor, now, kind):
    Oversight.objects.update(kind=kind)
    assert len(told(supervisor, now)) == (kind != "course")


def test_it_is_not_offered_to_who_has_no_licence_in_force(interns_note, supervisor, now):
    Credential.objects.update(withdrawn_at=now)
    assert told(supervisor, now) == []


def test_many_notes_are_asked_for_in_one_query(interns_note, intern, supervisor, now):
    counts = []
    for number in (1, 2, 3):
        session = another(interns_note.session, number)
        sign(session=session, values=WORDS, revision=0, by=intern, now=now)
        with CaptureQueriesContext(connection) as queries:
            assert len(told(supervisor, now)) == number + 1
        counts.append(len(queries))
    assert counts == [1, 1, 1]


def test_the_session_and_the_case_say_that_it_waits(interns_note, supervisor, intern, read, now):
    session = interns_note.session
    pages = (f"/sessions/{session.pk}/", f"/cases/{session.case_id}/")
    before = [WAITS in words(read(who).get(page)) for page in pages for who in (supervisor, intern)]
    cosign(note=Note.objects.get(), by=supervisor, now=now)
    after = [WAITS in words(read(who).get(page)) for page in pages for who in (supervisor, intern)]
    assert (before, after) == ([True] * 4, [False] * 4)


@pytest.fixture
def in_charge(interns_note, clinic, intern, premises, now):
    """The intern of then: a psychologist with a licence, in charge of the clinic, and overseen by nobody."""
    Oversight.objects.all().delete()
    Practitioner.objects.filter(user=intern).update(kind="counselling")
    license_ever(intern, premises)
    intern.roles = [Role.COUNSELLOR, Role.SUPERVISOR]
    intern.save(update_fields=["roles"])
    Clinic.objects.update(responsible=intern)
    return intern


def test_who_is_in_charge_does_not_sign_as_supervisor_under_her_own_old_note(
    in_charge, interns_note, read, now
):
    note = Note.objects.get(pk=interns_note.pk)
    with pytest.raises(NotAllowed) as refused:
        cosign(note=note, by=in_charge, now=now)
    assert str(refused.value) == "Only the supervisor does this."
    assert may_cosign(note, in_charge) is False
    page = read(in_charge).get(f"/sessions/{note.session_id}/note/")
    assert page.context["may_cosign"] is False
    assert NoteCosignature.objects.count() == 0


def test_who_supervises_her_now_signs_under_it(in_charge, interns_note, supervisor, now):
    overseen(in_charge, supervisor, now)
    note = Note.objects.get(pk=interns_note.pk)
    assert cosign(note=note, by=supervisor, now=now).by == supervisor


@pytest.mark.parametrize("kind", ["clinical", "site", "course"])
def test_a_supervision_is_not_ended_before_she_signed_by_virtue_of_it(
    kind, interns_note, supervisor, admin, now, days
):
    """That of a course answers for nothing here, so nothing rests on it."""
    today = timezone.localdate(now)
    cosign(note=interns_note, by=supervisor, now=now)
    Oversight.objects.update(kind=kind)
    row, by = Oversight.objects.get(), {"by": admin, "now": now}
    said = ""
    try:
        end_oversight(oversight=row, last_day=today - days(1), **by)
    except Refused as refused:
        said = str(refused)
    assert said == (
        ""
        if kind == "course"
        else f"On {today} the supervisor still signed, confirmed or looked at something, "
        "or began a session, as such. "
        "Choose that day or a later one."
    )


def test_it_is_ended_before_that_where_another_supervision_of_the_two_covers_the_day(
    interns_note, supervisor, intern, admin, now, days
):
    today, row = timezone.localdate(now), Oversight.objects.get()
    cosign(note=interns_note, by=supervisor, now=now)
    Oversight.objects.create(
        overseer=supervisor, overseen=intern, kind="site", period=(today, None)
    )
    ended = end_oversight(oversight=row, last_day=today - days(1), by=admin, now=now)
    assert ended.last_day == today - days(1)


def test_after_a_supervision_ended_in_the_past_the_note_waits_for_her_no_longer(
    interns_note, supervisor, admin, now, days
):
    before = len(told(supervisor, now))
    yesterday = timezone.localdate(now) - days(1)
    end_oversight(oversight=Oversight.objects.get(), last_day=yesterday, by=admin, now=now)
    assert (before, told(supervisor, now)) == (1, [])
    with pytest.raises(NotAllowed):
        cosign(note=interns_note, by=supervisor, now=now)
