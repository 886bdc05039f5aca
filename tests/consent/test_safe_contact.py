"""Who must not be written to is not; unasked mail keeps to the day; the psychologist sees both."""

from datetime import UTC, datetime, time, timedelta

import pytest

from clinic.errors import Refused
from clinic.kernel.outbox.delivery import deliver_due
from clinic.kernel.outbox.models import Outbox
from clinic.organisation.forms import TELLING
from clinic.people.birth_proof import MOST_TRIES
from consent.actions import resend, revoke, send_request
from consent.mailing import mail_link
from consent.new_link import ask_new_link
from consent.reminders import mail_again, remind
from consent.signing import choose_language
from tests.consent.conftest import explain
from tests.consent.phone import Phone, link_of, template

# Far ahead, so that a row put off is not due by the clock of the database.
EVENING = datetime(2035, 3, 4, 13, 30, tzinfo=UTC)  # 21:30 in Taipei
MORNING = datetime(2035, 3, 5, 0, 0, tzinfo=UTC)  # 08:00
CLIENT = "xiaoman@client.example"


def be(person, **values) -> None:
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=[*values])


def to_client(mailbox) -> list:
    return [mail for mail in mailbox if mail["To"] == CLIENT]


MORNING_ONLY = {"safe_from": time(10), "safe_until": time(11)}
UNSAFE = [{"never_mail": True}, {"safe_channel": "phone"}]


@pytest.mark.parametrize("way", UNSAFE)
def test_who_must_not_be_written_to_is_not_sent_a_request(case, forms, counsellor, now, way):
    be(case.people[0], **way)
    case.refresh_from_db()
    with pytest.raises(Refused) as refused:
        send_request(case=case, by=counsellor, now=now)
    assert (refused.value.code, Outbox.objects.filter(kind="consent_request").count()) == (
        "consent.no_mail",
        0,
    )


@pytest.mark.parametrize("way", UNSAFE)
def test_what_was_under_way_is_held_and_the_psychologist_sees_it(
    request_sent, client_person, counsellor, browse, mailbox, now, days, way
):
    be(client_person, **way)
    remind(now + days(2))
    mail_link(request_sent, "new_link", counsellor, now)
    Outbox.objects.filter(recipient=client_person.actor_label).update(not_before=now - days(1))
    deliver_due()
    held = Outbox.objects.filter(recipient=client_person.actor_label)
    assert {(row.kind, row.state) for row in held} == {
        ("consent_request", "held"),
        ("consent_reminder_day2", "held"),
        ("new_link", "held"),
    }
    assert to_client(mailbox) == []
    page = browse(counsellor).get(f"/consent/{request_sent.pk}/")
    assert {(row.kind, tone) for row, tone, _words in page.context["mails"]} == {
        (row.kind, "fix") for row in held
    }


@pytest.fixture
def at(monkeypatch):
    """``at(moment)``: the worker's clock, so that the send window can be looked at."""

    def travel(moment: datetime) -> None:
        monkeypatch.setattr("clinic.kernel.outbox.delivery.timezone.now", lambda: moment)

    return travel


def test_an_unasked_mail_waits_for_the_morning_and_an_asked_one_does_not(
    request_sent, client_person, counsellor, mailbox, at, now, days
):
    explain(request_sent, counsellor, now)
    remind(now + days(2))
    mail_link(request_sent, "new_link", counsellor, now, asked=True)
    rows = Outbox.objects.filter(recipient=client_person.actor_label)
    rows.update(not_before=now - days(1))
    at(EVENING)
    link = link_of(request_sent)
    type(link).objects.filter(pk=link.pk).update(expires_at=EVENING + days(7))
    deliver_due()
    assert {(row.kind, row.state, row.not_before > EVENING) for row in rows.all()} == {
        ("consent_request", "waiting", True),
        ("consent_reminder_day2", "waiting", True),
        ("new_link", "sent", False),
    }
    assert {row.not_before for row in rows.filter(state="waiting")} == {MORNING}
    assert len(to_client(mailbox)) == 1


def test_a_new_link_that_staff_send_waits_for_her_safe_hours(
    request_sent, client_person, counsellor, mailbox, at, now, days
):
    be(client_person, **MORNING_ONLY)
    resend(request=request_sent, new_link=True, by=counsellor, now=now)
    rows = Outbox.objects.filter(recipient=client_person.actor_label)
    rows.update(not_before=now - days(1))
    at(EVENING)
    deliver_due()
    assert {(row.kind, row.state) for row in rows.all()} == {
        ("consent_request", "waiting"),
        ("new_link", "waiting"),
    }
    assert to_client(mailbox) == []


