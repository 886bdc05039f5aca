"""A request's life: by one table, each step an event, nothing signed before everything is there."""

import json
from datetime import timedelta

import pytest

from clinic.clients.actions import close_case
from clinic.errors import NotAllowed, Refused
from clinic.kernel.documents.models import Document
from clinic.kernel.links.models import Link
from clinic.kernel.outbox.models import Outbox
from consent.actions import (
    countersign,
    expire,
    record_explanation,
    reply,
    resend,
    revoke,
    send_request,
)
from consent.explained import explained_in, unexplained
from consent.models import MOVES, Request, RequestEvent, Signature, State, Validity
from consent.moves import what_lacks
from consent.reminders import BY, mail_again, remind
from consent.signing import answer, check_understanding, decline, sign
from consent.wording import digest
from tests.consent.conftest import DEVICE, agree_to_all, explain, understand


def state(request):
    request.refresh_from_db()
    return request.state


def test_sending_mails_one_request(request_sent):
    assert state(request_sent) == "sent"
    assert [(row.kind, row.recipient) for row in Outbox.objects.about(request_sent.occasion)] == [
        ("consent_request", request_sent.signer.actor_label)
    ]


def test_a_second_live_request_is_refused(request_sent, case, counsellor, now):
    with pytest.raises(Refused) as refused:
        send_request(case=case, by=counsellor, now=now)
    assert refused.value.code == "consent.live"


def test_a_stranger_cannot_send_for_a_case(case, forms, stranger, now):
    with pytest.raises(NotAllowed):
        send_request(case=case, by=stranger, now=now)


def test_nothing_is_sent_from_a_closed_case(request_sent, case, counsellor, now):
    close_case(case=case, reason="轉介後結案", by=counsellor, now=now)
    case.refresh_from_db()
    request_sent.refresh_from_db()
    tries = (
        lambda: send_request(case=case, by=counsellor, now=now),
        lambda: resend(request=request_sent, by=counsellor, now=now),
    )
    for attempt in tries:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "consent.case_closed"


def test_a_client_without_mail_is_refused_with_another_way(case, forms, counsellor, now):
    person = case.people[0]
    person.email = ""
    person.save(update_fields=["email"])
    case.refresh_from_db()
    with pytest.raises(Refused) as refused:
        send_request(case=case, by=counsellor, now=now)
    assert refused.value.code == "consent.no_mail"


def test_each_thing_that_lacks_is_named_until_nothing_does(opened, client_person, counsellor, now):
    assert what_lacks(opened) == {"answers", "understanding", "explanation"}
    agree_to_all(opened, client_person, now)
    assert (state(opened), what_lacks(opened)) == ("answering", {"understanding", "explanation"})
    understand(opened, client_person, now)
    assert (state(opened), what_lacks(opened)) == ("awaiting_explanation", {"explanation"})
    explain(opened, counsellor, now)
    assert (state(opened), what_lacks(opened)) == ("ready_to_sign", set())


def test_the_explanation_may_come_first(request_sent, client_person, counsellor, opened, now):
    explain(opened, counsellor, now)
    agree_to_all(opened, client_person, now)
    understand(opened, client_person, now)
    assert state(opened) == "ready_to_sign"


def test_an_explanation_of_some_items_leaves_the_others(opened, counsellor, now):
    """Gone through item by item (G4.2): in one talk or in two."""
    (first, *rest), by = unexplained(opened), {"by": counsellor, "now": now}
    seen = []
    for items in ([first], rest):
        record_explanation(request=opened, at=now, channel="video", items=items, **by)
        told = ("explanation" in what_lacks(opened), [*explained_in([opened.case_id])])
        seen.append((unexplained(opened), *told))
    whose = (opened.case_id, opened.signer_id)
    assert (first, len(rest), seen) == ("A1", 10, [(rest, True, []), ([], False, [whose])])


def test_a_talk_that_is_sent_twice_stands_once(opened, counsellor, now):
    explain(opened, counsellor, now)
    with pytest.raises(Refused) as refused:
        explain(opened, counsellor, now)
    told = (refused.value.code, opened.explanations.count())
    assert told == ("consent.explained_twice", 1)


def test_a_further_talk_does_not_mail_again_that_it_is_ready(ready, counsellor, days, now):
    explain(ready, counsellor, now + days(1))
    mails = Outbox.objects.filter(kind="ready_to_sign", occasion=ready.occasion)
    assert (ready.explanations.count(), mails.count()) == (2, 1)


def test_when_everything_is_there_a_mail_says_so(ready):
    assert Outbox.objects.filter(kind="ready_to_sign", occasion=ready.occasion).count() == 1


def test_a_question_holds_the_signature_until_the_signer_agrees(
    ready, client_person, counsellor, now
):
    item = ready.asked_items()[7]
    answer(request=ready, item=item, choice="ask", text="斷線怎麼辦？", by=client_person, now=now)
    assert what_lacks(ready) == {"answers", "questions"}
    question = ready.questions.get()
    reply(question=question, text="我會打電話給您。", by=counsellor, now=now)
    assert what_lacks(ready) == {"answers", "questions"}
    answer(request=ready, item=item, choice="agree", by=client_person, now=now)
    assert (state(ready), what_lacks(ready)) == ("ready_to_sign", set())


