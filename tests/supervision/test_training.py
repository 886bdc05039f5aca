"""The training log: who enters what, what is refused, what the sums say."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.models import AuditEntry
from supervision.actions import add_training, restore_training, withdraw_training
from supervision.models import TrainingEntry
from supervision.totals import Points, points_in, totals_of
from tests.at_once import twice_at_one_moment
from tests.kernel.test_files import PDF

TODAY = date(2026, 11, 21)


def values(**changes) -> dict:
    return {
        "category": "telecounselling",
        "title": "通訊諮商的知能與限制",
        "organiser": "示範學會（虛構）",
        "day": TODAY,
        "hours": Decimal(6),
        "points": Decimal("7.2"),
    } | changes


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("c.pdf", PDF)


@pytest.fixture
def enter(counsellor, now):
    def enter(by=counsellor, **changes):
        return add_training(
            practitioner=counsellor.practitioner,
            values=values(day=now.date() - timedelta(days=3), **changes),
            by=by,
            now=now,
        )

    return enter


def test_she_enters_her_own_and_an_administrator_everybodys(
    enter, counsellor, admin, stranger, supervisor
):
    entries = [enter(), enter(by=admin, title="危機處理")]
    assert [entry.entered_by for entry in entries] == [counsellor, admin]
    for other in (stranger, supervisor):
        with pytest.raises(NotAllowed):
            enter(by=other)
    assert TrainingEntry.objects.count() == 2


def test_a_training_to_come_is_refused(counsellor, now, clinic):
    with pytest.raises(Refused) as refused:
        add_training(
            practitioner=counsellor.practitioner,
            values=values(day=now.date() + timedelta(days=2)),
            by=counsellor,
            now=now,
        )
    assert (refused.value.code, refused.value.field) == ("training.future", "day")


def test_a_form_sent_twice_enters_one_training(counsellor, browse, clinic):
    browser, address = browse(counsellor), f"/staff/{counsellor.pk}/training/new/"
    sent = {**values(), "day": "2026-01-05"}
    pages = [browser.post(address, sent | more) for more in ({}, {}, {"proof": proof()})]
    assert [page.status_code for page in pages] == [302, 200, 200]
    assert [[*page.context["form"].errors] for page in pages[1:]] == [["title"], ["title"]]
    assert TrainingEntry.objects.count() == 1


def test_another_of_the_day_is_entered(enter):
    enter()
    for other in ({"hours": 3}, {"lecturer": "何寒露"}, {"title": "危機處理"}):
        enter(**other)
    assert TrainingEntry.objects.count() == 4


def test_what_was_entered_anew_is_not_put_back_beside_it(enter, counsellor, now):
    old = withdraw_training(entry=enter(), by=counsellor, now=now)
    new = enter()
    with pytest.raises(Refused) as refused:
        restore_training(entry=old, by=counsellor, now=now)
    assert (refused.value.code, [*TrainingEntry.objects.on_file()]) == ("training.known", [new])


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_sent_twice_at_one_moment_it_counts_once(enter):
    came = twice_at_one_moment(enter)
    assert (came, TrainingEntry.objects.count()) == (["added", "training.known"], 1)


def test_taking_off_and_putting_back_stand_in_the_history(enter, counsellor, stranger, now):
    entry = enter()
    with pytest.raises(NotAllowed):
        withdraw_training(entry=entry, by=stranger, now=now)
    withdraw_training(entry=entry, by=counsellor, now=now)
    assert list(TrainingEntry.objects.on_file()) == []
    restore_training(entry=entry, by=counsellor, now=now)
    assert list(TrainingEntry.objects.on_file()) == [entry]
    verbs = [e.verb for e in AuditEntry.objects.about(counsellor).order_by("id")]
    assert verbs == ["training.add", "training.withdraw", "training.restore"]


def test_the_page_takes_a_training_with_its_proof_and_hands_it_out(
    counsellor, browse, clinic, settings
):
    browser, address = browse(counsellor), f"/staff/{counsellor.pk}/training/"
    sent = {**values(), "day": "2026-01-05", "proof": proof()}
    assert browser.post(f"{address}new/", sent).status_code == 302
    entry = TrainingEntry.objects.get()
    got = browser.get(f"{address}{entry.pk}/proof/")
    assert (got.content, got.headers["Content-Type"]) == (PDF, "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert "通訊諮商的知能與限制" in browser.get(address).content.decode()
    (settings.MEDIA_ROOT / entry.proof.blob).unlink()
    assert browser.get(f"{address}{entry.pk}/proof/").status_code == 503


def test_a_full_disk_is_said_beside_what_was_typed(counsellor, browse, clinic, full_disk):
    sent = {**values(), "day": "2026-01-05", "proof": proof()}
    page = browse(counsellor).post(f"/staff/{counsellor.pk}/training/new/", sent)
    form = page.context["form"]
    said = "檔案無法存入：儲存空間已滿。行政人員會在「今天」看到這件事，請稍後再上傳一次。"
    assert (page.status_code, form.non_field_errors()) == (200, [said])
    assert form["title"].value() == "通訊諮商的知能與限制"
    assert TrainingEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("today", "first"),
    [
        ("2026-03-31", "2020-03-31"),
        ("2026-11-29", "2020-11-29"),
        ("2026-03-01", "2020-03-01"),
        ("2024-02-29", "2018-02-28"),
        ("2028-02-29", "2022-02-28"),
    ],
)
def test_six_years_are_six_years_on_the_last_days_of_a_month(
    counsellor, admin, now, clinic, today, first
):
    begins = date.fromisoformat(first)
    for day, points in ((begins - timedelta(days=1), 1), (begins, 2)):
        add_training(
            practitioner=counsellor.practitioner,
            values=values(day=day, points=Decimal(points)),
            by=counsellor,
            now=now,
        )
    totals = totals_of(counsellor, date.fromisoformat(today))
    assert totals.six_years.counted == 2


def test_undo_is_offered_and_puts_it_back(enter, counsellor, browse, clinic):
    entry, browser = enter(), browse(counsellor)
    address = f"/staff/{counsellor.pk}/training/{entry.pk}"
    after = browser.post(f"{address}/withdraw/", follow=True)
    assert f'action="{address}/restore/"' in after.content.decode()
    browser.post(f"{address}/restore/")
    assert list(TrainingEntry.objects.on_file()) == [entry]


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": "0", "points": "0"},
        {"hours": "-1"},
        {"hours": "1000"},
        {"points": "abc"},
        {"day": "2999-01-01"},
        {"day": "2026-02-30"},
        {"day": "26-01-05"},
        {"category": "singing"},
        {"category": ""},
        {"title": ""},
        {"title": "x" * 201},
        {"title": "line\nbreak"},
        {"proof": SimpleUploadedFile("c.pdf", b"<script>")},
    ],
)
def test_what_makes_no_sense_is_said_and_what_was_typed_stays(wrong, counsellor, browse, clinic):
    sent = values() | {"lecturer": "何寒露老師"} | wrong
    page = browse(counsellor).post(f"/staff/{counsellor.pk}/training/new/", sent)
    assert (page.status_code, TrainingEntry.objects.count()) == (200, 0)
    assert [*page.context["form"].errors] == [*wrong][:1]
    assert "何寒露老師" in page.content.decode()


def test_nobody_sees_a_log_that_is_not_hers(enter, counsellor, stranger, supervisor, admin, browse):
    enter()
    address = f"/staff/{counsellor.pk}/training/"
    seen = [browse(u).get(address).status_code for u in (counsellor, admin, stranger, supervisor)]
    assert seen == [200, 200, 404, 404]
    assert browse(admin).get(f"/staff/{admin.pk}/training/").status_code == 404  # no practitioner


def test_sums_by_category_and_what_is_off_the_log_does_not_count(enter, counsellor, now):
    enter()
    enter(category="law", hours=Decimal(3), points=Decimal(0))
    withdraw_training(entry=enter(category="crisis"), by=counsellor, now=now)
    found = totals_of(counsellor, now.date())
    assert [(line.category, line.hours, line.points) for line in found.lines] == [
        ("law", Decimal(3), Decimal(0)),
        ("telecounselling", Decimal(6), Decimal("7.2")),
    ]
    assert (found.hours, found.points, found.has_telecounselling) == (9, Decimal("7.2"), True)


def test_points_of_six_years_count_ethics_quality_and_law_up_to_24():
    sums = [("ethics", 20, Decimal(20)), ("law", 5, Decimal(10)), ("crisis", 90, Decimal(80))]
    found = points_in(sums)
    assert found == Points(counted=Decimal(104), ethics=Decimal(30))
    assert (found.lacking, found.ethics_lacking) == (16, 0)


def test_six_years_end_with_today_and_an_intern_needs_no_points(counsellor, intern, now):
    for user, day in ((counsellor, TODAY), (counsellor, date(2020, 11, 20)), (intern, TODAY)):
        add_training(practitioner=user.practitioner, values=values(day=day), by=user, now=now)
    assert totals_of(counsellor, TODAY).six_years.counted == Decimal("7.2")
    assert totals_of(intern, TODAY).six_years is None


def test_the_log_asks_as_much_for_ten_as_for_five_hundred(counsellor, browse, now, clinic):
    browser, counts = browse(counsellor), []
    for more in (10, 490):
        TrainingEntry.objects.bulk_create(
            TrainingEntry(
                **values(),
                practitioner=counsellor.practitioner,
                entered_by=counsellor,
                entered_at=now,
                withdrawn_at=now if number % 3 else None,
            )
            for number in range(more)
        )
        browser.get(f"/staff/{counsellor.pk}/training/")
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/staff/{counsellor.pk}/training/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
