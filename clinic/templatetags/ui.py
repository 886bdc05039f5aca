"""Small parts of the visual language for templates: icons, states, clauses, times.

Browsers break a line at the hyphen of a date or a telephone number. What is printed here keeps it
whole by an element (``time``, ``.nowrap``), never by an invisible character: a copied number dials.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

from clinic.kernel.dates import meeting, moment
from clinic.kernel.letters import fill
from clinic.kernel.telephones import href

register = template.Library()

STATE_WORDS = {
    "go": gettext_lazy("May start"),
    "fix": gettext_lazy("Can be fixed now"),
    "stop": gettext_lazy("Must not start"),
    "none": gettext_lazy("Not applicable"),
    "info": gettext_lazy("Information"),
}

ICONS = (
    *("go", "fix", "stop", "none", "info", "check", "close", "plus", "right", "left", "down"),
    *("undo", "search", "today", "calendar", "people", "person", "book", "supervise", "cockpit"),
    *("file", "shield", "crisis", "video", "phone", "chair", "pin", "clock", "mail", "pen"),
    *("ask", "later", "speak", "down-file", "print", "line-off", "line-on", "camera-off", "door"),
    *("pause", "end", "record", "id", "group", "lock", "key", "settings", "house", "language"),
    *("sign-out", "history", "theme", "more", "brand"),
)


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """Draw one icon of the sprite. Silent to screen readers unless it has a label."""
    css = f"icon {extra}" if extra else "icon"
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


def _mark(css: str, state: str, text: str) -> SafeString:
    """Colour, icon and word together; an unknown state reads as information."""
    known = state if state in STATE_WORDS else "info"
    return format_html(
        '<span class="{}" data-state="{}">{}<span>{}</span></span>',
        css,
        known,
        icon(known),
        unbroken(text or STATE_WORDS[known]),
    )


@register.simple_tag
def badge(state: str, text: str = "") -> SafeString:
    """A status where something is decided. `state` is go, fix, stop, none or info."""
    return _mark("badge", state, text)


@register.simple_tag(name="state")
def state_mark(state: str, text: str = "") -> SafeString:
    """A status in a table or in a sentence. `state` is go, fix, stop, none or info."""
    return _mark("state", state, text)


@register.simple_tag
def state_word(state: str) -> str:
    """The default word of a state, for an icon that stands without text."""
    return str(STATE_WORDS.get(state, STATE_WORDS["info"]))


@register.inclusion_tag("parts/clause.html")
def clause(number: str) -> dict[str, str]:
    """The tag that names a clause of the guideline, such as G1.1, and leads to it in the map."""
    return {"number": number}


@register.simple_tag
def icon_names() -> tuple[str, ...]:
    """Every icon of the sprite, for the page of components."""
    return ICONS


@register.filter
def when(value: datetime | None, precision: str = "m") -> str:
    """A moment in the current time zone: 2026-11-24 14:00. Precision "s" adds the seconds."""
    if not value:
        return ""
    form = "%Y-%m-%d %H:%M:%S" if precision == "s" else "%Y-%m-%d %H:%M"
    return _time(_local(value), form)


@register.filter
def when_zone(value: datetime | None) -> str:
    """A moment with its zone written out, for what is kept: 2026-11-24 14:00 (UTC+8)."""
    return _with_zone(value, "")


@register.filter
def when_told(value: datetime | None) -> str:
    """A moment as a client is told it: 2026-11-24（二）14:00 臺北時間."""
    return _with_zone(value, "en" if get_language() == "en" else "zh")


@register.filter
def meets(value: datetime | None, where: str = "") -> str:
    """When staff meet: 11 月 24 日（二）14:00. On what is "kept" the year always stands with it."""
    if not value:
        return ""
    said = meeting(value, kept=where == "kept")
    return format_html('<time datetime="{}">{}</time>', _local(value).isoformat(), said)


def _with_zone(value: datetime | None, language: str) -> str:
    if not value:
        return ""
    local = _local(value)
    clock, zone = re.fullmatch(r"(.*\d\d:\d\d) (.+)", moment(local, language=language)).groups()
    kept = '<time datetime="{}">{}</time> <span class="nowrap">{}</span>'
    return format_html(kept, local.isoformat(), clock, zone)


def _time(value: date | datetime, form: str) -> SafeString:
    """A date or a moment as an element, which says to machines exactly which one is meant."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), value.strftime(form))


def _local(value: datetime) -> datetime:
    """The moment in the current time zone; a naive one is taken to be there already."""
    if timezone.is_naive(value):
        return timezone.make_aware(value)
    return timezone.localtime(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as 2026-11-24; a moment gives its date in the current time zone.

    In an attribute, such as an address, the text alone is wanted: ``date:"Y-m-d"``.
    """
    if not value:
        return ""
    return _time(_local(value).date() if isinstance(value, datetime) else value, "%Y-%m-%d")


# A date, with or without the time of day behind it, or a telephone number; no part of an address.
NUMBERS = re.compile(
    r"(?<![\w/.=-])\+?\d+(?:-\d+)+(?:(?: |（.）)\d\d:\d\d(?::\d\d)?)?(?![\w/-])"
    r"|民國 ?\d+ ?年(?: ?\d\d? ?月)?(?: ?\d\d? ?日)?"
    r"|(?:\d{4} 年 )?\d\d? 月 \d\d? 日（.）\d\d:\d\d"
    r"|[A-Z][a-z]{2} \d\d? [A-Z][a-z]{2}(?: \d{4})? \d\d:\d\d",
    re.ASCII,
)


@register.filter
def unbroken(words: str) -> SafeString:
    """Text that came together elsewhere, with each date and telephone number on one line.

    What is markup already stays as it is.
    """
    if hasattr(words, "__html__"):
        return words
    text, parts, at = str(words), [], 0
    for number in NUMBERS.finditer(text):
        parts.append((text[at : number.start()], number[0]))
        at = number.end()
    kept = format_html_join("", '{}<span class="nowrap">{}</span>', parts)
    return format_html("{}{}", kept, text[at:])


@register.filter
def weekday(value: date) -> str:
    """The weekday as a calendar heads its columns: 一, Mon."""
    return date_format(value, "D").removeprefix("星期")


@register.filter
def age_on(birth: date | None, on: date | None = None) -> int | str:
    """Full years of age on a date; without a date, today."""
    if not birth:
        return ""
    on = on or timezone.localdate()
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


@register.filter
def tel(number: str) -> str:
    """The address of a link that calls a number as written; empty where there is nothing to dial."""
    return href(number)


@register.simple_tag
def fill_words(words: str, values: Mapping[str, str]) -> SafeString:
    """Fill ``{placeholders}`` of a content file; the values come out as text."""
    return unbroken(fill(words, values))


@register.filter
def item(mapping: Mapping | None, key: str) -> object:
    """A value whose key holds a hyphen, such as `widget.attrs|item:"data-look"`."""
    return mapping.get(key, "") if mapping else ""
