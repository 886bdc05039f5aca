"""Templates: each is used, loads only what it needs, and holds nothing that the policy forbids."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.base import Lexer, TokenType
from django.template.library import import_library
from django.views.generic import FormView

from clinic.kernel.access import all_views, policy_of
from tests.architecture.house import files, modules, text

FOLDER = Path("templates")
TEMPLATES = {
    str(p.relative_to(FOLDER)): text(p) for p in files(".html", ".txt", folders=("templates",))
}
STYLES, SCRIPTS = files(".css", folders=("static",)), files(".js", folders=("static",))
PAGES = {name: source for name, source in TEMPLATES.items() if not name.startswith("mail/")}

# Found by Django itself, by these names.
FOUND_BY_NAME = {"404.html", "500.html"} | {n for n in TEMPLATES if n.startswith("django/forms/")}

FORBIDDEN = {
    "a style in the page": r"<style|\sstyle\s*=",
    "a script in the page": r"<script(?![^>]*\ssrc=)",
    "an event handler": r"<[^>]+\son\w+\s*=",
    "an address that runs": r"javascript:",
    "text let through unescaped": r"\|\s*safe\b|safeseq|autoescape",
}
# (file, what) -> why it may be so.
LIFTED = {
    ("mail/letter.html", "a style in the page"): "mail programs read no style sheets",
    ("mail/letter.txt", "text let through unescaped"): "plain text, in which & is &",
    ("clinic/kernel/documents/render.py", "mark_safe"): "a builder's template has escaped it",
}
# The one way out to another site: „leave quickly“ needs a page that anybody might look at.
AWAY = {"client.html": ['href="https://www.cwa.gov.tw/']}


def test_every_template_is_used():
    sources = [*TEMPLATES.values(), *(text(path) for path in modules())]
    named = {
        name for source in sources for name in re.findall(r"""["']([\w/.-]+\.\w+)["']""", source)
    }
    assert set(TEMPLATES) - named - FOUND_BY_NAME == set()


def parts_of(library: str) -> set[str]:
    """Return the names of the tags and filters that a library brings."""
    engine = engines["django"].engine
    found = import_library(engine.libraries[library])
    return {*found.tags, *found.filters}


def used_in(source: str) -> set[str]:
    """Return tags and filters as a template uses them."""
    used = set()
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            used.add(token.split_contents()[0])
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            used |= set(re.findall(r"\|\s*(\w+)", token.contents))
    return used


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_load_is_needed(name):
    loaded = " ".join(re.findall(r"{% load ([^%]+) %}", TEMPLATES[name])).split()
    used = used_in(TEMPLATES[name])
    assert [library for library in loaded if not parts_of(library) & used] == []
    assert len(loaded) == len(set(loaded))


def findings() -> set[tuple[str, str]]:
    """Return (file, what) for everything that is forbidden in templates and in Python."""
    found = {
        (name, what)
        for name, source in TEMPLATES.items()
        for what, pattern in FORBIDDEN.items()
        if re.search(
            pattern, re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", source), re.IGNORECASE
        )
    }
    for path in modules():
        if match := re.search(r"\b(mark_safe|SafeString|SafeText|SafeData)\(", text(path)):
            found.add((str(path), match[1]))
    return found


def test_nothing_unsafe_stands_in_pages_but_with_a_reason():
    assert findings() == set(LIFTED)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("<p style='color:red'>", "a style in the page"),
        ("<script>go()</script>", "a script in the page"),
        ("<button onclick='go()'>", "an event handler"),
        ("<a href='javascript:go()'>", "an address that runs"),
        ("{{ name|safe }}", "text let through unescaped"),
        ("{% autoescape off %}", "text let through unescaped"),
    ],
)
def test_what_is_forbidden_is_found(source, what):
    assert [name for name, pattern in FORBIDDEN.items() if re.search(pattern, source)] == [what]


# These filters draw elements; an attribute wants the text alone.
DRAWN = r"""[\w-]=(["'])(?:(?!\1)[^<>])*\|\s*(?:when|when_zone|when_told|meets|day|unbroken)\b"""


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_element_is_drawn_in_an_attribute(name):
    assert [match[0] for match in re.finditer(DRAWN, TEMPLATES[name])] == []


def with_its_parts(name: str) -> str:
    """Return a template with everything that it extends and includes."""
    source = TEMPLATES.get(name, "")
    names = re.findall(r"""{% (?:extends|include) ["']([\w/.-]+)["']""", source)
    return source + "".join(with_its_parts(other) for other in names)


def test_what_is_typed_on_a_page_of_staff_can_be_kept_for_its_writer():
    views = {getattr(pattern.callback, "view_class", None) for _route, pattern in all_views()}
    # Behind a mailed link nobody is signed in, and each answer is saved at its tap: nothing to keep.
    pages = [v for v in views if v and issubclass(v, FormView) and policy_of(v).level == 2]
    assert len(pages) > 10
    assert [
        v.__name__ for v in pages if 'name="_writer"' not in with_its_parts(v.template_name)
    ] == []


def test_every_class_that_a_style_sheet_dresses_is_worn():
    sheets = "".join(re.sub(r"/\*.*?\*/", "", text(p), flags=re.DOTALL) for p in STYLES)
    heads = [head for head in re.findall(r"([^{}]+){", sheets) if not head.strip().startswith("@")]
    dressed = {name for head in heads for name in re.findall(r"\.([a-z][a-z-]*)", head)}
    strings = [q for path in modules() for q in re.findall(r'"[^"\n]*"', text(path))]
    wearers = [*TEMPLATES.values(), *strings, *map(text, SCRIPTS)]
    assert dressed - {w for source in wearers for w in re.findall(r"[a-z-]+", source)} == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_changes_something_carries_its_token(name):
    forms = re.findall(
        r"<form\b(?=[^>]*method=.post)(?:(?!</form>).)*", PAGES[name], re.DOTALL | re.IGNORECASE
    )
    assert [form for form in forms if "{% csrf_token %}" not in form] == []


def test_every_page_for_what_went_wrong_names_the_numbers_for_somebody_in_danger():
    """Whoever meets one may be in a crisis; a page that stands alone names them itself."""
    wrong = {name for name in PAGES if re.fullmatch(r"\d{3}(_\w+)?\.html", name)}
    alone = {name for name in wrong if '{% extends "error_page.html" %}' not in PAGES[name]}
    dialled = {n: re.findall(r'href="tel:(\d+)"', PAGES[n]) for n in {"error_page.html", *alone}}
    numbers = ["119", "110", "1925"]
    assert dialled == {"error_page.html": numbers, "500.html": numbers * 2}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_names_another_site(name):
    named = re.findall(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//[^\"']*", PAGES[name])
    assert named == AWAY.get(name, [])


def test_the_way_out_sends_no_word_of_where_one_comes_from():
    (link,) = re.findall(r"<a\b[^>]*https?://[^>]*>", PAGES["client.html"])
    assert 'rel="noreferrer noopener"' in link


def test_the_policy_for_browsers_allows_nothing_inline_and_nobody_else():
    allowed = {
        s for sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for s in sources
    }
    assert allowed == {"'none'", "'self'"}
