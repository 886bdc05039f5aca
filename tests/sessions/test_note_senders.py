"""A window's own next draft replaces its last one, also where it never heard what became of it."""

import re

import pytest

from sessions.models import Note
from sessions.notes.actions import content
from tests.sessions.conftest import WORDS
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
ONE, OTHER = "0123456789abcdef", "fedcba9876543210"
THIRD_PERSON = "談工作交接的壓力。提到王大明。"
WITHOUT = "談工作交接的壓力。"
CORRECTED = "談到工作交接的壓力。"


@pytest.fixture
def send(ended, counsellor, read):
    """Send the draft of one window; return what stands in the note then."""
    writer = read(counsellor)

    def sent(course: str, page: str, sequence: int, revision: int = 0, end: str = "draft/", **more):
        sender = {"page": page, "sequence": sequence, "revision": revision}
        sent.answer = writer.post(
            f"/sessions/{ended.pk}/note/{end}", {"course": course} | sender | more
        )
        return content(Note.objects.get()).get("course", "")

    return sent


@pytest.mark.parametrize("second", [WITHOUT, CORRECTED, ""])
def test_a_draft_whose_answer_was_lost_is_replaced_by_the_next(send, second):
    """A word in the middle, or the end: what she deleted does not come back."""
    assert [send(THIRD_PERSON, ONE, 1), send(second, ONE, 2)] == [THIRD_PERSON, second]
    assert (send.answer.json()["saved"].startswith("Kept at"), "note" in send.answer.json()) == (
        True,
        False,
    )


def test_one_that_arrives_after_a_later_one_changes_nothing(send):
    """A closed tab sends its last words beside a draft that is still on its way."""
    assert [send(WITHOUT, ONE, 2), send(THIRD_PERSON, ONE, 1)] == [WITHOUT, WITHOUT]
    assert (send.answer.status_code, send(THIRD_PERSON, ONE, 2)) == (200, WITHOUT)


def test_another_window_is_put_together_with_it_as_ever(send):
    both = [send(THIRD_PERSON, ONE, 1), send(CORRECTED, OTHER, 1)][-1]
    assert (both.startswith(THIRD_PERSON), both.endswith(CORRECTED)) == (True, True)


def test_a_window_replaces_nothing_of_another_that_it_has_not_shown(send):
    send(THIRD_PERSON, ONE, 1)
    send(CORRECTED, OTHER, 1)  # its answer, with both texts, is lost
    again = send(CORRECTED + "新", OTHER, 2)
    one = send(WITHOUT + "別的。", ONE, 2, 1)
    assert [again.startswith(THIRD_PERSON), again.count(CORRECTED)] == [True, 1]
    assert [one.startswith(THIRD_PERSON), CORRECTED + "新" in one, one.endswith("別的。")] == [
        True,
        True,
        True,
    ]


def test_once_it_has_shown_both_it_replaces_both(send):
    send(THIRD_PERSON, ONE, 1)
    send(CORRECTED, OTHER, 1)
    shown = send.answer.json()["revision"]
    assert [send(WITHOUT, OTHER, 2, shown), send(CORRECTED, OTHER, 3, shown)] == [
        WITHOUT,
        CORRECTED,
    ]


def test_without_a_script_the_revision_alone_decides(send):
    send(THIRD_PERSON, "", 0)
    both = send(CORRECTED, "", 0, end="", keep="1")
    assert (both.startswith(THIRD_PERSON), both.endswith(CORRECTED)) == (True, True)


def test_a_signature_replaces_her_own_lost_draft_but_no_other_windows(send):
    send(THIRD_PERSON, ONE, 1)
    send(WITHOUT, OTHER, 1, 0, "", client=WORDS["client"])
    assert "This note was saved elsewhere in the meantime" in words(send.answer)
    assert send(WITHOUT, ONE, 2, 0, "", client=WORDS["client"]) == WITHOUT
    assert (Note.objects.get().is_signed, Note.objects.get().senders) == (True, [])


def test_a_signature_that_lacks_something_goes_on_from_her_own_lost_draft(send):
    send(THIRD_PERSON, ONE, 1)
    refused = send(CORRECTED, ONE, 2, end="")
    page = send.answer.content.decode()
    shown = re.search(r'name="revision" value="(\d+)"', page)[1]
    again = send(CORRECTED, OTHER, 1, revision=int(shown))
    assert (refused, send.answer.status_code, again) == (THIRD_PERSON, 200, CORRECTED)


def test_one_over_another_windows_words_does_not(send):
    send(THIRD_PERSON, OTHER, 1)
    send(CORRECTED, ONE, 1, end="")
    shown = re.search(r'name="revision" value="(\d+)"', send.answer.content.decode())[1]
    assert shown == "0"
