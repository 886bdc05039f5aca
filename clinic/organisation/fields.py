"""Choosing a township: a county first, then one of its townships. Works without JavaScript too."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.utils.choices import BaseChoiceIterator, normalize_choices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic.organisation.models import County, Town


class TownSelect(forms.Select):
    """A select whose options know their county, so that the page can show one county's only."""

    def create_option(self, name, value, *args, **kwargs) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["data-county"] = str(value)[:5]
        return option


class ReadOnce(BaseChoiceIterator):
    """Choices that are read when they are first needed, and then kept."""

    def __init__(self, read: Callable[[], list[tuple[str, Any]]]):
        self.read = read

    def __iter__(self):
        yield from self.rows

    @cached_property
    def rows(self) -> list[tuple[str, Any]]:
        return normalize_choices(self.read())


class ReadField(forms.ChoiceField):
    """A choice of rows, read once for each form; a callable is asked anew at each use."""

    def __init__(self, read: Callable[[], list[tuple[str, Any]]], **kwargs: Any):
        self.read = read
        super().__init__(choices=ReadOnce(read), **kwargs)

    def __deepcopy__(self, memo: dict) -> "ReadField":
        """The field of another form: nothing that one reader was shown is kept for the next."""
        field = super().__deepcopy__(memo)
        field.choices = ReadOnce(self.read)
        return field


class CountyField(ReadField):
    """A county or city, by its official code."""

    def __init__(self, **kwargs: Any):
        super().__init__(county_choices, **({"label": _("County or city")} | kwargs))


class TownField(ReadField):
    """A township, by its official code.

    :param county: name of the form's county field.
    """

    def __init__(self, county: str, **kwargs: Any):
        widget = TownSelect(attrs={"data-filter-by": f"id_{county}"})
        kwargs = {"label": _("Township"), "widget": widget} | kwargs
        super().__init__(town_choices, **kwargs)


def county_choices() -> list[tuple[str, str]]:
    """One query: the six special municipalities, the counties, the outlying islands."""
    counties = sorted(County.objects.all(), key=lambda county: _cities_first(county.code))
    return [("", "–"), *((county.code, str(county)) for county in counties)]


def _cities_first(code: str) -> tuple:
    """Sort where most people live to the top; official codes begin with 6, 1 or, far off, 0."""
    return code[0] != "6", code[0] == "0", code


def town_choices() -> list[tuple[str, Any]]:
    """One query: every township under its county."""
    name = "name_en" if get_language() == "en" else "name_zh"
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, town, county in Town.objects.values_list("code", name, f"county__{name}"):
        groups.setdefault(county, []).append((code, town))
    return [("", "–"), *groups.items()]


def check_town(form: forms.Form, county: str, town: str) -> None:
    """Add an error to ``form`` where the township lies in another county, or one is missing."""
    county_code, town_code = form.cleaned_data.get(county), form.cleaned_data.get(town)
    if county_code and not town_code and town not in form.errors:
        form.add_error(town, _("Please choose a township as well."))
    elif town_code and not town_code.startswith(county_code or town_code[:5]):
        form.add_error(town, _("This township lies in another county. Please choose it again."))