@pytest.mark.parametrize(("hours", "urgent"), [({}, True), (MORNING_ONLY, False)])
def test_a_new_link_that_she_asks_for_leaves_at_once_unless_she_named_safe_hours(
    request_sent, client_person, now, hours, urgent
):
    be(client_person, **hours)
    ask_new_link(link=link_of(request_sent), now=now)
    assert Outbox.objects.get(kind="new_link").urgent == urgent


@pytest.mark.parametrize(("hours", "urgent"), [({}, True), (MORNING_ONLY, False)])
def test_the_copy_leaves_at_once_unless_she_named_safe_hours(
    request_sent, client_person, counsellor, now, hours, urgent
):
    be(client_person, **hours)
    mail_again(request=request_sent, kind="signed_copy", by=counsellor, now=now)
    assert Outbox.objects.get(kind="signed_copy").urgent == urgent


def test_her_own_safe_hours_narrow_the_day(request_sent, client_person, mailbox, at, now, days):
    be(client_person, safe_from=time(10), safe_until=time(11))
    rows = Outbox.objects.filter(recipient=client_person.actor_label)
    rows.update(not_before=now - days(1))
    at(MORNING)
    deliver_due()
    assert {(row.state, row.not_before) for row in rows.all()} == {
        ("waiting", MORNING + timedelta(hours=2))
    }
    assert mailbox == []


def test_a_neutral_letter_names_nothing_of_the_clinic(
    request_sent, client_person, counsellor, mailbox, now
):
    be(client_person, neutral_contact=True)
    mail_link(request_sent, "new_link", counsellor, now, asked=True)
    deliver_due()
    (mail,) = to_client(mailbox)
    whole = str(mail["From"]) + str(mail["Subject"])
    whole += "".join(part.get_content() for part in mail.iter_parts())
    assert [word in whole for word in ("心理", "諮商", "counsel")] == [False] * 3
    assert Phone(request_sent).link.token in whole


def told_before_the_birth_date(phone, language: str) -> str:
    """What the pages show to whoever holds the mail, the wish for paper and its answer as well."""
    phone.open()
    phone.post("language", language=language)
    pages = [phone.get("start"), phone.prove("1980-01-01"), phone.get("paper"), phone.post("paper")]
    pages += [phone.prove("1980-01-01") for _time in range(MOST_TRIES)]
    assert [template(page) for page in (pages[0], pages[3], pages[-1])] == [
        *("start", "done", "locked")
    ]
    return "".join(page.content.decode() for page in pages).lower()


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_no_page_names_the_counselling_before_the_birth_date_of_who_asked_for_neutral_letters(
    request_sent, client_person, counsellor, clinic, language
):
    be(client_person, neutral_contact=True)
    told = told_before_the_birth_date(Phone(request_sent), language)
    versions = [request_sent.version, *request_sent.attached.all()]
    names = {clinic.name, clinic.phone, counsellor.name, client_person.name}
    names |= {version.title(short) for version in versions for short in ("zh", "en")}
    assert [word for word in (*TELLING, *names) if word.lower() in told] == []
    assert (clinic.neutral_name in told, clinic.neutral_phone in told) == (True, True)


def test_behind_the_birth_date_she_reads_who_asks_and_for_what(request_sent, client_person, clinic):
    be(client_person, neutral_contact=True)
    told = Phone(request_sent).begin().get("start").content.decode()
    names = (clinic.name, request_sent.case.counsellor.name, request_sent.version.title("zh"))
    assert [name for name in names if name not in told] == []


def test_the_page_of_a_link_taken_back_names_no_psychologist(request_sent, counsellor, now):
    revoke(request=request_sent, by=counsellor, now=now)
    told = Phone(request_sent).open().content.decode()
    assert [word for word in TELLING if word in told] == []


@pytest.mark.parametrize(("language", "told"), [("en", False), ("zh-hant", True)])
def test_mails_of_a_form_speak_the_language_she_chose_on_it(
    request_sent, counsellor, mailbox, now, language, told
):
    phone = Phone(request_sent)
    phone.open()
    phone.post("language", language=language)
    resend(request=request_sent, new_link=True, by=counsellor, now=now)
    deliver_due()
    mail = to_client(mailbox)[-1]
    assert ("您" in mail.get_body(("plain",)).get_content()) is told


def test_a_letter_is_in_one_language_the_one_that_she_chose_on_the_form(
    request_sent, client_person, counsellor, mailbox, now
):
    choose_language(request=request_sent, language="en", by=client_person, now=now)
    mail_link(request_sent, "new_link", counsellor, now, asked=True)
    deliver_due()
    (mail,) = to_client(mailbox)
    letter = "".join(part.get_content() for part in mail.iter_parts())
    assert ("tell us (" in letter, "我們" in letter) == (True, False)
