"""Every page about staff, set-up and Today opens, and who opens which file."""

import re

import pytest
from django.urls import NoReverseMatch, reverse

from clinic.kernel.roles import Role
from clinic.organisation import urls as organisation_urls
from clinic.staff import urls as staff_urls
from clinic.today import urls as today_urls
from tests.house import make_user
from tests.staff.conftest import NOON, words


def address(name, files, counsellor, intern):
    """The address of a named page about what is on file."""
    subject = intern.pk if name.startswith("oversight") else counsellor.pk
    keys = {"approval": files["approval"], "premises": files["premises"], "room": files["room"]}
    pk = next((keys[start] for start in keys if name.startswith(start)), subject)
    candidates = [
        {},
        {"pk": pk},
        {"pk": pk, "credential": files["credential"]},
        {"pk": pk, "oversight": files["oversight"]},
        {"pk": pk, "person": files["person"]},
        {"premises": files["premises"]},
    ]
    for kwargs in candidates:
        try:
            return reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    raise LookupError(name)


NAMES = [
    pattern.name
    for module in (staff_urls, organisation_urls, today_urls)
    for pattern in module.urlpatterns
    if pattern.name != "task_done"
]


def test_every_page_opens_for_an_administrator_with_and_without_data(
    chief, files, counsellor, intern
):
    posts_only = set()
    for name in NAMES:
        where = address(name, files, counsellor, intern)
        response = chief.get(where)
        if response.status_code == 405:
            posts_only.add(name)
            continue
        assert (name, response.status_code) == (name, 200)
        assert "<h1>" in response.content.decode()
    assert posts_only == {
        "setup_no_approval",
        "staff_register",
        "credential_withdraw",
        "credential_restore",
        "member_invite_again",
        "member_close",
        "member_reopen",
        "member_reset_second_step",
        "approval_person_end",
    }


IN_AN_EMPTY_CLINIC = (
    *("today", "staff_list", "staff_invite", "setup", "setup_clinic", "setup_hours"),
    *("setup_responsible", "premises_add", "approval_list", "approval_add", "message_list"),
)


@pytest.mark.parametrize("name", IN_AN_EMPTY_CLINIC)
def test_pages_open_in_an_empty_clinic(chief, name):
    response = chief.get(reverse(name))
    assert response.status_code == 200
    assert "The clinic is not fully set up yet." in words(response) or name == "setup"


def test_an_empty_clinic_has_no_history_yet(chief):
    assert chief.get(reverse("clinic_history")).status_code == 404


def test_every_post_address_is_walked(chief, files, counsellor, intern):
    """Buttons lead back to a page that opens."""
    walked = [
        ("credential_withdraw", [counsellor.pk, files["credential"]]),
        ("credential_restore", [counsellor.pk, files["credential"]]),
        ("approval_person_end", [files["approval"], files["person"]]),
        ("setup_no_approval", []),
        ("member_invite_again", [counsellor.pk]),
        ("member_reset_second_step", [counsellor.pk]),
        ("member_invite_again", [counsellor.pk]),
        ("member_close", [counsellor.pk]),
        ("member_reopen", [counsellor.pk]),
    ]
    for name, args in walked:
        response = chief.post(reverse(name, args=args), follow=True)
        assert (name, response.status_code, response.redirect_chain[0][1]) == (name, 200, 302)


# --- One file ------------------------------------------------------------------------------------


def test_a_file_is_open_to_administrators_and_to_herself_only(
    admin, counsellor, stranger, supervisor, browse, files
):
    where = reverse("member", args=[counsellor.pk])
    seen = {
        user.name: browse(user).get(where) for user in (admin, counsellor, stranger, supervisor)
    }
    assert {name: response.status_code for name, response in seen.items()} == {
        "lixia": 200,
        "guyu": 200,
        "chunfen": 404,
        "lichun": 404,
    }
    assert "示範字第 1 號" in words(seen["guyu"])
    assert [name for name in ("chunfen", "lichun") if "guyu" in words(seen[name])] == []


