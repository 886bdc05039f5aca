"""Keeping what was typed is no way to write to somebody, nor to fill the disk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from django.db import connection
from django.test import RequestFactory

from clinic.accounts.actions import close_account, sign_out_everywhere
from clinic.kernel import kept_forms
from clinic.kernel.kept_forms import KeptForm, forget_old, keep, mark
from tests.kernel.chains import REAL


def sent(user_mark: str, path: str = "/clients/new/", **typed):
    return keep(RequestFactory().post(path, {"_writer": user_mark} | typed))


def test_after_signing_out_everywhere_an_old_mark_keeps_nothing(counsellor, now):
    old = mark(counsellor)
    sign_out_everywhere(user=counsellor, by=counsellor, now=now)
    sent(old, phone="0000-000-001")
    assert KeptForm.objects.count() == 0


def test_a_closed_account_keeps_nothing(admin, counsellor, now):
    old = mark(counsellor)
    close_account(user=counsellor, by=admin, now=now)
    sent(old, phone="0000-000-001")
    assert KeptForm.objects.count() == 0


def test_only_the_newest_forms_of_a_person_are_kept(counsellor, stranger):
    sent(mark(stranger), "/clients/1/change/")
    for number in range(kept_forms.MOST + 5):
        sent(mark(counsellor), f"/clients/{number}/change/")
    paths = KeptForm.objects.filter(user=counsellor).order_by("pk").values_list("path", flat=True)
    assert list(paths) == [f"/clients/{n}/change/" for n in range(5, kept_forms.MOST + 5)]
    assert KeptForm.objects.filter(user=stranger).count() == 1


def test_what_nobody_came_back_for_is_deleted_after_a_day(counsellor, now):
    sent(mark(counsellor), code_word="梧桐")
    forget_old(now + timedelta(hours=23))
    assert KeptForm.objects.count() == 1
    forget_old(now + timedelta(hours=25))
    assert KeptForm.objects.count() == 0


def test_what_was_kept_can_be_thrown_away(counsellor, browse):
    sent(mark(counsellor), name="江小滿")
    browser = browse(counsellor)
    seen = [browser.get("/clients/new/").context["form"]["name"].value()]
    answer = browser.post("/clients/new/", {"_empty": "yes", "name": "不是這一位"})
    seen.append(browser.get(answer.url).context["form"]["name"].value())
    assert (seen, KeptForm.objects.count()) == (["江小滿", None], 0)


@REAL
def test_a_form_sent_twice_at_once_is_kept_once(counsellor):
    ready, whose = Barrier(6), mark(counsellor)

    def attempt(number):
        ready.wait()
        try:
            return sent(whose, phone=str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(attempt, range(6))) == {"/clients/new/"}
    assert KeptForm.objects.count() == 1


def test_an_address_that_cannot_be_stored_keeps_nothing(counsellor):
    sent(mark(counsellor), "/l/%00/", phone="0000-000-001")
    assert KeptForm.objects.count() == 0
