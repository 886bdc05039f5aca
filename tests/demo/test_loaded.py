"""What the demo's clinic holds once it is loaded: one loading, looked at from every side."""

from django.db import connection
from django.utils import timezone

from clinic.accounts.models import Authenticator, RecoveryCode, User
from clinic.cases.models import Case, Participant
from clinic.demo.cast import CLIENTS, PASSWORD, STAFF
from clinic.kernel.action import VERBS
from clinic.kernel.audit import chain
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.models import Clinic, County, Premises, Room, Town
from clinic.people.models import EmergencyContact, Person
from clinic.staff.models import Approval, ApprovedPerson, Credential, Oversight, Practitioner
from consent.demo import STORIES
from consent.models import FormVersion, Question, Request
from sessions.demo import TODAY
from sessions.gate import gates_of
from sessions.models import CounsellingSession, Note, StartAttempt
from tests.demo.conftest import seed_demo

APPS = ("clinic_", "consent_", "telesessions_", "crisis_", "supervision_")
# Official lists of counties and townships, which every clinic loads.
LOADED = {"clinic_county", "clinic_town"}


def test_nothing_is_written_but_by_actions(shown):
    assert shown.written == LOADED


def test_every_row_stands_for_an_action(shown):
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


def test_every_record_has_its_history(shown):
    models = (User, Person, EmergencyContact, Case, Approval, Clinic, Premises, Room, Link)
    models += (FormVersion, CounsellingSession)
    without = {}
    for model in models:
        entries = AuditEntry.objects.filter(subject_label=model._meta.label_lower)
        told = {*entries.values_list("subject_id", flat=True)}
        rows = {*model.objects.values_list("pk", flat=True)}
        if told != rows or not rows:
            without[model.__name__] = rows - told
    assert without == {}


def test_the_chain_holds_and_the_mails_wait(shown):
    first = User.objects.earliest("invited_at").invited_at
    assert list(chain.verify(since=first)) == []
    signers = {request.signer.actor_label for request in Request.objects.all()}
    booked = {p.actor_label for s in CounsellingSession.objects.with_people() for p in s.people}
    mailed = {label for label in booked if Person.objects.get(pk=label[7:]).email}
    waiting = Outbox.objects.exclude(recipient="")  # a message without one is work of the worker
    assert ({row.recipient for row in waiting}, len(signers)) == (
        {user.actor_label for user in User.objects.all()} | signers | mailed,
        len(STORIES),
    )


def test_every_state_that_the_cast_shows_is_there(shown):
    states = {r.signer.name: r.state for r in Request.objects.select_related("signer")}
    assert states == {
        "江小滿": "countersigned",
        "許秋分": "countersigned",
        "何處暑": "countersigned",
        "鄭白露": "answering",
        "方霜降": "sent",
        "宋立冬": "answering",
        "高雨水": "signed",
        "游寒堃": "countersigned",
        "賴小寒": "sent",
    }
    assert FormVersion.objects.count() == 3
    assert {row.request.signer.name for row in Question.objects.all()} == {"宋立冬"}


def test_todays_sessions_show_every_colour(shown):
    """Green, amber, red and grey, whatever the hour at which the demo is loaded but at night."""
    sessions = CounsellingSession.objects.on_day(timezone.localdate(shown.at)).with_people()
    gates = gates_of(list(sessions), shown.at)
    assert {(gate.session.people[0].name, str(gate.colour)) for gate in gates} <= {
        ("江小滿", "go"),
        ("游寒堃", "fix"),
        ("鄭白露", "stop"),
        ("許秋分", "stop"),
        ("何處暑", "fix"),
        ("葉小雪", "none"),
    }
    assert len(gates) <= len(TODAY)


def test_past_sessions_show_a_signed_note_an_absence_and_a_cancellation(shown):
    past = CounsellingSession.objects.filter(during__endswith__lt=timezone.now())
    states = past.values_list("state", flat=True)
    assert {state for state in states if state != "booked"} == {
        "ended",
        "not_attended",
        "cancelled",
    }
    assert Note.objects.exclude(signed_at=None).count() == 2
    despite = StartAttempt.objects.filter(despite=True).values_list("session__state", flat=True)
    assert list(despite) == ["ended"]


def everything() -> dict:
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        counts = {}
        for table in (name for name in tables if name.startswith(APPS)):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  names of our own tables
            counts[table] = cursor.fetchone()[0]
    return counts


def test_it_may_be_repeated(shown):
    first = everything()
    seed_demo()
    assert (everything(), first["clinic_person"]) == (first, len(CLIENTS))


def test_the_same_seed_gives_the_same_clients(shown):
    seed_demo("--clients", "100", "--seed", "7")
    names = list(Person.objects.order_by("id").values_list("name", flat=True))
    assert (len(names), Case.objects.count()) == (len(CLIENTS) + 100, len(CLIENTS) + 98)
    more = Person.objects.filter(email_index__gt="").order_by("-id")[:100]
    assert {person.phone[:5] for person in more} == {"0000-"}


def test_the_report_gives_what_scripts_need(shown):
    told = shown.told
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


def test_townships_and_approved_people_are_there(shown):
    assert (County.objects.count(), Town.objects.count()) == (22, 368)
    assert {p.practitioner.user.name for p in ApprovedPerson.objects.by_name()} == {
        member.name for member in STAFF if member.kind
    }
