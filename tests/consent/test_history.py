"""Histories say in words what was done: no key of a field, no word of the program's own."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override

from clinic.kernel.action import VERBS
from clinic.kernel.audit.history import entries_about, history
from clinic.kernel.links.models import Link
from clinic.people.birth_proof import prove_birth_date
from consent.actions import record_explanation
from consent.publishing import save_particulars
from tests.consent.conftest import BORN


def details(subject, language: str) -> list[list[str]]:
    with override(language):
        return [line.details for line in history(entries_about(subject))]


def test_a_changed_particular_is_told_by_its_name_with_what_it_was(forms, clinic, admin, now):
    for fee in ("2,000", "2,200"):
        save_particulars(values={"fee": (fee, fee)}, by=admin, now=now)
    assert details(clinic, "zh-hant")[0] == ["每次諮商費用（新臺幣）：2,000 → 2,200"]
    assert details(clinic, "en")[0] == ["fee of one session in NT dollars: 2,000 → 2,200"]


def test_a_birth_date_at_a_link_is_told_as_right_or_wrong(request_sent, client_person, now):
    link = Link.objects.get(subject=request_sent.occasion)
    asked = {"link": link, "person": client_person, "task": "t", "owner": request_sent.created_by}
    for born in (BORN + timedelta(days=1), BORN):
        prove_birth_date(**asked, born=born, by=client_person, now=now)
    assert details(client_person, "en")[:2] == [["it was right"], ["it was wrong"]]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (("2,000", "2000"), "2,000 → 2,000 / 2000"),
        (("2,200", "2,000"), "2,000 → 2,200 / 2,000"),
    ],
)
def test_a_particular_changed_in_one_language_is_told_in_both(forms, clinic, admin, now, new, told):
    for values in (("2,000", "2,000"), new):
        save_particulars(values={"fee": values}, by=admin, now=now)
    assert details(clinic, "en")[0] == [f"fee of one session in NT dollars: {told}"]


def test_how_it_was_explained_is_told_in_the_readers_language(request_sent, counsellor, now):
    items = [item.code for item in request_sent.asked_items()]
    given = {"at": now, "channel": "telephone", "items": items, "by": counsellor, "now": now}
    with override("zh-hant"):  # who recorded it reads Chinese
        record_explanation(request=request_sent, **given)
    told = {language: details(request_sent.case, language)[0] for language in ("zh-hant", "en")}
    assert told == {"zh-hant": ["電話"], "en": ["by telephone"]}


def test_who_published_a_version_stands_on_its_page(forms, admin, browse):
    page = browse(admin).get(reverse("form_version", args=[forms[0].pk]))
    (line,) = page.context["entries"]
    assert (line.who, line.text) == (admin.name, str(VERBS["forms.publish"]))
    assert f'<span class="by">{admin.name}</span>' in page.content.decode()
