"""Session notes: kept as they are typed, signed once, amended beside, read by few."""

import re

import pytest
from django.db import DatabaseError, connection, connections, transaction

from clinic.errors import Refused
from clinic.kernel import rotation
from sessions.models import Note
from sessions.notes.actions import amend, save_draft, sign
from tests.kernel.chains import REAL
from tests.kernel.test_rotate_keys import NEW_KEY
from tests.sessions.conftest import WORDS
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
MOST = 200_000


@pytest.fixture
def writer(ended, counsellor, read):
    """The psychologist's browser after the session."""
    return read(counsellor)


def at(session, end: str = "") -> str:
    return f"/sessions/{session.pk}/note/{end}"


def stored(session) -> str:
    """The note as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM telesessions_note WHERE session_id = %s", [session.pk])
        return cursor.fetchone()[0]


def refused(function, **values) -> str:
    with pytest.raises(Refused) as caught:
        function(**values)
    return caught.value.code


# --- A draft -------------------------------------------------------------------------------------


def test_a_draft_is_kept_while_one_types(ended, writer):
    answer = writer.post(at(ended, "draft/"), WORDS | {"revision": 0})
    told = answer.json()
    assert (answer.status_code, told["revision"]) == (200, 1)
    assert re.fullmatch(r"Kept at \d\d:\d\d:\d\d", told["saved"])
    page = writer.get(at(ended)).content.decode()
    assert WORDS["course"] in page
    assert 'name="revision" value="1"' in page
    assert WORDS["course"] not in answer.content.decode()


def test_the_same_words_sent_again_are_no_new_revision(ended, writer):
    for _n in range(2):
        first = writer.post(at(ended, "draft/"), WORDS | {"revision": Note.objects.count()})
    assert first.json()["revision"] == Note.objects.get().revision == 1


def test_a_draft_lies_encrypted(ended, writer):
    writer.post(at(ended, "draft/"), WORDS | {"revision": 0})
    assert "壓力" in Note.objects.get().text
    assert "壓力" not in stored(ended)


def test_a_draft_may_be_unfinished_and_empty_again(ended, writer):
    writer.post(at(ended, "draft/"), {"plan": "下週同一時間", "revision": 0})
    answer = writer.post(at(ended, "draft/"), {"revision": 1})
    assert (answer.json()["revision"], Note.objects.get().text) == (2, "")


def test_without_the_script_a_button_keeps_the_draft(ended, writer):
    answer = writer.post(at(ended), {"course": "寫到一半", "revision": 0, "keep": "1"})
    assert answer.url == at(ended)
    assert "寫到一半" in writer.get(at(ended)).content.decode()


def test_a_session_that_has_not_begun_has_no_note(session, counsellor, read):
    writer = read(counsellor)
    answer = writer.post(at(session, "draft/"), WORDS | {"revision": 0})
    assert (answer.status_code, answer.json()["problem"]) == (
        409,
        "The session has not begun, so it has no note.",
    )
    assert Note.objects.count() == 0


@pytest.mark.parametrize("revision", ["", "x", "-1"])
def test_a_draft_without_a_revision_is_refused(ended, writer, revision):
    answer = writer.post(at(ended, "draft/"), WORDS | {"revision": revision})
    assert (answer.status_code, Note.objects.count()) == (400, 0)


# --- Length --------------------------------------------------------------------------------------


def test_two_hundred_thousand_characters_are_kept_and_signed(ended, writer):
    long = {"course": "字" * (MOST - 1), "client": "好"}
    assert writer.post(at(ended, "draft/"), long | {"revision": 0}).status_code == 200
    assert writer.post(at(ended), long | {"revision": 1}).url == f"/sessions/{ended.pk}/"
    note = Note.objects.get()
    assert (note.is_signed, note.text.count("字")) == (True, MOST - 1)
    assert "字" not in stored(ended)
    assert writer.get(at(ended)).content.decode().count("字") == MOST - 1


@pytest.mark.parametrize(
    ("long", "said"),
    [
        ({"course": "字" * (MOST + 1), "client": "好"}, "A note can hold 200,000 characters."),
        ({"course": "字" * MOST, "client": "好"}, "The note has 200,001 characters; it can hold"),
    ],
    ids=["one part", "together"],
)
def test_one_character_more_is_refused_and_stays_in_the_page(ended, writer, long, said):
    draft = writer.post(at(ended, "draft/"), long | {"revision": 0})
    assert draft.status_code in (400, 409)
    assert said in draft.json()["problem"]
    for sent in ({}, {"keep": "1"}):
        page = writer.post(at(ended), long | {"revision": 0} | sent).content.decode()
        assert said in page
        assert page.count("字") == len(long["course"])
    assert Note.objects.count() == 0


def test_the_browser_cuts_nothing_off_without_a_word(ended, writer):
    assert "maxlength" not in writer.get(at(ended)).content.decode().partition("<main")[2]


# --- Signing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["course", "client"])
def test_a_part_that_is_needed_must_not_be_empty(ended, writer, empty):
    page = writer.post(at(ended), WORDS | {empty: "  \n ", "revision": 0})
    assert "This part is needed before you sign." in words(page)
    kept = next(text for key, text in WORDS.items() if key != empty)
    assert kept in page.content.decode()
    assert Note.objects.filter(signed_at__isnull=False).count() == 0


def test_the_action_asks_for_those_parts_as_well(ended, counsellor, now):
    values = {"session": ended, "revision": 0, "by": counsellor, "now": now}
    assert refused(sign, values={"course": "只有這個"}, **values) == "notes.empty"
    assert Note.objects.count() == 0


def test_a_note_is_signed_after_the_end_only(running, counsellor, read):
    page = read(counsellor).post(at(running), WORDS | {"revision": 0})
    assert "The session has not ended yet. Please end it first." in words(page)
    assert WORDS["course"] in page.content.decode()


def test_a_signed_note_says_how_it_was_done_and_by_whom(signed, writer):
    page = words(writer.get(at(signed.session)))
    assert "Done by telecommunication" in page
    assert "Signed by guyu on" in page
    assert (signed.by_telecommunication, signed.signed_by.name) == (True, "guyu")
    assert "<textarea" not in writer.get(at(signed.session)).content.decode()


def test_a_signed_note_cannot_be_written_again(signed, counsellor, writer, now):
    session = signed.session
    values = {"session": session, "values": WORDS | {"plan": "新"}, "by": counsellor, "now": now}
    assert refused(save_draft, **values, revision=1) == "notes.signed"
    assert refused(sign, **values, revision=1) == "notes.signed"
    draft = writer.post(at(session, "draft/"), {"course": "改", "revision": 1})
    assert (draft.status_code, draft.json()["problem"]) == (
        409,
        "This note is signed and cannot be changed. Add an amendment instead.",
    )
    page = writer.post(at(session), WORDS | {"course": "改過", "revision": 1})
    assert "cannot be changed" in words(page)
    assert "改" not in Note.objects.get().text


@pytest.mark.parametrize(
    "statement", ["SET text = 'k1:x'", "SET signed_at = NULL, signed_by_id = NULL"]
)
def test_the_serving_role_cannot_change_a_signed_note(signed, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE telesessions_note {statement}")


def test_the_serving_role_cannot_delete_a_signed_note(signed):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM telesessions_note")


@REAL
def test_the_owner_cannot_change_a_signed_note_but_a_draft(ended, counsellor, now):
    by = {"by": counsellor, "now": now}
    save_draft(session=ended, values=WORDS, revision=0, **by)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE telesessions_note SET revision = 7")
        assert cursor.rowcount == 1
    sign(session=ended, values=WORDS, revision=7, **by)
    for statement in ("UPDATE telesessions_note SET revision = 8", "DELETE FROM telesessions_note"):
        with pytest.raises(DatabaseError), connections["owner"].cursor() as cursor:
            cursor.execute(statement)


@REAL
def test_a_new_key_takes_over_signed_notes_and_they_stay_locked(ended, counsellor, settings, now):
    note = sign(session=ended, values=WORDS, revision=0, by=counsellor, now=now)
    amend(note=note, text="補充：下次帶作業。", by=counsellor, now=now)
    settings.ENCRYPTION_KEYS = {"k2": NEW_KEY, **settings.ENCRYPTION_KEYS}
    done = {table.table: table for table in rotation.rotate()}
    for table in ("telesessions_note", "telesessions_amendment"):
        assert done[table] == rotation.Rotated(table, 1, 0)
    settings.ENCRYPTION_KEYS = {"k2": NEW_KEY}
    assert "壓力" in Note.objects.get().text
    assert Note.objects.get().amendments.get().text == "補充：下次帶作業。"
    with pytest.raises(DatabaseError), connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE telesessions_note SET revision = 9")


def test_what_documents_cannot_print_is_kept_but_not_signed(ended, writer):
    strange = WORDS | {"course": "他說 \U00013000"}  # a hieroglyph
    kept = writer.post(at(ended, "draft/"), strange | {"revision": 0})
    refused = writer.post(at(ended), strange | {"revision": 1})
    note = Note.objects.get()
    assert (kept.status_code, refused.status_code, note.is_signed) == (200, 200, False)
    assert ("\U00013000" in note.text, "course" in refused.context["form"].errors) == (True, True)
