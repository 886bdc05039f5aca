"""The rules of the house as pure functions: from a module's source to what is wrong in it."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tests.architecture.house import is_view, may_import, module_of, unit_of

MOST_FILE_LINES = 300
MOST_FUNCTION_LINES = 40
MOST_HANDLER_LINES = 15
BAD_NAMES = {"utils", "util", "helpers", "helper", "common", "services", "service", "misc"}
LOADERS = {"get_model", "import_string", "import_module", "__import__"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
URL_CALLS = {"reverse", "reverse_lazy", "redirect", "resolve_url", "with_next"}
SENDERS = {"delay", "apply_async", "send_task"}
POST = Path("clinic/kernel/outbox/post.py")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def imports_against_the_table(path: Path, source: str) -> list[str]:
    """Imports of units that this file's unit may not know."""
    unit = unit_of(module_of(path)) or "clinic"
    allowed = may_import()[unit]
    return [
        f"{path}: {unit} imports {name}"
        for name in _imported(_parsed(source), path)
        if (other := unit_of(name)) is not None and other not in allowed
    ]


def _imported(tree: ast.AST, path: Path) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.parts[: -node.level] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def loads_by_string(path: Path, source: str) -> list[str]:
    """Models and modules loaded by name: a tie that no import shows."""
    unit = unit_of(module_of(path)) or "clinic"
    found = []
    for call in _calls(source):
        if _name(call) not in LOADERS:
            continue
        first = _first_text(call)
        other = _unit_named(first) if first is not None else "a name made at run time"
        if other not in may_import()[unit]:
            found.append(f"{path}: {_name(call)} of {first or other}")
    return found


def _unit_named(dotted: str) -> str | None:
    """Return the unit of ``app.Model``, of a module's path, or of an app's label."""
    return unit_of(dotted.replace("telesessions", "sessions"))


def relations_by_string(path: Path, source: str) -> list[str]:
    """Relations that name a model in a string. They name the class, "self" or the setting."""
    return [
        f'{path}: {_name(call)}("{named}")'
        for call in _calls(source)
        if _name(call) in RELATIONS and (named := _relation_text(call)) not in (None, "self")
    ]


def _relation_text(call: ast.Call) -> str | None:
    named = [k.value for k in call.keywords if k.arg == "to"] or call.args[:1]
    constant = named[0] if named else None
    return constant.value if isinstance(constant, ast.Constant) else None


def foreign_url_names(path: Path, source: str, owners: dict[str, str]) -> list[str]:
    """Addresses named here that belong to a unit which this one may not know.

    A name of several words is an address wherever it stands; one of a single word may mean
    anything, so it counts where an address is asked for.
    """
    allowed = may_import()[unit_of(module_of(path)) or "clinic"]
    foreign = {name for name, owner in owners.items() if owner not in allowed}
    asked = {_first_text(call) for call in _calls(source) if _name(call) in URL_CALLS}
    texts = {n.value for n in ast.walk(_parsed(source)) if isinstance(n, ast.Constant)}
    named = foreign & (asked | {text for text in texts if "_" in str(text)})
    return [f"{path}: names the address {name}" for name in sorted(named)]


def wakes_the_worker(path: Path, source: str) -> list[str]:
    """Tasks sent to the broker elsewhere than in the one module for it."""
    if path == POST:
        return []
    return [f"{path}: .{_name(c)}()" for c in _calls(source) if _name(c) in SENDERS]


def delays_in_the_broker(path: Path, source: str) -> list[str]:
    """Delays that only the broker would know of."""
    return [
        f"{path}: {_name(call)}({word.arg}=…)"
        for call in _calls(source)
        for word in call.keywords
        if word.arg in ("eta", "countdown")
    ]


def objects_in_views(path: Path, source: str) -> list[str]:
    """Managers asked by a view; questions stand on querysets, beside the model."""
    if not is_view(path):
        return []
    return [
        f"{path}: {ast.unparse(node)}"
        for node in ast.walk(_parsed(source))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    ]


def local_imports_without_reason(path: Path, source: str) -> list[str]:
    """Imports inside a function with no comment on the line, or right above, that says why."""
    lines = source.splitlines()
    found = {
        f"{path}: {lines[node.lineno - 1].strip()}"
        for function in _functions(source)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not _reason(lines, node.lineno)
    }
    return sorted(found)


def _reason(lines: list[str], number: int) -> bool:
    """Whether line ``number`` (from 1), or a comment right above it, gives a reason in words."""
    comments = lines[number - 1].partition("#")[2]
    if (above := lines[number - 2].strip()).startswith("#"):
        comments += above.lstrip("#")
    return bool(re.sub(r"noqa(:\s*[A-Z0-9, ]+)?|type: ignore\S*", "", comments).strip(" #-"))


def long_files(path: Path, source: str) -> list[str]:
    """Files over the limit."""
    return [f"{path}: the file"] if len(source.splitlines()) > MOST_FILE_LINES else []


def long_functions(path: Path, source: str) -> list[str]:
    """Functions over the limit, decorators not counted."""
    return [
        f"{path}: {function.name}"
        for function in _functions(source)
        if function.end_lineno - function.lineno + 1 > MOST_FUNCTION_LINES
    ]


def long_handlers(path: Path, source: str) -> list[str]:
    """Methods of views over the limit of a handler."""
    if not is_view(path):
        return []
    return [
        f"{path}: {function.name}"
        for function in _functions(source)
        if function.end_lineno - function.lineno + 1 > MOST_HANDLER_LINES
    ]


def names_that_say_nothing(path: Path, source: str) -> list[str]:
    """Files and folders named for no noun of the clinic."""
    return [f"{path}: {name}" for name in (*path.parts[:-1], path.stem) if name in BAD_NAMES]


@lru_cache(maxsize=1000)
def _parsed(source: str) -> ast.Module:
    """Parse a module once for all rules."""
    return ast.parse(source)


def _functions(source: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(_parsed(source)) if isinstance(node, FUNCTIONS)]


def _calls(source: str) -> list[ast.Call]:
    return [node for node in ast.walk(_parsed(source)) if isinstance(node, ast.Call)]


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def _first_text(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    text = first.value if isinstance(first, ast.Constant) else None
    return text if isinstance(text, str) else None


PYTHON_RULES = (
    imports_against_the_table,
    loads_by_string,
    relations_by_string,
    wakes_the_worker,
    delays_in_the_broker,
    objects_in_views,
    local_imports_without_reason,
    long_functions,
    long_handlers,
)
ANY_FILE_RULES = (long_files, names_that_say_nothing)