def test_who_reads_her_own_file_sees_no_button(counsellor, admin, browse, files):
    own = browse(counsellor).get(reverse("member", args=[counsellor.pk])).content.decode()
    all_of_it = browse(admin).get(reverse("member", args=[counsellor.pk])).content.decode()
    forms = [re.findall(r'action="(/staff/[^"]+)"', page) for page in (own, all_of_it)]
    assert forms[0] == []
    assert len(forms[1]) == 4  # withdraw, put back, reset, close
    led = re.findall(r'href="(/staff/[^"]*|/approvals/[^"]*)"', own)
    hers = [counsellor.pk]
    assert led == [reverse("member", args=hers), reverse("training_list", args=hers)]


@pytest.mark.parametrize("name", ["member_change", "member_history", "credential_add"])
def test_only_administrators_open_what_changes_a_file(counsellor, browse, name):
    assert browse(counsellor).get(reverse(name, args=[counsellor.pk])).status_code == 403


def test_the_file_shows_who_supervises_whom(chief, intern, supervisor, files):
    assert "Supervised by lichun (clinical supervision)" in words(
        chief.get(reverse("member", args=[intern.pk]))
    )
    assert "Supervises mangzhong (clinical supervision)" in words(
        chief.get(reverse("member", args=[supervisor.pk]))
    )


@pytest.mark.parametrize("name", ["member_reset_second_step", "member_invite_again"])
def test_a_new_invitation_is_told_and_dated(chief, counsellor, name):
    counsellor.joined_at = None if name == "member_invite_again" else counsellor.joined_at
    counsellor.save(update_fields=["joined_at"])
    page = chief.post(reverse(name, args=[counsellor.pk]), follow=True)
    assert "A mail with a new link is on its way." in words(page)
    counsellor.refresh_from_db()
    assert counsellor.invited_at == NOON


@pytest.mark.parametrize("name", ["member_change", "credential_add", "oversight_add"])
def test_a_form_about_somebody_says_about_whom(chief, counsellor, name):
    where = reverse("member", args=[counsellor.pk])
    page = chief.get(reverse(name, args=[counsellor.pk])).content.decode()
    assert re.findall(rf'class="back" href="{where}">.*guyu</a>', page) != []


def test_what_is_missing_leads_to_where_it_is_entered(chief, counsellor, intern):
    seen = [chief.get(reverse("member", args=[who.pk])) for who in (counsellor, intern)]
    buttons = [
        re.findall(r'class="btn btn-s" href="([^"]+)"', page.content.decode()) for page in seen
    ]
    approvals = reverse("approval_list")
    trainings = [reverse("training_add", args=[who.pk]) for who in (counsellor, intern)]
    assert buttons == [
        [reverse("credential_add", args=[counsellor.pk]), approvals, trainings[0]],
        [reverse("oversight_add", args=[intern.pk]), approvals, trainings[1]],
    ]


def test_closing_an_account_and_resetting_its_second_step_ask_first(chief, admin, counsellor):
    pages = [
        chief.get(reverse("member", args=[user.pk])).content.decode()
        for user in (counsellor, admin)
    ]
    for verb, dialog in (("close", "ask-close"), ("reset_second_step", "ask-reset")):
        hers, own = (reverse(f"member_{verb}", args=[user.pk]) for user in (counsellor, admin))
        asked = (f'action="{hers}" data-confirm="{dialog}"', f'class="dialog" id="{dialog}"')
        assert ([text in pages[0] for text in asked], own in pages[1]) == ([True, True], False)


def test_an_administrator_who_takes_her_own_role_is_told_at_the_field(chief, admin, stranger):
    make_user("bailu", Role.ADMIN)
    form = {"name": "lixia", "roles": ["counsellor"], "kind": "counselling"}
    page = chief.post(reverse("member_change", args=[admin.pk]), form)
    said = "You cannot take the role of administrator from yourself."
    assert page.context["form"].errors == {"roles": [f"{said} Another administrator must do this."]}
