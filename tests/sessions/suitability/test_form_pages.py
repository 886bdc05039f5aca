"""The form of an assessment: in full and short, what is kept after an error, from a session."""

import re
from datetime import timedelta

import pytest

from sessions.models import Suitability
from sessions.suitability.reading import read
from sessions.suitability.words import POINTS, QUESTIONS
from tests.conftest import sign_in
from tests.sessions.assessing import REASONS, TALK, assess, full_form, short_form


def text(response) -> str:
    return response.content.decode()


# --- the full form


def test_the_first_assessment_is_asked_in_full(browser, address):
    page = text(browser.get(f"{address}new/"))
    names = [f'name="{point.replace(".", "_")}_{part}"' for point in POINTS for part in PARTS]
    assert [name for name in names if name not in page] == []
    assert 'name="S1"' not in page


PARTS = ("rating", "note")


def test_saving_leads_to_the_assessment(browser, address, case):
    answer = browser.post(f"{address}new/", full_form())
    row = Suitability.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{address}{row.pk}/")
    assert (row.case, row.form, row.outcome) == (case, "full", "proceed")


def test_pressed_twice_it_is_kept_once(browser, address):
    first, second = (browser.post(f"{address}new/", full_form()) for _n in range(2))
    assert (first.url, Suitability.objects.count()) == (second.url, 1)


def test_an_empty_form_names_every_point_and_loses_nothing(browser, address):
    typed = {"kind": "full", "P1_note": "寫了一半的依據", "C2_2_rating": "2"}
    page = text(browser.post(f"{address}new/", typed))
    assert page.count("Please choose a level.") == 2 * (len(POINTS) - 1)  # at the top, at the field
    assert page.count("Please write down the reason.") == 2 * (len(POINTS) - 1)
    assert "寫了一半的依據" in page
    assert 'name="C2_2_rating" value="2"' in page.replace(' data-state="fix"', "")
    assert Suitability.objects.count() == 0


def led_to(page: str) -> tuple[list[str], set[str], set[str]]:
    """Return where the list of errors leads, what can be answered, what describes groups."""
    links = re.findall(r'<li><a href="#(\w+)"', page)
    fields = re.findall(r'<(?:input|textarea|select)\b[^>]* id="(\w+)"', page)
    groups = re.findall(r'<fieldset[^>]* aria-describedby="([^"]+)"', page)
    return links, set(fields), set(" ".join(groups).split())


def test_each_error_leads_to_the_first_answer_and_describes_its_group(browser, address):
    links, fields, described = led_to(text(browser.post(f"{address}new/", {"kind": "full"})))
    groups = [link.removesuffix("_0") for link in links if link.endswith("_0")]
    assert (len(groups), "id_outcome" in groups) == (len(POINTS) + 2, True)  # and what is compared
    assert [link for link in links if link not in fields] == []
    assert [group for group in groups if f"{group}_error" not in described] == []


def test_on_the_short_form_too_each_error_leads_to_an_answer(browser, address, full):
    page = text(browser.post(f"{address}new/", short_form(full, S2="", S4="")))
    links, fields, described = led_to(page)
    assert (links, {*links} <= fields) == (["id_S2_0", "id_S4_0"], True)
    assert {"id_S2_error", "id_S4_error"} <= described


def test_what_an_outcome_needs_is_asked_at_its_fields(browser, address):
    data = full_form(outcome="refer", refer_destination="示範醫院", refer_follow_up_date="soon")
    page = browser.post(f"{address}new/", data)
    assert sorted(page.context["form"].errors) == [
        "refer_consent_to_share",
        "refer_follow_up_date",
        "refer_reason",
        "refer_talk_with_client",
    ]
    assert "示範醫院" in text(page)


def test_too_long_a_reason_is_refused_and_kept(browser, address):
    page = browser.post(f"{address}new/", full_form(P1_note="長" * 2001))
    assert (list(page.context["form"].errors), "長" * 2001 in text(page)) == (["P1_note"], True)


def test_a_reason_that_no_document_can_print_is_refused(browser, address):
    page = browser.post(f"{address}new/", full_form(P1_note="\U0001f600"))
    assert list(page.context["form"].errors) == ["P1_note"]


def test_the_rules_are_said_beside_the_outcome(browser, address):
    page = browser.post(f"{address}new/", full_form(C2_2_rating="0"))
    assert list(page.context["form"].errors) == ["outcome"]


# --- the short form


def test_a_later_assessment_is_short(browser, address, full):
    page = browser.get(f"{address}new/")
    assert page.context["short"] is True
    assert [f'name="{q.id}"' in text(page) for q in QUESTIONS] == [True] * len(QUESTIONS)


def test_the_full_form_is_always_there(browser, address, full):
    page = browser.get(f"{address}new/?kind=full")
    assert (page.context["short"], REASONS["P1"] in text(page)) == (False, True)


def test_no_change_copies_levels_and_reasons(browser, address, full):
    browser.post(f"{address}new/", short_form(full, P1_rating="1", P1_note="沒有打開的"))
    row = Suitability.objects.newest_first().first()
    assert (row.form, read(row).ratings, read(row).notes, read(row).changed) == (
        "short",
        read(full).ratings,
        read(full).notes,
        frozenset(),
    )


