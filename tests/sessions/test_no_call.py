"""What was agreed about calls: no page of the session asks for a call that a client said no to."""

import re
from datetime import timedelta

import pytest

from clinic.clients.actions import change_client
from sessions.course.actions import start
from sessions.door.actions import not_to_be_called
from sessions.models import CounsellingSession
from sessions.wording import disconnect_steps
from tests.sessions.gate_world import agree_on_a_code_word, through_the_door
from tests.staff.conftest import words

pytestmark = pytest.mark.usefixtures("english")
NUMBER = "0000-000-011"


@pytest.fixture
def pages(ready, counsellor, read):
    """``pages(plan)``: live page and crisis page of a session begun with this answer at the door."""

    def begun(plan: str) -> dict[str, object]:
        at = ready.during.lower
        through_the_door(ready, at - timedelta(minutes=3), disconnect_plan=plan)
        assert start(session=ready, by=counsellor, now=at).started
        browser = read(counsellor)
        return {end: browser.get(f"/sessions/{ready.pk}/{end}/") for end in ("live", "crisis")}

    return begun


def test_no_calls_today_agreed_at_the_door_holds_on_the_live_page(pages):
    page = pages("no_call")["live"]
    said, told = words(page), ("Agreed today: no calls.", f"call {NUMBER}", "Call 江小滿")
    assert [text in said for text in told] == [True, False, False]
    assert 'href="tel:' not in page.content.decode().partition("<main")[2].partition("</main>")[0]


def test_without_that_agreement_the_live_page_has_the_number(pages):
    said, told = words(pages("call")["live"]), ("Agreed today: no calls.", f"call {NUMBER}")
    assert [text in said for text in told] == [False, True]


@pytest.mark.parametrize("plan", ["no_call", "call"])
def test_the_crisis_page_says_it_wherever_it_names_her_number(plan, pages):
    said = words(pages(plan)["crisis"])
    agreed = re.findall(rf"{NUMBER} \(agreed: no calls today\)", said)
    assert ("Agreed at the opening check: no calls today." in said) is (plan == "no_call")
    assert (len(agreed) > 1) is (plan == "no_call")
    named = said.count(NUMBER) - 1  # once in the line that calls, under that sentence
    assert len(agreed) == (named if plan == "no_call" else 0)


@pytest.mark.parametrize(("safe", "ticked"), [("", True), ("phone", True), ("email", False)])
def test_a_call_is_ticked_beforehand_only_where_it_is_a_safe_way(
    safe, ticked, ready, counsellor, read, now
):
    (person,) = ready.people
    values = {"safe_channel": safe, "email": "chuwu@client.example"}
    change_client(person=person, values=values, by=counsellor, now=now)
    form = read(counsellor).get(f"/sessions/{ready.pk}/door/").context["form"]
    start_with = form[f"disconnect_plan_{person.pk}"].value()
    assert start_with == ("call" if ticked else "")


def test_the_live_page_says_which_way_is_safe(ready, counsellor, read, pages, now):
    (person,) = ready.people
    change_client(person=person, values={"safe_channel": "sms"}, by=counsellor, now=now)
    assert "Safe way: text message." in words(pages("call")["live"])


# --- The steps for a broken line are those agreed at this door -----------------------------------

DANGER = "Danger before the break: do not wait. Open the crisis page."
STOP = "Not reached for 15 minutes: stop here, and set a new time the same day."


def test_by_video_both_join_again_and_then_she_is_called(ready):
    assert disconnect_steps(ready) == [
        "Join the same call again; the client does too.",
        f"No line within 5 minutes: call {NUMBER}.",
        STOP,
        DANGER,
    ]


def test_by_telephone_there_is_nothing_to_join_and_the_psychologist_calls_again(ready):
    CounsellingSession.objects.filter(pk=ready.pk).update(channel="telephone", call_link="")
    by_telephone = CounsellingSession.objects.with_people().get(pk=ready.pk)
    again = f"Call {NUMBER} again within 5 minutes."
    assert disconnect_steps(by_telephone) == [again, STOP, DANGER]


def test_by_telephone_too_it_is_agreed_that_nobody_calls_again(ready, counsellor, read):
    agree_on_a_code_word(ready)
    CounsellingSession.objects.filter(pk=ready.pk).update(channel="telephone", call_link="")
    by_telephone = CounsellingSession.objects.with_people().get(pk=ready.pk)
    door = words(read(counsellor).get(f"/sessions/{ready.pk}/door/"))
    said = ("I do not call you again; I wait up to 15 minutes for your call.", "no second call")
    assert [text in door for text in said] == [True, True]
    early = ready.during.lower - timedelta(minutes=3)
    through_the_door(by_telephone, early, disconnect_plan="no_call", licence_shown="not_shown")
    assert not_to_be_called(by_telephone) == {ready.people[0].pk}
    assert disconnect_steps(by_telephone, call=False) == [
        "Do not call again. Wait for 15 minutes: the client may call.",
        "Agreed today: no calls. Send no mail and no message either.",
        "Not back after 15 minutes: stop here. The client contacts us when it is safe.",
        "Life in danger: emergency services are asked all the same. Open the crisis page.",
    ]


def test_who_is_not_to_be_called_today_is_not_written_to_for_a_new_time_either(pages):
    steps = pages("no_call")["live"].context["steps"]
    assert steps == [
        "Join the same call again and wait there for 15 minutes; the client does too.",
        "Agreed today: no calls. Send no mail and no message either.",
        "Not back after 15 minutes: stop here. The client contacts us when it is safe.",
        "Life in danger: emergency services are asked all the same. Open the crisis page.",
    ]


def test_the_door_has_the_words_to_agree_on_no_calls(ready, counsellor, read):
    said = words(read(counsellor).get(f"/sessions/{ready.pk}/door/"))
    assert "I wait there for up to 15 minutes. We do not call, mail or message you" in said
