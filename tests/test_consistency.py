"""What is written twice says the same: settings and README, clauses and answers, pins and reasons."""

import ast
import re
import tomllib

import pytest

from clinic.kernel.evidence import EVIDENCE
from clinic.kernel.guideline import CLAUSES, EXCUSES
from clinic.kernel.readiness import REQUIREMENTS, Phase
from tests.architecture.house import ROOT, files, modules, modules_of_tests, text

SETTINGS = "clinic/settings.py"
READERS = {"optional", "required", "switch", "whole_number", "hosts", "mail_address"}
READERS |= {
    "secret",
    "site",
    "broker",
    "keyring",
    "database",
    "mail_server",
}  # of clinic.environment

# guideline-map: sections of 「通訊諮商專業指引」, its consent items, the Student Guidance Act.
CLAUSE_IDS = [
    "G0.1",
    "G0.2",
    "G0.3",
    "G1.1",
    "G1.2",
    "G1.3",
    "G2.1",
    "G2.2",
    "G2.3",
    "G2.4.1",
    "G2.4.2",
    "G2.5",
    "G3.1",
    "G3.2",
    "G4.1",
    "G4.2",
    "G5.1",
    "G5.2",
    "G5.3",
    "G6.1",
    "G6.2",
    "G6.3",
    "G7.1",
    "G7.2",
    "G8.1",
    "G8.2",
    "G8.3",
    "G9.1",
    "G9.2",
    "G9.3",
    "G10.1",
    "G10.2",
    "G10.3",
    "G10.4",
    "G11",
    "A1",
    "A2",
    "A3",
    "A4",
    "A5",
    "A6",
    "A7",
    "A8",
    "A9",
    "A10",
    "A11",
    "S4",
    "S6",
    "S7",
    "S11",
    "S11-1",
    "S12",
    "S12-1",
    "S14",
]
ACCEPTED_EXCUSES = {"not built yet", "no code can answer it"}

# A folder of one machine, or where packages are fetched from. In pieces, so that this file has none.
NOT_HERE = re.compile(
    "|".join(
        "/".join(parts)
        for parts in (
            ("", "work", ""),
            (r"(?<![\w.])", "home", r"\w"),  # not within an address of the web
            ("", "root", r"[\w.]"),
            ("", "Users", ""),
            ("", "opt", "venv"),
        )
    )
)
ADDRESSES = re.compile(r"https?:/" + r"/|--(extra-)?index" + r"-url|--find" + r"-links|git\+")
LEFT_OVER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")


def variables_read() -> set[str]:
    """Return the names of environment variables that settings.py reads."""
    found = set()
    for call in ast.walk(ast.parse(text(ROOT / SETTINGS))):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        asked = isinstance(call.func, ast.Name) and call.func.id in READERS
        name = call.args[0]
        if asked and isinstance(name, ast.Constant):
            found.add(name.value)
    return found


def variables_in_readme() -> list[str]:
    """Return what stands in the first column of the table under the heading Settings."""
    section = re.search(
        r"^## Settings$(.*?)(?=^## |\Z)", text(ROOT / "README.md"), re.MULTILINE | re.DOTALL
    )
    cells = [line.split("|")[1] for line in section[1].splitlines() if line.startswith("|")]
    return [name for cell in cells for name in re.findall(r"`([A-Z][A-Z0-9_]*)`", cell)]


def test_the_readme_lists_every_setting_once():
    assert sorted(variables_in_readme()) == sorted(variables_read())


def test_the_readme_lists_what_the_gate_asks_when_by_which_clauses_and_what_is_never_overridden():
    part = text(ROOT / "README.md").partition("### What the gate asks\n")[2].partition("\n###")[0]
    rows = [line.split("|")[2] for line in part.splitlines() if line.startswith("|")][2:]
    found = re.compile(r"(\*\*)?`([a-z_.]+)`(?:\*\*)? \(([^)]+)\)")
    assert [
        {code: (clauses.split(", "), bool(bold)) for bold, code, clauses in found.findall(row)}
        for row in rows
    ] == [
        {
            rule.code: (list(rule.clauses), rule.absolute)
            for rule in REQUIREMENTS.values()
            if min(rule.phases, key=[*Phase].index) == phase
        }
        for phase in Phase
    ]


def test_the_environment_is_read_in_one_place():
    allowed = ("clinic/environment.py", "clinic/embedded")
    others = [p for p in modules() if not str(p).startswith(allowed)]
    found = {str(p) for p in others if re.search(r"\benviron\b(?!\.setdefault)|getenv", text(p))}
    assert found == set()


def test_the_catalogue_is_the_guideline_map():
    assert list(CLAUSES) == CLAUSE_IDS


def test_every_clause_is_answered_or_excused_and_none_is_both():
    answered = {c for asked in (*REQUIREMENTS.values(), *EVIDENCE.values()) for c in asked.clauses}
    assert (answered | set(EXCUSES), answered & set(EXCUSES)) == (set(CLAUSE_IDS), set())
    assert set(EXCUSES.values()) == ACCEPTED_EXCUSES


def test_every_dependency_says_why():
    lines = text(ROOT / "pyproject.toml").splitlines()
    listed = tomllib.loads("\n".join(lines))
    wanted = [*listed["project"]["dependencies"], *listed["dependency-groups"]["dev"]]
    said = [
        match[1]
        for line in lines
        if (match := re.fullmatch(r'\s+"(.+)",\s+# \w.{8,}', line)) and match[1] in wanted
    ]
    assert said == wanted


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_its_hashes_and_no_address(name):
    pinned = text(ROOT / name)
    pins = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", pinned, flags=re.MULTILINE).strip())
    assert [
        pin
        for pin in pins
        if not re.match(r"[\w.-]+(\[.+\])?==\S+ .*--hash=sha256:", pin, re.DOTALL)
    ] == []
    assert ADDRESSES.findall(pinned) == []


def everything() -> list:
    """Return every text file of the project but generated ones and the licence."""
    kinds = (
        ".py",
        ".html",
        ".txt",
        ".toml",
        ".css",
        ".js",
        ".svg",
        ".csv",
        ".po",
        ".md",
        ".sh",
        "",
    )
    folders = ("clinic", "consent", "sessions", "crisis", "supervision", "templates", "static")
    found = files(*kinds, folders=(*folders, "tests", "locale", "bin", ".ci"))
    top = [p.relative_to(ROOT) for p in ROOT.iterdir() if p.is_file() and p.suffix in kinds]
    return [
        p
        for p in (*found, *top)
        if p.name not in ("LICENSE", ".git") and "__pycache__" not in p.parts
    ]


def test_no_folder_of_one_machine_is_named():
    assert [f"{p}: {m}" for p in everything() for m in NOT_HERE.findall(text(p))] == []


def test_nothing_is_left_for_later_in_a_comment():
    assert [f"{p}: {m}" for p in everything() for m in LEFT_OVER.findall(text(p))] == []


def test_nothing_is_skipped_or_expected_to_fail():
    marks = re.compile(r"pytest\.(?:mark\.)?(?:skip|x" + r"fail|import" + r"orskip)\w*")
    assert {f"{p}: {m}" for p in modules_of_tests() for m in marks.findall(text(p))} == set()