def test_a_reply_stands_under_the_words_it_was_written_for_and_once(
    ready, client_person, counsellor, now
):
    item = ready.asked_items()[7]
    asking = {"request": ready, "item": item, "choice": "ask", "by": client_person, "now": now}
    answer(**asking, text="可以隨時停止嗎？")
    seen = ready.questions.get()
    answer(**asking, text="會告訴我先生嗎？")

    def refused(question) -> str:
        with pytest.raises(Refused) as caught:
            reply(question=question, text="可以。", by=counsellor, now=now)
        return caught.value.code

    newer = ready.questions.get(closed_at=None)
    assert (refused(seen), newer.text) == ("consent.question_closed", "會告訴我先生嗎？")
    reply(question=newer, text="不會。", by=counsellor, now=now)
    assert refused(newer) == "consent.replied"
    told = [(q.text, q.reply) for q in ready.questions.order_by("id")]
    assert told == [("可以隨時停止嗎？", ""), ("會告訴我先生嗎？", "不會。")]


def test_a_disagreement_takes_the_readiness_back(ready, client_person, now):
    item = ready.asked_items()[8]
    answer(request=ready, item=item, choice="disagree", by=client_person, now=now)
    assert state(ready) == "answering"


def test_a_wrong_check_is_kept_and_may_be_tried_again(opened, client_person, now):
    asked = opened.version.content["understanding"]["questions"][0]
    wrong = next(o["key"] for o in asked["options"] if o["key"] != asked["right"])
    for choice in (wrong, asked["right"]):
        check_understanding(
            request=opened, question=asked["id"], choice=choice, by=client_person, now=now
        )
    assert list(opened.understandings.order_by("id").values_list("right", flat=True)) == [
        False,
        True,
    ]


def test_signing_before_everything_is_there_is_refused(opened, client_person, now):
    with pytest.raises(Refused) as refused:
        sign(
            request=opened,
            method="typed",
            name="江小滿",
            strokes="",
            device=DEVICE,
            by=client_person,
            now=now,
        )
    assert refused.value.code == "consent.lacks"
    assert Signature.objects.count() == 0


def test_signing_keeps_evidence_whose_hash_is_its_own(signed):
    assert signed.sha256 == digest(json.loads(signed.evidence))
    assert state(signed.request) == "signed"


def test_signing_twice_is_one_signature(signed, client_person, now):
    again = sign(
        request=signed.request,
        method="typed",
        name="江小滿",
        strokes="",
        device=DEVICE,
        by=client_person,
        now=now,
    )
    assert (again, Signature.objects.count()) == (signed, 1)


def test_somebody_else_cannot_sign(ready, counsellor, now):
    other = ready.signer
    other.pk = None
    with pytest.raises(NotAllowed):
        sign(
            request=ready,
            method="typed",
            name="x",
            strokes="",
            device=DEVICE,
            by=other,
            now=now,
        )


def test_the_countersignature_begins_validity_and_asks_for_the_document(signed, counsellor, now):
    countersign(request=signed.request, by=counsellor, now=now)
    assert state(signed.request) == "countersigned"
    assert [(v.in_force.lower, v.in_force.upper, v.ended_by) for v in Validity.objects.all()] == [
        (now, None, "")
    ]
    assert [(d.kind, d.subject_id) for d in Document.objects.all()] == [
        ("consent.individual", signed.pk)
    ]


def test_the_countersignature_speaks_the_language_of_its_document(signed, counsellor, now):
    Request.objects.update(language="en")
    row = countersign(request=signed.request, by=counsellor, now=now)
    assert row.statement.startswith("I have personally explained this form to the client")


def test_a_countersignature_before_the_signature_is_refused(ready, counsellor, now):
    with pytest.raises(Refused) as refused:
        countersign(request=ready, by=counsellor, now=now)
    assert refused.value.code == "consent.move"


def test_a_revoked_request_takes_no_answer(opened, client_person, counsellor, now):
    revoke(request=opened, by=counsellor, now=now)
    with pytest.raises(Refused) as refused:
        agree_to_all(opened, client_person, now)
    assert refused.value.code == "consent.ended"


def test_a_decline_ends_the_request_with_its_reason(opened, client_person, now):
    decline(request=opened, reason="想先面對面談", by=client_person, now=now)
    opened.refresh_from_db()
    assert (opened.state, opened.ended_reason) == ("declined", "想先面對面談")


def test_what_is_revoked_while_the_beat_reads_gets_neither_mail_nor_link(
    request_sent, counsellor, now, days
):
    revoke(request=Request.objects.get(), by=counsellor, now=now)
    with pytest.raises(Refused):
        mail_again(request=request_sent, kind="consent_reminder_day2", by=BY, now=now + days(2))
    link = Link.objects.get(subject=request_sent.occasion)
    rows = Outbox.objects.filter(kind="consent_reminder_day2")
    assert (link.state(now + days(2)), rows.count()) == ("revoked", 0)


def test_an_overdue_request_expires_and_a_new_link_wakes_it(request_sent, counsellor, now):
    late = now + timedelta(days=8)
    expire(request=request_sent, by=BY, now=late)
    assert state(request_sent) == "expired"
    resend(request=request_sent, new_link=True, by=counsellor, now=late)
    assert state(request_sent) == "sent"


@pytest.mark.parametrize("day", [2, 4])
def test_a_reminder_is_written_once_in_any_number_of_beats(request_sent, now, day):
    for minutes in (1, 2, 3):
        remind(now + timedelta(days=day, minutes=minutes))
    kind = f"consent_reminder_day{day}"
    assert Outbox.objects.filter(kind=kind).count() == 1


def test_events_are_chained(ready):
    events = list(RequestEvent.objects.filter(request=ready))
    assert [e.previous_hash for e in events[1:]] == [e.hash for e in events[:-1]]
    assert [e.number for e in events] == list(range(1, len(events) + 1))


def test_the_table_of_moves_names_every_state():
    assert set(MOVES) == set(State.values)
