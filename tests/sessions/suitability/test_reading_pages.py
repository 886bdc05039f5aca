"""Reading assessments: what stops, what changed, who may, with constant queries."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.kernel.audit.models import AuditEntry
from sessions.models import Suitability
from tests.sessions.assessing import NOT_TODAY, TALK, assess, full_form

SCRIPT = "<script>alert('x')</script>"


def text(response) -> str:
    return response.content.decode()


# --- reading


def test_what_stops_is_said_with_the_sessions_that_stop(browser, address, case, book, now):
    tele = [book(case, days=1), book(case, days=8, channel="telephone")]
    others = [book(case, days=3, channel="in_person"), book(case, days=-3)]
    row = assess(case, now, outcome="face_to_face", details=TALK)
    page = browser.get(f"{address}{row.pk}/")
    assert page.context["stopped"] == tele
    assert all(f"/sessions/{other.pk}/" not in text(page) for other in others)
    assert "Telecounselling has stopped" in text(page)
    assert "Telecounselling has stopped" in text(browser.get(f"/cases/{case.pk}/"))


def test_assessed_anew_nothing_stops_any_more(browser, address, case, book, now):
    book(case)
    row = assess(case, now - timedelta(days=1), outcome="face_to_face", details=TALK)
    assess(case, now)
    assert "Telecounselling has stopped" not in text(browser.get(f"{address}{row.pk}/"))


def test_not_today_takes_no_stop_back(browser, address, case, book, now):
    tele = [book(case)]
    row = assess(case, now - timedelta(days=1), outcome="face_to_face", details=TALK)
    assess(case, now, outcome="not_today", details=NOT_TODAY)
    assert browser.get(f"{address}{row.pk}/").context["stopped"] == tele
    assert "Telecounselling has stopped" in text(browser.get(f"/cases/{case.pk}/"))


def test_changes_against_last_time_are_marked(browser, address, case, full, now):
    row = assess(case, now, ratings={"C2.2": 3}, notes={"C2.2": "睡得少"})
    page = text(browser.get(f"{address}{row.pk}/"))
    assert (page.count("point-changed"), "Last time: Suits" in page) == (1, True)


def test_html_is_shown_as_text(browser, address, case, now):
    details = {"talk_with_client": SCRIPT, "new_arrangement": SCRIPT}
    row = assess(case, now, outcome="face_to_face", details=details, notes={"P1": SCRIPT})
    pages = [text(browser.get(path)) for path in (f"{address}{row.pk}/", f"{address}new/")]
    assert [SCRIPT in page for page in pages] == [False, False]
    assert ["&lt;script&gt;" in page for page in pages] == [True, True]


def test_reading_is_noted(browser, address, case, now):
    row = assess(case, now)
    before = AuditEntry.objects.about(case).count()
    browser.get(f"{address}{row.pk}/")
    browser.get(address)
    assert AuditEntry.objects.about(case).count() == before + 2


# --- who


def test_for_others_the_pages_are_not_there(stranger, admin, browse, address, case, now):
    row = assess(case, now, notes={"P1": "很機密的依據"})
    for user in (stranger, admin):
        pages = [browse(user).get(f"{address}{rest}") for rest in ("", "new/", f"{row.pk}/")]
        assert [page.status_code for page in pages] == [404, 404, 404]
        assert [page for page in pages if "很機密的依據" in text(page)] == []
        posted = browse(user).post(f"{address}new/", full_form(outcome="not_today"))
        assert posted.status_code == 404


def test_an_assessment_of_another_case_is_not_found(browser, address, intern_case, now):
    row = assess(intern_case, now)
    assert browser.get(f"{address}{row.pk}/").status_code == 404


def test_the_supervisor_confirms_the_interns_assessment(
    intern_case, intern, supervisor, browse, now
):
    row = assess(intern_case, now)
    address = f"/cases/{intern_case.pk}/suitability/{row.pk}/"
    todo = text(browse(supervisor).get("/"))
    offered = [f"{address}confirm/" in text(browse(u).get(address)) for u in (intern, supervisor)]
    tried = browse(intern).post(f"{address}confirm/", follow=True)
    done = browse(supervisor).post(f"{address}confirm/", follow=True)
    assert (address in todo, offered) == (True, [False, True])
    assert "Only a psychologist who supervises" in text(tried)
    assert f"confirmed by {supervisor.name}" in text(done)


# --- constant queries


def queries(browser, address: str) -> int:
    browser.get(address)  # what is cached for good is not counted
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def copies(row: Suitability, number: int, now) -> None:
    Suitability.objects.bulk_create(
        Suitability(
            case=row.case,
            form="full",
            outcome="not_today",
            by=row.by,
            at=now - timedelta(days=900, hours=n),
        )
        for n in range(number)
    )


def test_the_list_and_the_case_ask_as_much_for_five_hundred_as_for_ten(
    browser, address, case, full, now
):
    copies(full, 9, now)
    paths = [address, f"/cases/{case.pk}/", f"{address}{full.pk}/", f"{address}new/"]
    ten = [queries(browser, path) for path in paths]
    copies(full, 490, now - timedelta(days=2000))
    assert ([queries(browser, path) for path in paths], Suitability.objects.count()) == (ten, 500)
