"""The sealed register: everybody who practises, whether or not the account is set up yet."""

from clinic.staff.documents import build
from tests.house import make_user
from tests.staff.conftest import NOON, give_licence


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
