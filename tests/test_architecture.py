"""The house keeps its shape: direction of imports and relations, no ties by string, sizes.

Every limit can be lifted for a place, with the reason beside it; a reason that nothing needs any
more fails too. That each rule finds what it forbids is shown in ``tests/architecture``.
"""

import pytest
from django.apps import apps
from django.conf import settings

from clinic.kernel.access import all_views
from tests.architecture import rules
from tests.architecture.house import (
    APPS,
    FOLDERS,
    ROOT,
    files,
    is_view,
    may_import,
    modules,
    modules_of_tests,
    text,
    unit_of,
)

LIFTED = {
    rules.loads_by_string: {
        "clinic/kernel/audit/history.py: get_model of a name made at run time": (
            "the name stands in the audit row, whose subject may be of any app"
        ),
        "clinic/kernel/documents/cell/__main__.py: import_module of a name made at run time": (
            "a closed list of two jobs; the cell must not load the other one's libraries"
        ),
    },
    rules.imports_against_the_table: {
        "crisis/demo.py: crisis imports clinic.demo.parts.demo_part": (
            "each app's part of the demo joins by this one name; nothing else of the demo is used"
        ),
        "supervision/demo.py: supervision imports clinic.demo.parts.demo_part": (
            "each app's part of the demo joins by this one name; nothing else of the demo is used"
        ),
        "consent/demo.py: consent imports clinic.demo.parts.demo_part": (
            "each app's part of the demo joins by this one name; nothing else of the demo is used"
        ),
        "sessions/demo.py: sessions imports clinic.demo.parts.demo_end": (
            "its part of the demo joins by this one name, after those that a session stands on"
        ),
    },
    rules.foreign_url_names: {
        "clinic/kernel/access.py: names the address second_step": (
            "refusing leads to signing in; Django's LOGIN_URL is a name as well"
        ),
        "clinic/kernel/access.py: names the address sign_in": (
            "refusing leads to signing in; Django's LOGIN_URL is a name as well"
        ),
        "clinic/today/frame.py: names the address form_list": (
            "the navigation is one list in one order; what it names stands in the same bar"
        ),
        "clinic/organisation/views.py: names the address setup": (
            "the overview of the set-up needs staff as well, so it stands there"
        ),
    },
}
EVERYWHERE = (
    *modules(),
    *modules_of_tests(),
    *files(".html", ".css", ".js", ".txt", ".toml", folders=("templates", "static", "clinic")),
)
IN_TESTS_TOO = (rules.local_imports_without_reason, rules.long_functions)


def found_by(rule) -> set[str]:
    """Return everything that a rule finds in the house."""
    if rule in rules.ANY_FILE_RULES:
        paths = EVERYWHERE
    else:
        paths = [*modules(), *(modules_of_tests() if rule in IN_TESTS_TOO else [])]
    return {finding for path in paths for finding in rule(path, text(path))}


def addresses() -> dict[str, str]:
    """Return the unit whose view stands behind each named address."""
    views = ((p.name, getattr(p.callback, "view_class", p.callback)) for _r, p in all_views())
    return {name: unit for name, view in views if name and (unit := unit_of(view.__module__))}


@pytest.mark.parametrize("rule", [*rules.PYTHON_RULES, *rules.ANY_FILE_RULES])
def test_the_house_keeps(rule):
    assert sorted(found_by(rule)) == sorted(LIFTED.get(rule, {}))


def test_no_address_of_a_unit_above_is_named():
    owners = addresses()
    found = {f for p in modules() for f in rules.foreign_url_names(p, text(p), owners)}
    assert sorted(found) == sorted(LIFTED[rules.foreign_url_names])


def relations() -> list[tuple[str, type, type]]:
    """Return (name, from model, to model) of every relation of our models."""
    found = []
    for model in apps.get_models():
        if model._meta.app_config.name not in APPS:
            continue
        fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
        found += [
            (f"{model.__name__}.{field.name}", model, field.remote_field.model)
            for field in fields
            if field.remote_field
        ]
    return found


def test_relations_point_the_way_of_imports():
    account = apps.get_model(settings.AUTH_USER_MODEL)  # named by a setting, which every unit knows
    against = [
        f"{name} points to {to.__name__}"
        for name, model, to in relations()
        if to is not account
        and (unit_of(to.__module__) or "") not in may_import()[unit_of(model.__module__)]
    ]
    assert (against, len(relations()) > 30) == ([], True)


def test_no_relation_points_to_djangos_own_web_sessions():
    strangers = {to._meta.app_label for _name, _model, to in relations()}
    assert strangers - {"clinic", "consent", "telesessions", "crisis", "supervision"} == set()


def test_the_apps_have_their_labels():
    ours = {c.name: c.label for c in apps.get_app_configs() if c.name in APPS}
    assert ours == {name: name for name in APPS} | {"sessions": "telesessions"}


def test_every_folder_of_the_clinic_is_known():
    known = {*FOLDERS, "embedded", "templatetags", "management", "migrations", "content", "data"}
    there = {path.name for path in (ROOT / "clinic").iterdir() if path.is_dir()}
    assert there - {"__pycache__"} == known


def test_every_view_stands_where_views_are_looked_for():
    places = set()
    for _route, pattern in all_views():
        view = getattr(pattern.callback, "view_class", pattern.callback)
        if unit_of(view.__module__):
            places.add(view.__module__.replace(".", "/") + ".py")
    assert {place for place in places if not is_view(ROOT / place)} == set()


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in modules_of_tests()}
    assert [str(f) for f in folders if not (ROOT / f / "__init__.py").exists()] == []
