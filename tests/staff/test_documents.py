"""The sealed register: everybody who practises, whether or not the account is set up yet."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.organisation.models import Premises
from clinic.staff.documents import build
from tests.house import make_user
from tests.staff.conftest import NOON, give_approval, give_licence


def test_a_licence_on_file_stands_in_the_register_before_its_owner_signed_in(clinic, premises):
    newcomer = make_user("chunfen", "counsellor", kind="counselling", joined=False)
    give_licence(newcomer, premises)
    html = build(clinic.pk, 1, NOON).html
    assert [name in html for name in ("chunfen", "示範字第 1 號", "lichun")] == [True, True, True]


def test_closed_accounts_and_others_do_not(clinic, counsellor, admin):
    counsellor.is_active = False
    counsellor.save(update_fields=["is_active"])
    html = build(clinic.pk, 1, NOON).html
    assert [name in html for name in ("guyu", "lixia", "lichun")] == [False, False, True]


def test_each_approval_stands_there_with_the_premises_it_covers(clinic, premises):
    other = Premises.objects.create(name="分所", town=premises.town, street="示範路 2 號")
    give_approval(premises, number="甲 1", last=9).premises.add(other)
    give_approval(other, number="乙 2", last=10)
    html = build(clinic.pk, 1, NOON).html
    found = re.findall(r"<h3>(甲 1|乙 2) .*?執業處所 (.*?)<br>", html, re.DOTALL)
    assert sorted(found) == [
        ("乙 2", "分所 臺北市文山區示範路 2 號"),
        ("甲 1", "分所 臺北市文山區示範路 2 號・本所 臺北市文山區示範路 1 號"),
    ]


def test_the_register_is_built_in_as_many_queries_for_many_approvals(clinic, premises):
    counts = []
    for number in ("1", "2", "3"):
        give_approval(premises, number=number)
        with CaptureQueriesContext(connection) as queries:
            build(clinic.pk, 1, NOON)
        counts.append(len(queries))
    assert counts[1:] == counts[:1] * 2


@pytest.mark.parametrize(
    ("gone", "named"), [({}, True), ({"is_active": False}, False), ({"roles": ["admin"]}, False)]
)
def test_who_is_in_charge_no_longer_is_not_named_as_such(clinic, supervisor, gone, named):
    for field, value in gone.items():
        setattr(supervisor, field, value)
    supervisor.save()
    head = build(clinic.pk, 1, NOON).html.partition("<h2>")[0]
    assert ("lichun" in head) == named
