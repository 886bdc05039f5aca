"""From an empty database to a clinic that lacks nothing, by its pages alone."""

import re
from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from clinic.accounts.models import User
from clinic.errors import NotAllowed, Refused
from clinic.kernel.audit.models import AuditEntry
from clinic.organisation import actions
from clinic.organisation.divisions import load_divisions
from clinic.organisation.models import Clinic, County, OpeningHours, Premises, Room, Town
from clinic.organisation.setup import SetUp
from clinic.staff.models import Approval
from tests.house import make_user
from tests.organisation.conftest import clinic_values
from tests.staff.conftest import give_approval

NOW = timezone.now()


def still_missing():
    return SetUp.look_up(Approval.objects.all()).missing()


def missing():
    return [step for step, _words in still_missing()]


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_set_up_until_nothing_is_missing(admin, browse, town):
    chief = browse(admin)
    notice = "The clinic is not fully set up yet."
    assert missing() == ["clinic", "rooms", "hours", "responsible", "approval"]
    assert notice in words(chief.get(reverse("staff_list")))
    lacking = ", ".join(str(what) for _step, what in still_missing()[1:])
    assert f", {lacking} " in words(chief.get("/"))
    assert "5 steps are left" in words(chief.get(reverse("setup")))

    chief.post(reverse("setup_clinic"), clinic_values())
    assert missing() == ["rooms", "hours", "responsible", "approval"]
    address = {"county": "63000", "town_id": "63000080", "street": "示範路 1 號"}
    chief.post(reverse("premises_add"), {"name": "本所", "active": "on"} | address)
    place = Premises.objects.get()
    assert "No counselling room yet" in words(chief.get(reverse("setup")))
    chief.post(reverse("room_add", args=[place.pk]), {"name": "春室", "active": "on"})
    assert missing() == ["hours", "responsible", "approval"]
    chief.post(reverse("setup_hours"), {"opens_1": "09:00", "closes_1": "21:00"})
    assert missing() == ["responsible", "approval"]
    in_charge = make_user("lichun", "supervisor", kind="counselling")
    chief.post(reverse("setup_responsible"), {"responsible": in_charge.pk})
    assert "One step is left" in words(chief.get(reverse("setup")))
    chief.post(reverse("setup_no_approval"))
    assert missing() == []
    assert notice not in words(chief.get("/"))
    assert "Everything is set up." in words(chief.get(reverse("setup")))
    verbs = AuditEntry.objects.order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == [
        "clinic.save",
        "premises.save",
        "room.save",
        "clinic.set_hours",
        "clinic.set_responsible",
        "clinic.no_approval_yet",
    ]
    assert "named the psychologist in charge" in words(chief.get(reverse("clinic_history")))


@pytest.mark.parametrize("name", ["setup_responsible", "setup_no_approval"])
def test_steps_out_of_order_say_what_comes_first(admin, supervisor, browse, name):
    form = {"responsible": supervisor.pk}
    response = browse(admin).post(reverse(name), form, follow=True)
    assert "The clinic's particulars are missing. Please enter them first." in words(
        response
    ).replace("&#x27;", "'")


def test_opening_hours_may_come_before_the_particulars(admin, town, browse):
    chief = browse(admin)
    assert chief.post(reverse("setup_hours"), {"opens_1": "09:00", "closes_1": "21:00"}).url
    assert missing() == ["clinic", "rooms", "responsible", "approval"]
    chief.post(reverse("setup_clinic"), clinic_values())
    assert "changed the opening hours" in words(chief.get(reverse("clinic_history")))


def test_hours_until_midnight_are_told_as_24_00(admin, clinic, browse):
    chief = browse(admin)
    chief.post(reverse("setup_hours"), {"opens_1": "14:00", "closes_1": "00:00"})
    assert "14:00–24:00" in words(chief.get(reverse("setup")))
    assert AuditEntry.objects.get(verb="clinic.set_hours").details["note"].endswith(" 14:00–24:00")


def test_an_intern_is_not_put_in_charge(clinic, admin, intern, browse):
    page = browse(admin).get(reverse("setup_responsible"))
    offered = [str(user) for user in page.context["form"].fields["responsible"].queryset]
    assert offered == [str(clinic.responsible)]
    with pytest.raises(Refused) as refused:
        actions.set_responsible(user=intern, by=admin, now=NOW)
    assert refused.value.code == "clinic.responsible"


