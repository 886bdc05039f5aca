"""Beside a signed note, who reads one, and what a login that ended leaves of it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.models import AuditEntry
from clinic.kernel.dates import meeting
from clinic.staff.models import Credential, Practitioner
from sessions.models import Amendment, Note
from sessions.notes.actions import amend, cosign, may_cosign, save_draft
from tests.at_once import twice_at_one_moment
from tests.house import make_user
from tests.sessions.conftest import WORDS
from tests.staff.conftest import words

DAY = timedelta(days=1)
REAL = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
HOSTILE = "<script>alert(1)</script>"
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def writer(ended, counsellor, read):
    """The psychologist's browser after the session."""
    return read(counsellor)


def at(session, end: str = "") -> str:
    return f"/sessions/{session.pk}/note/{end}"


def refused(function, **values) -> str:
    with pytest.raises(Refused) as caught:
        function(**values)
    return caught.value.code


# --- Beside it -----------------------------------------------------------------------------------


def test_an_amendment_stands_beside_the_note(signed, writer):
    answer = writer.post(at(signed.session, "amend/"), {"text": "日期應是星期三。"})
    assert answer.url == at(signed.session)
    page = words(writer.get(at(signed.session)))
    assert page.index(WORDS["course"]) < page.index("日期應是星期三。")
    assert re.search(r"日期應是星期三。 guyu・\d{4}-\d\d-\d\d \d\d:\d\d \(UTC\+8\)", page)
    assert "星期三" not in Note.objects.get().text


def test_an_amendment_sent_twice_stands_there_once(signed, writer):
    """A double click, or a second tab; another text is another amendment."""
    address, text = at(signed.session, "amend/"), "日期應是星期三。\r\n時間不變。"
    pages = [writer.post(address, {"text": text}, follow=True) for _time in range(2)]
    assert [page.redirect_chain for page in pages] == [[(at(signed.session), 302)]] * 2
    said = ["The amendment stands beside the note." in words(page) for page in pages]
    assert (said, words(pages[1]).count("時間不變。")) == ([True, True], 1)
    writer.post(address, {"text": "日期應是星期三。"})
    assert Amendment.objects.count() == 2
    history = words(writer.get(f"/sessions/{signed.session_id}/history/"))
    assert (history.count("amended the note"), "It stood there already." in history) == (3, True)


def test_two_say_the_same_each_under_her_own_name(signed, counsellor, now):
    """Where the case has another psychologist since, hers is no repetition."""
    Amendment(note=signed, text="補充", by=make_user("dashu"), at=now).save()
    amend(note=signed, text="補充", by=counsellor, now=now)
    assert Amendment.objects.count() == 2


@pytest.mark.parametrize(
    ("later", "stand"), [(timedelta(minutes=3), 1), (timedelta(minutes=4), 2), (3 * DAY, 2)]
)
def test_the_same_words_again_later_are_another_amendment(signed, counsellor, now, later, stand):
    for moment in (now, now + later):
        amend(note=signed, text="電話聯絡，沒有人接。", by=counsellor, now=moment)
    assert Amendment.objects.count() == stand


def test_so_are_they_after_other_words(signed, counsellor, now):
    for text in ("星期三", "星期四", "星期三"):
        amend(note=signed, text=text, by=counsellor, now=now)
    assert [row.text for row in signed.amendments.all()] == ["星期三", "星期四", "星期三"]


@REAL
def test_an_amendment_sent_twice_at_one_moment_stands_there_once(signed, counsellor, now):
    outcomes = twice_at_one_moment(lambda: amend(note=signed, text="補充", by=counsellor, now=now))
    assert (outcomes, Amendment.objects.count()) == (["added", "added"], 1)


@pytest.mark.parametrize("page", ["", "note/"])
def test_what_is_printed_of_a_session_tells_its_year(ended, writer, page):
    said = words(writer.get(f"/sessions/{ended.pk}/{page}"))
    assert meeting(ended.starts_at, kept=True) in said


