"""The form of the opening check: one choice a point, and the place when it is another one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kernel.glyphs import printable
from clinic.organisation.fields import CountyField, TownField, check_town
from clinic.organisation.models import Town
from clinic.people.countries import country_choices
from sessions.door.on_file import ByPerson, is_offered, lacking
from sessions.door.points import OF_EACH, ON_FILE, Asked, Point
from sessions.models import CounsellingSession, SessionPlace
from sessions.places import Told

ELSEWHERE = ("taiwan", "abroad")


STATES = {"ok": "go", "fix": "fix", "stop": "stop"}


class ResultRadio(forms.RadioSelect):
    """Answers side by side, each with the colour and icon of what it leads to."""

    def __init__(self, states: dict[str, str]):
        super().__init__(attrs={"data-look": "segmented"})
        self.states = states

    def create_option(self, name, value, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-state"] = self.states[str(value)]
        return option


class AnswerField(forms.ChoiceField):
    """The answers of one point; ``lacks``: what is not on file, so that one is not offered."""

    def __init__(self, *, person: int | None, lacks: str, **kwargs: Any):
        super().__init__(**kwargs)
        self.person, self.lacks = person, lacks


class DoorForm(forms.Form):
    """Nothing is required: what is not answered yet stays open, and the gate says so.

    :param placed: who has a place on file.
    :param told: by person, the place told in this call that is not the one on file: it counts until
        another is told, so that the one on file is not ticked beforehand.
    """

    def __init__(
        self,
        *args: Any,
        session: CounsellingSession,
        asked: list[Asked],
        known: dict[tuple[str, int | None], str],
        placed: set[int],
        told: Mapping[int, SessionPlace] = MappingProxyType({}),
        filed: frozenset[ByPerson] = frozenset(),
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.asked, self.people, self.filed, self.told = asked, session.people, filed, told
        self.known_points = {point for point, _person in known}
        for one in asked:
            for person in self._people_of(one):
                self.fields[_name(one.point, person)] = self._field(one, person, known, placed)
        for person in self.people:
            self._add_place_fields(person.pk)
            if person.pk in told:
                self._start_with(person.pk, told[person.pk])

    def _people_of(self, asked: Asked) -> list[int | None]:
        return [p.pk for p in self.people] if asked.point in OF_EACH else [None]

    def _field(self, one: Asked, person: int | None, known, placed: set[int]) -> forms.Field:
        options = [o for o in one.options if is_offered(o, person, self.filed)]
        if one.point == Point.PLACE and person not in placed:
            options = [o for o in options if o.key != "as_filed"]
        start = known.get((one.point, person), "")
        if one.point == Point.PLACE and person in self.told:
            start = start if start in ELSEWHERE else ""
        elif not start and self._is_on_file(one, person, placed) and options[0].result == "ok":
            start = options[0].key
        return AnswerField(
            label=Point(one.point).label,
            choices=[(o.key, o.label) for o in options],
            widget=ResultRadio({o.key: STATES[o.result] for o in options}),
            required=False,
            initial=start,
            person=person,
            lacks=lacking(one, person, self.filed),
        )

    def _is_on_file(self, one: Asked, person: int | None, placed: set[int]) -> bool:
        """Whether the first answer was agreed before: no call where another way is the safe one."""
        if one.point == Point.DISCONNECT_PLAN:
            return next(p.may_be_called for p in self.people if p.pk == person)
        return one.point in ON_FILE and (one.point != Point.PLACE or person in placed)

    def _add_place_fields(self, person: int) -> None:
        county = f"county_{person}"
        self.fields[county] = CountyField(required=False)
        self.fields[f"town_{person}"] = TownField(county, required=False)
        self.fields[f"country_{person}"] = forms.ChoiceField(
            label=_("Country"), choices=_abroad, required=False
        )
        self.fields[f"region_{person}"] = forms.CharField(
            label=_("State, province or city"),
            max_length=60,
            required=False,
            validators=[printable],
        )
        self.fields[f"street_{person}"] = forms.CharField(
            label=_("Street, number and floor"),
            max_length=200,  # as long as one on file
            required=False,
            validators=[printable],
        )

    def _start_with(self, person: int, told: SessionPlace) -> None:
        if told.is_abroad:
            start = {"country": told.country, "region": told.region}
        else:
            start = {"county": told.town.county_id, "town": told.town_id}
        start["street"] = told.street
        for name, value in start.items():
            self.fields[f"{name}_{person}"].initial = value

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._check_something_asked()
        for person in self.people:
            chosen = self.cleaned_data.get(_name(Point.PLACE, person.pk))
            if chosen in ELSEWHERE:
                self._check_place(person.pk, chosen)
        return self.cleaned_data

    def _check_something_asked(self) -> None:
        """What is ticked beforehand counts only with something that was asked in the call."""
        asked = {one.point for one in self.asked} - ON_FILE
        given = {point for point, _person in self.answers} | self.known_points
        if asked and not given & asked:
            self.add_error(
                None,
                _("Only what is on file is ticked. Please ask in the call and tick the answers."),
            )

    def _check_place(self, person: int, chosen: str) -> None:
        needed = {"taiwan": ("town", "street"), "abroad": ("country", "street")}[chosen]
        if chosen == "taiwan":
            check_town(self, f"county_{person}", f"town_{person}")
        for name in needed:
            field = f"{name}_{person}"
            if not self.cleaned_data.get(field) and field not in self.errors:
                self.add_error(field, _("Please ask where the client is now; help may need it."))

    @property
    def answers(self) -> dict[tuple[str, int | None], str]:
        """What was answered, by point and person."""
        found = {}
        for one in self.asked:
            for person in self._people_of(one):
                if key := self.cleaned_data.get(_name(one.point, person)):
                    found[one.point, person] = key
        return found

    @property
    def elsewhere(self) -> dict[int, Told]:
        """Where people are who are not at the place on file."""
        return {
            person.pk: self._told(person.pk, chosen)
            for person in self.people
            if (chosen := self.cleaned_data.get(_name(Point.PLACE, person.pk))) in ELSEWHERE
        }

    def _told(self, person: int, chosen: str) -> Told:
        value = self.cleaned_data
        if chosen == "taiwan":
            town = Town.objects.get(pk=value[f"town_{person}"])
            return Told("TW", "", town, value[f"street_{person}"])
        return Told(
            value[f"country_{person}"], value[f"region_{person}"], None, value[f"street_{person}"]
        )

    def rows(self) -> list[tuple[Asked, list[forms.BoundField]]]:
        """Each point with its fields, as the page draws them."""
        return [
            (one, [self[_name(one.point, person)] for person in self._people_of(one)])
            for one in self.asked
        ]

    def place_fields(self) -> dict[str, list[forms.BoundField]]:
        """The fields of a place elsewhere, in Taiwan and abroad, of the first participant."""
        person = self.people[0].pk
        return {
            "taiwan": [self[f"{n}_{person}"] for n in ("county", "town")],
            "abroad": [self[f"{n}_{person}"] for n in ("country", "region")],
            "both": [self[f"street_{person}"]],
        }


def _abroad() -> list[tuple[str, str]]:
    """Every country but Taiwan, which stands first."""
    return [("", "–"), *country_choices()[1:]]


def _name(point: str, person: int | None) -> str:
    return point if person is None else f"{point}_{person}"
