"""What the guideline map counts for A1 to A11: consents that count, or did until they ended."""

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from clinic.kernel.evidence import EVIDENCE
from consent.actions import countersign
from consent.models import Signature, Validity
from consent.paper.actions import check_paper
from tests.consent.on_paper import asked_on_paper, returned


def counted() -> list[Signature]:
    return list(EVIDENCE["consent.signed_items"].records())


def test_a_signature_counts_from_its_countersignature(case, forms, counsellor, now):
    paper = returned(asked_on_paper(case, now), now)
    assert counted() == []
    countersign(request=paper.request, by=counsellor, now=now)
    assert counted() == [paper.request.signature]


def test_a_paper_that_did_not_agree_never_counted(case, forms, counsellor, admin, now):
    paper = returned(asked_on_paper(case, now), now)
    countersign(request=paper.request, by=counsellor, now=now)
    paper.refresh_from_db()
    check_paper(paper=paper, right=False, remark="第三頁不見了", by=admin, now=now)
    assert (Validity.objects.get().ended_by, counted()) == ("invalidated", [])


def test_what_was_withdrawn_or_replaced_counted_until_then(case, forms, counsellor, now):
    paper = returned(asked_on_paper(case, now), now)
    countersign(request=paper.request, by=counsellor, now=now)
    until = DateTimeTZRange(now, now + timedelta(days=1))
    for ended in ("withdrawn", "replaced"):
        Validity.objects.update(ended_by=ended, in_force=until)
        assert counted() == [paper.request.signature]