def test_a_draft_is_not_amended_but_changed(ended, writer):
    writer.post(at(ended, "draft/"), WORDS | {"revision": 0})
    page = writer.post(at(ended, "amend/"), {"text": "補充"})
    assert "This note is not signed yet; change it directly." in words(page)
    assert "補充" in page.content.decode()


def test_without_a_note_there_is_nothing_to_amend_or_sign_under(ended, writer):
    assert writer.post(at(ended, "amend/"), {"text": "補充"}).status_code == 404
    assert writer.post(at(ended, "cosign/")).status_code == 404


def test_before_a_note_is_begun_its_page_says_how_the_session_was_held(
    ended, oversight, supervisor, read
):
    page = words(read(supervisor).get(at(ended)))
    shown = [text in page for text in ("No note yet", "Done by telecommunication", "In person")]
    assert shown == [True, True, False]


def test_only_the_psychologist_amends(signed, oversight, supervisor, read, now):
    page = read(supervisor).post(at(signed.session, "amend/"), {"text": "補充"})
    assert "Only the psychologist of the session does this." in words(page)
    with pytest.raises(NotAllowed):
        amend(note=signed, text="補充", by=supervisor, now=now)


def test_the_supervisor_signs_under_an_interns_note(interns_note, supervisor, read):
    browser = read(supervisor)
    session = interns_note.session
    assert "Sign as supervisor" in words(browser.get(at(session)))
    assert browser.post(at(session, "cosign/")).url == at(session)
    page = words(browser.get(at(session)))
    assert "Signed by mangzhong on" in page
    assert "Signed as supervisor by lichun on" in page
    assert "Sign as supervisor" not in page.replace("Signed as supervisor", "")


def test_an_interns_note_is_signed_under_whatever_she_has_become(
    interns_note, intern, supervisor, now
):
    Practitioner.objects.filter(user=intern).update(kind="counselling")
    note = Note.objects.of(interns_note.session)
    asked = may_cosign(note, supervisor)
    assert (asked, cosign(note=note, by=supervisor, now=now).by) == (True, supervisor)


def test_signed_under_twice_is_signed_under_once(interns_note, supervisor, now, days):
    first = cosign(note=interns_note, by=supervisor, now=now)
    again = cosign(note=interns_note, by=supervisor, now=now + days(1))
    assert (again.pk, again.at) == (first.pk, now)


def test_a_psychologists_note_needs_no_second_signature(signed, oversight, supervisor, read, now):
    assert "Sign as supervisor" not in words(read(supervisor).get(at(signed.session)))
    assert refused(cosign, note=signed, by=supervisor, now=now) == "notes.no_intern"


def test_without_a_licence_in_force_she_does_not_sign_under_it(
    interns_note, supervisor, read, now, days
):
    today = timezone.localdate(now)
    Credential.objects.update(period=(today - days(99), today))  # ended yesterday
    browser, page = read(supervisor), at(interns_note.session)
    offered = f"{page}cosign/" in browser.get(page).content.decode()
    shown = "You have no practice licence in force today" in words(browser.get(page))
    tried = words(browser.post(f"{page}cosign/", follow=True))
    assert (offered, shown) == (False, True)
    assert "Have your current licence entered, or let another supervisor" in tried
    with pytest.raises(Refused) as caught:
        cosign(note=interns_note, by=supervisor, now=now)
    assert caught.value.code == "sessions.no_licence"
    Credential.objects.update(period=(today, today + days(1)))
    assert cosign(note=interns_note, by=supervisor, now=now).by == supervisor


def test_nobody_else_signs_under_an_interns_note(interns_note, intern, counsellor, now):
    for other in (intern, counsellor):
        with pytest.raises(NotAllowed):
            cosign(note=interns_note, by=other, now=now)


# --- Who reads it --------------------------------------------------------------------------------


