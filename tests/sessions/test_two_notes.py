"""One note in two windows: what is typed in either is kept, and only what she has read is signed."""

from functools import partial

import pytest
import time_machine
from django.db import connection

from sessions.models import Note
from sessions.notes.actions import content, save_draft
from sessions.notes.sections import together
from tests.sessions.conftest import WORDS
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
LINE = "— From another window, 10:51 —"
PARTS = ("course", "client", "medium", "plan")
NEWER, OLDER = "談工作交接的壓力。", "約定睡前不看訊息。"


@pytest.fixture
def writer(ended, counsellor, read):
    """The psychologist's browser a minute after the session."""
    with time_machine.travel(ended.during.upper.replace(minute=51), tick=False):
        yield read(counsellor)


def at(session, end: str = "") -> str:
    return f"/sessions/{session.pk}/note/{end}"


def kept() -> dict[str, str]:
    return content(Note.objects.get())


def test_words_of_the_older_window_stand_below_those_of_the_newer(ended, writer):
    draft = partial(writer.post, at(ended, "draft/"))
    draft(WORDS | {"course": NEWER, "revision": 0})
    typed = {"course": OLDER, "plan": "下週同一時間", "revision": 0}
    answer, both = draft(typed), f"{NEWER}\n\n{LINE}\n{OLDER}"
    note = {"course": both, "client": WORDS["client"], "medium": "", "plan": "下週同一時間"}
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "revision": 2,
            "saved": "Another window wrote in this note too. Both texts are kept; please read them.",
            "note": note,
        },
    )
    assert kept() == {part: text for part, text in note.items() if text}


def test_both_lie_encrypted_and_the_history_quotes_neither(ended, writer):
    for text in (NEWER, OLDER):
        writer.post(at(ended, "draft/"), {"course": text, "revision": 0})
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM telesessions_note")
        (stored,) = cursor.fetchone()
    history = words(writer.get(f"/sessions/{ended.pk}/history/"))
    assert [text in stored for text in (NEWER, OLDER, "another window")] == [False] * 3
    assert [text in history for text in (NEWER, OLDER)] == [False] * 2
    assert history.count("kept the draft of the note") == 2


def test_the_button_keeps_both_as_well(ended, writer):
    for text in (NEWER, OLDER):
        answer = writer.post(at(ended), {"course": text, "revision": 0, "keep": "1"})
        assert answer.url == at(ended)
    assert kept() == {"course": f"{NEWER}\n\n{LINE}\n{OLDER}"}


def test_what_arrives_after_its_own_continuation_adds_nothing(ended, writer):
    """A closed tab sends its last words beside a draft that is still on its way."""
    for text in (NEWER + OLDER, NEWER, NEWER + OLDER):
        answer = writer.post(at(ended, "draft/"), {"course": text, "revision": 0})
    assert (answer.json()["revision"], kept()) == (1, {"course": NEWER + OLDER})


def test_two_windows_together_do_not_exceed_a_note_unsaid(ended, writer):
    writer.post(at(ended, "draft/"), {"course": "字" * 150_000, "revision": 0})
    answer = writer.post(at(ended, "draft/"), {"course": "句" * 50_000, "revision": 0})
    said = "The note has 200,033 characters; it can hold 200,000. Please shorten it."
    assert (answer.status_code, answer.json()) == (400, {"problem": said})
    assert kept() == {"course": "字" * 150_000}


def test_a_signature_of_the_older_window_waits_until_both_were_read(ended, writer, counsellor, now):
    save_draft(session=ended, values=WORDS, revision=0, by=counsellor, now=now)
    typed = {"course": OLDER, "client": "好", "revision": 0}
    refused = writer.post(at(ended), typed)
    assert (
        "This note was saved elsewhere in the meantime, perhaps in another tab. "
        "Press “Keep the draft”: then both texts stand in it. Read it and sign." in words(refused)
    )
    page = refused.content.decode()
    assert (OLDER in page, "data-unkept" in page, kept()) == (True, True, WORDS)
    writer.post(at(ended), typed | {"keep": "1"})
    shown = writer.get(at(ended))
    assert "data-unkept" not in shown.content.decode()
    read = {name: shown.context["form"][name].value() or "" for name in (*PARTS, "revision")}
    assert (OLDER in read["course"], WORDS["course"] in read["course"]) == (True, True)
    writer.post(at(ended), read)
    assert Note.objects.get().is_signed is True


@pytest.mark.parametrize(
    ("newer", "older", "both"),
    [
        ("", "乙", "乙"),
        ("甲", "", "甲"),
        ("甲\r\n乙", "甲\n乙", "甲\n乙"),
        ("甲乙", "甲", "甲乙"),
        ("甲", "甲乙", "甲乙"),
        ("甲", "乙", f"甲\n\n{LINE}\n乙"),
        ("甲\n乙", "甲\n丙\n丁", f"甲\n乙\n\n{LINE}\n丙\n丁"),
        (f"甲\n\n{LINE}\n乙", "乙丙", f"甲\n\n{LINE}\n乙丙"),
        (f"甲\n\n{LINE}\n乙", f"甲\n\n{LINE}\n丙", f"甲\n\n{LINE}\n乙\n\n{LINE}\n丙"),
        (f"甲\n\n{LINE}\n乙", "甲丁", f"甲\n\n{LINE}\n乙\n\n{LINE}\n甲丁"),
    ],
)
def test_what_both_begin_with_stands_once_and_nothing_is_left_out(newer, older, both):
    assert together({"course": newer}, {"course": older}, LINE)["course"] == both


def test_windows_that_take_turns_on_the_first_line_add_each_block_once():
    """Each shows what was put together last, changes its first line, and sends."""
    kept, shown, block = "", ["", ""], "談工作交接的壓力。" * 8
    for turn in range(10):
        first, _break, rest = shown[turn % 2].partition("\n")
        typed = f"{turn}{first or block}\n{rest}"
        kept = shown[turn % 2] = together({"course": kept}, {"course": typed}, LINE)["course"]
    assert (kept.count(LINE), kept.count(block)) == (9, 10)


@pytest.mark.parametrize(
    ("older", "both"),
    [
        (f"丙\n\n{LINE}\n乙", f"甲\n\n{LINE}\n乙\n\n{LINE}\n丙"),
        (f"丙\n\n{LINE}\n丁", f"甲\n\n{LINE}\n乙\n\n{LINE}\n丙\n\n{LINE}\n丁"),
        ("丙\n乙", f"甲\n\n{LINE}\n乙\n\n{LINE}\n丙\n乙"),
    ],
)
def test_only_a_whole_block_of_another_window_that_stands_there_is_left_out(older, both):
    kept = f"甲\n\n{LINE}\n乙"
    assert together({"course": kept}, {"course": older}, LINE)["course"] == both
