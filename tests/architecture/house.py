"""The shape of the house: which files there are, to which unit each belongs, who may import whom."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# Each app and the apps that it may import.
APPS = {
    "clinic": set(),
    "consent": {"clinic"},
    "sessions": {"clinic"},
    "crisis": {"clinic", "sessions"},
    "supervision": {"clinic", "sessions", "crisis"},
}
# The folders of clinic/, each may import those before it.
FOLDERS = (
    "kernel",
    "organisation",
    "accounts",
    "staff",
    "people",
    "cases",
    "clients",
    "today",
    "demo",
)
ASIDE = {
    "clinic.errors": set(),  # what a refusal is: at the bottom, for everybody
    "clinic.embedded": set(),  # boots servers before any setting exists
    "clinic.templatetags": {"clinic.kernel", "clinic.errors"},
}
COMPOSITION = "clinic"  # settings, urls, celery, registries: may import all folders, nobody it
GENERATED = "migrations"


def may_import() -> dict[str, set[str]]:
    """Return for each unit (an app, or a folder of ``clinic/``) the units it may import."""
    folders = [f"clinic.{name}" for name in FOLDERS]
    table = {unit: {unit, *allowed} for unit, allowed in ASIDE.items()}
    for place, unit in enumerate(folders):
        table[unit] = {"clinic.errors", *folders[: place + 1]}
    table[COMPOSITION] = {COMPOSITION, *folders, *ASIDE}
    for app, allowed in APPS.items():
        if app != "clinic":
            inside = {*folders, "clinic.errors"} - {"clinic.demo"}
            table[app] = {app, *(allowed - {"clinic"}), *inside}
    return table


def unit_of(module: str) -> str | None:
    """Return the unit of a dotted name; None for what is not ours."""
    app, _dot, rest = module.partition(".")
    if app not in APPS:
        return None
    if app != "clinic":
        return app
    unit = f"clinic.{rest.partition('.')[0]}"
    return unit if unit in may_import() else COMPOSITION


def module_of(path: Path) -> str:
    """Return the dotted name of a file given relative to the root."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def files(*suffixes: str, folders: tuple[str, ...]) -> list[Path]:
    """Return our files with these suffixes, relative to the root; without generated ones."""
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            relative = path.relative_to(ROOT)
            if path.suffix in suffixes and GENERATED not in relative.parts and path.is_file():
                found.append(relative)
    return found


def modules() -> list[Path]:
    """Return every module of the product."""
    return [*files(".py", folders=(*APPS,)), Path("manage.py")]


def modules_of_tests() -> list[Path]:
    """Return every module of the tests."""
    return files(".py", folders=("tests",))


def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def is_view(path: Path) -> bool:
    """Whether a file holds views, by its name or by its folder's."""
    names = (*path.parts[:-1], path.stem)
    return any(name == "views" or name.endswith("_views") for name in names)