def test_changed_opens_its_points_alone(browser, address, full):
    data = short_form(full, S3="changed", C2_2_rating="3", C2_2_note="睡得少", C3_1_rating="1")
    browser.post(f"{address}new/", data)
    row = Suitability.objects.newest_first().first()
    assert (read(row).ratings["C2.2"], read(row).ratings["C3.1"]) == (3, 4)
    assert read(row).changed == {"C2.2"}


def test_each_question_wants_an_answer(browser, address, full):
    page = browser.post(f"{address}new/", short_form(full, S2="", S4=""))
    assert list(page.context["form"].errors) == ["S2", "S4"]


def test_changed_without_a_change_is_asked_about(browser, address, full):
    lines = "第一行\r\n第二行"  # as a browser sends what it was given
    page = browser.post(f"{address}new/", short_form(full, S3="changed", C2_2_note=lines))
    assert list(page.context["form"].errors) == ["S3"]


def test_a_point_unknown_last_time_keeps_the_session_from_going_on(browser, address, case, now):
    needs = {"reason": "還沒試機", "new_time": "明天"}
    old = assess(
        case, now - timedelta(days=1), ratings={"C3.1": 0}, outcome="not_today", details=needs
    )
    page = browser.post(f"{address}new/", short_form(old))
    assert list(page.context["form"].errors) == ["outcome"]


def test_a_short_form_pressed_twice_is_kept_once(browser, address, full):
    data = short_form(full, S4="changed", C3_1_note="換了手機", C3_2_note="演練過了")
    first, second = (browser.post(f"{address}new/", data) for _n in range(2))
    assert (first.url, Suitability.objects.count()) == (second.url, 2)


def test_a_short_form_over_an_older_assessment_is_shown_again(browser, address, case, full, now):
    newer = assess(case, now - timedelta(hours=1), ratings={"C3.2": 3})
    typed = short_form(full, S4="changed", C3_1_note="換了手機", C3_2_note="演練過了")
    page = browser.post(f"{address}new/", typed)
    assert "This case has been assessed since you opened the page." in text(page)
    assert "換了手機" in text(page)
    again = browser.post(f"{address}new/", typed | {"seen": str(newer.pk)})
    assert again.status_code == 302


def test_a_level_that_changed_needs_a_reason_of_its_own(browser, address, case, full):
    typed = short_form(full, S3="changed", C2_1_rating="3")
    page = browser.post(f"{address}new/", typed)
    assert "The level has changed: please write why." in text(page)
    answer = browser.post(f"{address}new/", typed | {"C2_1_note": "這週肩頸疼痛"})
    assert answer.status_code == 302


def test_after_in_person_the_full_form_comes_back(browser, address, case, full, now):
    assess(case, now - timedelta(hours=1), outcome="face_to_face", details=TALK)
    assert browser.get(f"{address}new/").context["short"] is False


# --- from a session


def test_from_a_session_it_is_made_for_it_and_leads_back(browser, address, case, book):
    session = book(case)
    page = browser.get(f"{address}new/?session={session.pk}")
    hidden = f'<input type="hidden" name="session" value="{session.pk}"'
    assert hidden in text(page)
    data = full_form(session=str(session.pk))
    answer = browser.post(f"{address}new/?session={session.pk}", data)
    assert answer.url == f"/sessions/{session.pk}/"
    assert Suitability.objects.get().session == session


def test_when_telecounselling_stops_it_leads_to_what_it_means(browser, address, case, book):
    session = book(case)
    needs = {f"face_to_face_{key}": said for key, said in TALK.items()}
    data = full_form(session=str(session.pk), outcome="face_to_face", **needs)
    answer = browser.post(f"{address}new/?session={session.pk}", data)
    assert answer.url == f"{address}{Suitability.objects.get().pk}/"


@pytest.mark.parametrize("number", ["0", "x", "999999999999999999999", "9" * 5000])
def test_a_session_that_is_not_there_is_not_found(browser, address, number):
    assert browser.get(f"{address}new/?session={number}").status_code == 404


def test_a_session_of_another_case_is_not_found(browser, address, intern_case, book):
    other = book(intern_case)
    assert browser.get(f"{address}new/?session={other.pk}").status_code == 404
    answer = browser.post(f"{address}new/", full_form(session=str(other.pk)))
    assert (answer.status_code, Suitability.objects.count()) == (404, 0)


# --- a login that ended while it was filled in


def test_what_was_typed_before_a_time_out_is_there_again(browser, address, case, book, counsellor):
    session = book(case)
    page = browser.get(f"{address}new/?session={session.pk}")
    typed = full_form(session=str(session.pk), P1_note="寫了很久", _writer=page.context["writer"])
    browser.logout()
    browser.post(f"{address}new/?session={session.pk}", typed)
    again = text(sign_in(counsellor).get(f"{address}new/"))
    assert ("寫了很久" in again, f'name="session" value="{session.pk}"' in again) == (True, True)