@pytest.mark.parametrize("field", ["phone", "neutral_phone"])
def test_the_clinics_numbers_can_be_dialled(admin, town, browse, field):
    page = browse(admin).post(reverse("setup_clinic"), clinic_values(**{field: "xyz"}))
    assert "xyz is not a telephone number" in words(page)
    assert Clinic.objects.count() == 0


def test_an_approval_ends_the_set_up_of_which_the_frame_asks_once(
    clinic, premises, django_assert_num_queries
):
    before = missing()
    give_approval(premises)
    with django_assert_num_queries(1):
        assert (before, missing()) == (["approval"], [])


def test_a_room_that_is_out_of_use_does_not_count(clinic):
    Room.objects.update(active=False)
    assert missing() == ["rooms", "approval"]


def test_a_room_of_premises_out_of_use_does_not_count(clinic, premises):
    premises.active = False
    premises.save(update_fields=["active"])
    assert missing() == ["rooms", "approval"]


def test_changing_the_particulars_tells_what_changed(clinic, admin, browse):
    chief = browse(admin)
    chief.post(reverse("setup_clinic"), clinic_values(town_id="65000060", county="65000"))
    assert Clinic.objects.get().town_id == "65000060"
    history = words(chief.get(reverse("clinic_history")))
    assert "Township: Wenshan → Xindian" in history
    assert history.count("→") == 1


def test_names_of_premises_and_rooms_are_given_once(clinic, premises, admin, browse):
    chief = browse(admin)
    address = {"county": "63000", "town_id": "63000080", "street": "示範路 2 號"}
    twice = chief.post(reverse("premises_add"), {"name": "本所"} | address)
    assert twice.context["form"].errors == {"name": ["There are premises of this name already."]}
    twice = chief.post(reverse("room_add", args=[premises.pk]), {"name": "春室"})
    assert "room of this name already" in twice.context["form"].errors["name"][0]
    assert (Premises.objects.count(), Room.objects.count()) == (1, 1)


def test_who_is_in_charge_works_clinically(clinic, admin):
    with pytest.raises(Refused) as refused:
        actions.set_responsible(user=admin, by=admin, now=NOW)
    assert (refused.value.code, refused.value.field) == ("clinic.responsible", "responsible")


@pytest.mark.parametrize("change", [{"is_active": False}, {"roles": ["admin"]}])
def test_who_works_here_as_a_psychologist_no_longer_is_not_in_charge(change, clinic, admin, browse):
    before = missing()
    User.objects.filter(pk=clinic.responsible_id).update(**change)
    page = words(browse(admin).get(reverse("setup")))
    assert (before, missing()) == (["approval"], ["responsible", "approval"])
    assert "lichun No longer works here as a psychologist" in page


def test_only_administrators_change_the_set_up(clinic, premises, supervisor):
    acts = [
        lambda: actions.save_clinic(values={"name": "x"}, by=supervisor, now=NOW),
        lambda: actions.set_responsible(user=supervisor, by=supervisor, now=NOW),
        lambda: actions.set_no_approval_yet(none_yet=True, by=supervisor, now=NOW),
        lambda: actions.set_hours(hours={1: (time(9), time(10))}, by=supervisor, now=NOW),
        lambda: actions.save_premises(
            premises=premises, values={"name": "x"}, by=supervisor, now=NOW
        ),
        lambda: actions.save_room(
            room=premises.rooms.get(), values={"name": "x"}, by=supervisor, now=NOW
        ),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert (AuditEntry.objects.count(), OpeningHours.objects.count()) == (0, 5)


@pytest.mark.django_db
def test_divisions_may_be_loaded_again():
    first = load_divisions()
    assert load_divisions() == first == County.objects.count() + Town.objects.count()
    assert (County.objects.count(), Town.objects.count()) == (22, 368)
    assert all(town.code.startswith(town.county_id) for town in Town.objects.all())


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh-hant", "臺北市文山區示範路 1 號"),
        ("en", "示範路 1 號, Wenshan, Taipei City"),
    ],
)
def test_an_address_stands_in_the_order_of_its_language(clinic, premises, language, shown):
    """Also in the English words of a published notice, which never change."""
    for place in (clinic, premises):
        place.street = "示範路 1 號"
    with override(language):
        assert {clinic.full_address, premises.full_address} == {shown}
