"""What the list of clients says of each one's consent form."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.cases.access import people_visible_to, with_cases
from clinic.cases.models import Case, Participant
from clinic.clients.actions import close_case
from clinic.kernel.columns import Cell
from clinic.kernel.dates import day_bounds
from consent import actions
from consent.columns import by_consent, consent_of
from consent.figures import BEFORE_A_UNIT
from consent.models import Particular, ReturnedPaper, Validity
from consent.publishing import publish_forms
from consent.requirements import GRACE
from consent.retention import YEARS
from tests.conftest import sign_in
from tests.consent.on_paper import asked_on_paper, returned


@pytest.fixture
def shown(counsellor, case, now, settings):
    """``shown()`` is what the column says of the client now."""
    settings.LANGUAGE_CODE = "en"

    def shown() -> Cell | None:
        people = list(with_cases(people_visible_to(counsellor), counsellor))
        return consent_of(people, counsellor, now).cells.get(case.people[0].pk)

    return shown


def address(request) -> str:
    return f"/consent/{request.pk}/"


def test_nothing_sent(shown):
    assert shown() == Cell("none", "not sent yet")


def test_on_its_way(request_sent, shown):
    assert shown() == Cell("info", str(request_sent.get_state_display()), address(request_sent))


def test_signed_and_not_countersigned(signed, shown):
    request = signed.request
    request.refresh_from_db()
    assert shown() == Cell("fix", str(request.get_state_display()), address(request))


def test_signed_on_a_version_that_was_replaced_while_it_was_out(
    signed, shown, counsellor, admin, days, now
):
    request = signed.request
    reword("另一個說法（示範）")
    publish_forms(by=admin, now=now + days(1))
    day = timezone.localdate(now + days(1) + GRACE).isoformat()
    good = f"signed on an older version, good until {day}"
    assert shown() == Cell("fix", good, address(request))
    actions.countersign(request=request, by=counsellor, now=now + days(2))
    assert shown() == Cell("fix", f"replaced, good until {day}", address(request))


def test_signed_on_a_version_that_was_replaced_too_long_ago(signed, shown, admin, days, now):
    reword("另一個說法（示範）")
    publish_forms(by=admin, now=now - GRACE - days(1))
    late = "signed on an older version, no longer enough"
    assert shown() == Cell("stop", late, address(signed.request))


@pytest.fixture
def in_force(signed, counsellor, now):
    actions.countersign(request=signed.request, by=counsellor, now=now)
    signed.request.refresh_from_db()
    return signed.request


def test_in_force(in_force, shown):
    assert shown() == Cell("go", str(in_force.get_state_display()), address(in_force))


def test_in_force_stands_before_a_newer_request(in_force, case, counsellor, shown, days, now):
    actions.send_request(case=case, by=counsellor, now=now + days(1))
    assert shown() == Cell("go", str(in_force.get_state_display()), address(in_force))


def reword(words: str) -> None:
    """Say something else under every particular that may be words."""
    Particular.objects.exclude(key__in=[YEARS, *BEFORE_A_UNIT]).update(value_zh=words)


def test_signed_on_a_replaced_version(in_force, shown, admin, days, now):
    reword("另一個說法（示範）")
    publish_forms(by=admin, now=now + days(1))
    day = timezone.localdate(now + days(1) + GRACE).isoformat()
    assert shown() == Cell("fix", f"replaced, good until {day}", address(in_force))


@pytest.fixture
def replaced(in_force, admin, days, now):
    """A newer version was published so long ago that the signed one is no longer enough."""
    reword("另一個說法（示範）")
    publish_forms(by=admin, now=now - GRACE - days(1))
    return in_force


def test_signed_on_a_version_replaced_too_long_ago(replaced, shown):
    assert shown() == Cell("stop", "replaced, no longer enough", address(replaced))


def test_the_first_of_several_newer_versions_tells_since_when(in_force, shown, admin, days, now):
    for number, when in enumerate((now + days(1), now + days(2))):
        reword(f"第 {number} 個說法（示範）")
        publish_forms(by=admin, now=when)
    day = timezone.localdate(now + days(1) + GRACE).isoformat()
    assert shown() == Cell("fix", f"replaced, good until {day}", address(in_force))


@pytest.mark.parametrize(
    ("particular", "form"), [("fee", "counselling_agreement"), ("copy_fee", "privacy_notice")]
)
def test_what_was_signed_with_the_form_counts_like_the_form(
    in_force, shown, admin, days, now, particular, form
):
    Particular.objects.filter(key=particular).update(value_zh="900")
    published = publish_forms(by=admin, now=now + days(1))
    day = timezone.localdate(now + days(1) + GRACE).isoformat()
    assert [version.form_id for version in published] == [form]
    assert shown() == Cell("fix", f"replaced, good until {day}", address(in_force))


def test_asked_anew_after_the_version_was_replaced(replaced, case, counsellor, shown, now, days):
    request = actions.send_request(case=case, by=counsellor, now=now + days(1))
    assert shown() == Cell("info", str(request.get_state_display()), address(request))


@pytest.fixture
def unchecked(case, forms, counsellor, now):
    """A paper form that counts and that nobody has compared yet."""
    request = asked_on_paper(case, now)
    returned(request, now)
    return actions.countersign(request=request, by=counsellor, now=now).signature.request


@pytest.mark.parametrize(("days_ago", "tone"), [(14, "fix"), (15, "stop")])
def test_a_paper_that_nobody_compared_is_as_red_as_at_the_gate(
    unchecked, shown, days, now, days_ago, tone
):
    ReturnedPaper.objects.update(uploaded_at=now - days(days_ago))
    assert shown() == Cell(tone, "paper, to be checked", address(unchecked))


def test_so_is_one_on_a_version_replaced_too_long_ago(unchecked, shown, admin, days, now):
    reword("另一個說法（示範）")
    publish_forms(by=admin, now=now - GRACE - days(1))
    assert shown() == Cell("stop", "replaced, no longer enough", address(unchecked))


def test_a_newer_request_that_was_taken_back_does_not_hide_what_was_signed(
    signed, case, counsellor, shown, days, now
):
    newer = actions.send_request(case=case, by=counsellor, now=now + days(1))
    actions.revoke(request=newer, by=counsellor, now=now + days(1))
    assert shown() == Cell("fix", "signed", address(signed.request))


def test_signed_and_ended(in_force, shown, days, now):
    ended = Validity.objects.get()
    until = (ended.in_force.lower, now + days(1))
    Validity.objects.filter(pk=ended.pk).update(ended_by="withdrawn", in_force=until)
    assert shown() == Cell("stop", "no longer in force", address(in_force))


def test_of_a_closed_case_nothing_is_said(request_sent, case, counsellor, shown, now):
    close_case(case=case, reason="示範", by=counsellor, now=now)
    assert shown() is None


@pytest.fixture
def sifted(counsellor, case, now):
    """``sifted()`` says by which choices of the filter the client is found now."""

    def sifted() -> list[str]:
        people, (client,) = people_visible_to(counsellor), case.people
        chosen = ("missing", "counts")
        return [one for one in chosen if client in by_consent(people, counsellor, one, now)]

    return sifted


def test_what_is_not_countersigned_is_found_as_missing(signed, sifted):
    assert sifted() == ["missing"]


def test_what_counts_is_found_as_that(in_force, sifted):
    assert sifted() == ["counts"]


@pytest.mark.parametrize(("moment", "found"), [("23:59", "missing"), ("00:00", "counts")])
def test_what_is_replaced_counts_to_the_end_of_its_last_day(
    in_force, sifted, shown, admin, now, moment, found
):
    """Replaced before midnight, its last day was yesterday; after it, that is today."""
    reword("另一個說法（示範）")
    midnight, _next = day_bounds(timezone.localdate(now - GRACE))
    publish_forms(by=admin, now=midnight - timedelta(minutes=moment == "23:59"))
    tone = {"counts": "fix", "missing": "stop"}[found]
    assert (sifted(), shown().state) == ([found], tone)


def test_what_was_replaced_too_long_ago_is_found_as_missing(replaced, sifted):
    assert sifted() == ["missing"]


def test_what_ended_is_found_as_missing(in_force, sifted, days, now):
    until = (Validity.objects.get().in_force.lower, now + days(1))
    Validity.objects.update(ended_by="withdrawn", in_force=until)
    assert sifted() == ["missing"]


def test_without_an_open_case_neither_finds_her(in_force, case, counsellor, sifted, now):
    close_case(case=case, reason="示範", by=counsellor, now=now)
    assert sifted() == []


def test_with_two_open_cases_one_that_lacks_it_is_enough(
    in_force, case, counsellor, stranger, sifted, now
):
    second = Case.objects.create(modality="individual", counsellor=counsellor, opened_at=now)
    part = Participant.objects.create(
        case=second, person=case.people[0], role="client", joined_at=now
    )
    assert sifted() == ["missing"]
    Case.objects.filter(pk=second.pk).update(counsellor=stranger)
    assert sifted() == ["counts"]
    Case.objects.filter(pk=second.pk).update(counsellor=counsellor)
    Participant.objects.filter(pk=part.pk).update(left_at=now)
    assert sifted() == ["counts"]


def test_the_list_sifts_by_it_and_says_when_nobody_is_left(in_force, case, counsellor):
    (client,) = case.people
    browser = sign_in(counsellor)
    pages = [browser.get("/clients/", {"consent": chosen}) for chosen in ("counts", "missing")]
    assert [[*page.context["people"]] for page in pages] == [[client], []]
    assert "沒有找到人" in pages[1].content.decode()
