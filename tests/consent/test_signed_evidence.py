"""What the evidence of a signature holds: everything she saw and did, for who has nothing else."""

import hashlib
import json

import pytest

from consent.actions import countersign
from consent.check_questions import check_questions
from consent.documents import build
from consent.models import Request, Signature
from consent.moves import lock
from consent.paper.actions import change_to_paper
from consent.signed_evidence import evidence_of, keep_signature
from consent.signing import check_understanding, choose_language, open_request, sign
from consent.wording import canonical
from tests.consent.conftest import DEVICE, complete
from tests.consent.on_paper import asked_on_paper, returned


def kept() -> dict:
    return json.loads(Signature.objects.get().evidence)


def signed_by(request, person, now) -> dict:
    """Sign by typing; return the evidence."""
    sign(
        request=request,
        method="typed",
        name=person.name,
        strokes="",
        device=DEVICE,
        by=person,
        now=now,
    )
    return kept()


def broken(evidence: dict) -> list[int]:
    """Return the numbers of the events whose hash is another, with nothing but the evidence."""
    found, previous = [], "0" * 64
    for event in evidence["events"]:
        content = [event[name] for name in ("number", "what", "actor", "at", "details")]
        text = json.dumps(
            [*content, previous], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        if hashlib.sha256(text.encode()).hexdigest() != event["hash"]:
            found.append(event["number"])
        previous = event["hash"]
    return found


def test_the_chain_of_events_is_recomputed_from_the_evidence_alone(signed):
    evidence = json.loads(signed.evidence)
    events = evidence["events"]
    assert (broken(evidence), [event["number"] for event in events]) == (
        [],
        list(range(1, len(events) + 1)),
    )
    assert [e["previous_hash"] for e in events] == ["0" * 64, *[e["hash"] for e in events[:-1]]]


def test_a_detail_that_was_changed_is_found(signed):
    evidence = json.loads(signed.evidence)
    answered = next(event for event in evidence["events"] if event["what"] == "answered")
    answered["details"]["choice"] = "disagree"
    assert broken(evidence) == [answered["number"]]


def test_the_chain_of_a_paper_form_is_recomputed_too(ready, counsellor, now):
    change_to_paper(request=ready, by=counsellor, now=now)
    returned(Request.objects.get(), now)
    assert (kept()["events"][-1]["details"], broken(kept())) == (
        {"came": "posted", "disagreed": []},
        [],
    )


def test_the_check_questions_stand_in_it_as_she_saw_them_with_each_answer(
    opened, client_person, counsellor, now
):
    wrong = {"question": "Q-emergency", "choice": "a"}
    check_understanding(request=opened, **wrong, by=client_person, now=now)
    request = complete(opened, client_person, counsellor, now)
    shown = {asked.id: asked for asked in check_questions(request, "zh")}
    evidence = signed_by(request, client_person, now)["understanding"]
    assert evidence["intro"] == request.version.content["understanding"]["intro_zh"]
    for question in evidence["questions"]:
        asked = shown.pop(question["id"])
        options = [(option["key"], option["text"]) for option in question["options"]]
        answers = [(row["choice"], row["feedback"]) for row in question["answers"]]
        tried = [("a", False), ("b", True)] if asked.id == "Q-emergency" else [("a", True)]
        assert (question["text"], options) == (asked.text, list(asked.options))
        assert answers == [(choice, asked.feedback[right]) for choice, right in tried]
    assert shown == {}


@pytest.mark.parametrize(
    ("agreed", "signs", "ticked"),
    [
        ("zh-hant", "en", "我同意用電子方式閱讀和簽署"),
        ("en", "zh-hant", "I agree to read and sign electronically"),
    ],
)
def test_the_words_of_electronic_signing_stand_in_it_in_the_language_in_which_she_agreed(
    request_sent, client_person, counsellor, now, agreed, signs, ticked
):
    by = {"by": client_person, "now": now}
    choose_language(request=request_sent, language=agreed, **by)
    open_request(request=Request.objects.get(), electronic=True, **by)
    choose_language(request=Request.objects.get(), language=signs, **by)
    request = complete(Request.objects.get(), client_person, counsellor, now)
    evidence = signed_by(request, client_person, now)
    language = "en" if agreed == "en" else "zh"
    assert evidence["electronic_form"] == {
        "language": language,
        "text": request.version.content["electronic_form"][language],
        "ticked": ticked,
    }
    assert (evidence["schema"], evidence["language"] == language) == (2, False)


def test_who_never_agreed_to_electronic_signing_has_no_words_of_it(case, forms, now):
    returned(asked_on_paper(case, now), now)
    assert kept()["electronic_form"] is None


def test_what_was_kept_in_the_earlier_shape_is_attached_as_it_was(
    ready, client_person, counsellor, now
):
    given = {"method": "typed", "name": "江小滿", "strokes": [], "at": now.isoformat()}
    evidence = evidence_of(ready, given | {"rung": "link_dob"}, DEVICE) | {"schema": 1}
    for name in ("understanding", "electronic_form", "event_hash"):
        del evidence[name]
    evidence["events"] = [
        {name: event[name] for name in ("number", "what", "actor", "at", "hash")}
        for event in evidence["events"]
    ]
    row = keep_signature(lock(ready), evidence, client_person, now)
    countersign(request=row.request, by=counsellor, now=now)
    (attached,) = build(row.pk, 1, now).attachments
    assert attached.content == canonical(evidence).encode()
    assert hashlib.sha256(attached.content).hexdigest() == row.sha256