def test_a_note_is_not_there_for_strangers_and_closed_to_administrators(
    signed, stranger, admin, read
):
    for reader, status in ((stranger, 404), (admin, 403)):
        browser = read(reader)
        answers = [
            browser.get(at(signed.session)),
            browser.get(at(signed.session, "amend/")),
            browser.get(f"/sessions/{signed.session_id}/history/"),
            browser.post(at(signed.session), WORDS | {"revision": 1}),
            browser.post(at(signed.session, "draft/"), WORDS | {"revision": 1}),
            browser.post(at(signed.session, "cosign/")),
        ]
        assert {answer.status_code for answer in answers} == {status}
        assert [a for a in answers if "壓力" in a.content.decode()] == []


def test_an_administrator_who_is_a_supervisor_of_others_cannot_read_it(signed, supervisor, read):
    supervisor.roles = ["admin", "supervisor"]
    supervisor.save(update_fields=["roles"])
    assert read(supervisor).get(at(signed.session)).status_code == 404


def test_the_overseer_reads_a_draft_as_a_draft(ended, oversight, counsellor, supervisor, read):
    save_draft(session=ended, values=WORDS, revision=0, by=counsellor, now=timezone.now())
    page = read(supervisor).get(at(ended))
    assert "A draft; not signed yet." in words(page)
    assert "<textarea" not in page.content.decode()
    sent = read(supervisor).post(at(ended), WORDS | {"course": "改", "revision": 1, "keep": "1"})
    assert "Only the psychologist of the session does this." in words(sent)
    assert "改" not in Note.objects.get().text


def test_html_is_text_everywhere(ended, writer):
    typed = dict.fromkeys(("course", "client", "medium", "plan"), HOSTILE)
    writer.post(at(ended, "draft/"), typed | {"revision": 0})
    pages = [writer.get(at(ended))]
    writer.post(at(ended), typed | {"revision": 1})
    writer.post(at(ended, "amend/"), {"text": HOSTILE})
    pages += [writer.get(at(ended)), writer.get(f"/sessions/{ended.pk}/history/")]
    told = [page.content.decode() for page in pages]
    assert [HOSTILE in page for page in told] == [False] * 3
    assert [page.count("&lt;script&gt;alert(1)") for page in told] == [4, 5, 0]


def test_the_history_says_it_in_words_and_never_quotes_the_note(signed, counsellor, writer, now):
    amend(note=signed, text="補充在旁", by=counsellor, now=now)
    page = words(writer.get(f"/sessions/{signed.session_id}/history/"))
    for said in ("signed the note guyu", "amended the note guyu", "pressed start guyu"):
        assert said in page
    assert ("壓力" in page, "補充在旁" in page) == (False, False)


# --- A login that ended --------------------------------------------------------------------------


@pytest.mark.parametrize("form_of", ["note", "live"])
def test_a_login_that_ended_does_not_cost_the_note(running, counsellor, read, form_of):
    """From both pages that a note is typed in."""
    with time_machine.travel(running.during.lower + timedelta(minutes=1)) as clock:
        browser = read(counsellor)
        page = browser.get(f"/sessions/{running.pk}/{form_of}/").content.decode()
        mark = re.search(r'name="_writer" value="([^"]+)"', page)
        clock.shift(timedelta(minutes=82))  # the live page keeps a login for half an hour more
        typed = WORDS | {"revision": 0, "keep": "1", "_writer": mark and mark[1]}
        lost = browser.post(at(running), typed)
        assert lost.url == f"/sign-in/?next={at(running)}"
        again = read(counsellor).get(at(running))
        assert "What you typed before you were signed out is still here." in words(again)
        assert WORDS["course"] in again.content.decode()
        assert ("data-unkept" in again.content.decode(), "Kept at" in words(again)) == (True, False)
        browser = read(counsellor)
        browser.post(at(running, "draft/"), typed | {"restored": "1"})
        assert "What you typed before" not in words(browser.get(at(running)))


def test_her_signature_stands_in_the_history_of_the_case(interns_note, supervisor, now):
    cosign(note=interns_note, by=supervisor, now=now)
    case = interns_note.session.case
    about = AuditEntry.objects.about(case).filter(verb="note.cosign")
    assert [entry.actor for entry in about] == [f"user:{supervisor.pk}"]
