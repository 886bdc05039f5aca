"""``bin/setup``, on a project whose pip and venv are played: nothing is fetched."""

import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SECONDS = 60
# Both stand in the folder that setup works in, so ``python -m`` finds them before the real ones.
VENV = """\
import os, sys
if __name__ == "__main__":
    os.makedirs(".venv/bin", exist_ok=True)
    os.symlink(sys.executable, ".venv/bin/python")
"""
# As pip does: a package whose files lie there is not installed again, with its programs or without.
PIP = """\
import os, pathlib, signal, sys
package, program = pathlib.Path(".venv/package"), pathlib.Path(".venv/bin/django-admin")
if "install" in sys.argv:
    with open("asked", "a") as asked:
        asked.write("install\\n")
if "install" in sys.argv and not package.exists():
    package.touch()
    if os.path.exists("interrupt"):
        os.kill(os.getpid(), signal.SIGTERM)
    program.write_text("#!/bin/sh\\ntouch compiled\\n")
    program.chmod(0o755)
"""


@pytest.fixture
def project(tmp_path) -> Path:
    """A project of one catalogue and no requirement."""
    (tmp_path / "bin").mkdir()
    shutil.copy2(PROJECT / "bin" / "setup", tmp_path / "bin")
    catalogue = tmp_path / "locale" / "zh_Hant" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    (catalogue / "django.po").touch()
    for name, text in (("requirements.txt", ""), ("venv.py", VENV), ("pip.py", PIP)):
        (tmp_path / name).write_text(text)
    return tmp_path


def set_up(project: Path) -> tuple[int, str]:
    """Run it; return the code and the last line that it said."""
    command = [str(project / "bin" / "setup")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.returncode, (done.stderr.splitlines() or [""])[-1]


def state(project: Path) -> dict[str, bool]:
    names = (".venv/.installing", ".venv/.installed-runtime", "compiled")
    return {name: (project / name).exists() for name in names}


def test_what_was_broken_off_is_made_anew(project):
    (project / "interrupt").touch()
    assert set_up(project)[0] == 143
    assert state(project) == {
        ".venv/.installing": True,
        ".venv/.installed-runtime": False,
        "compiled": False,
    }
    lock = (project / ".venv" / ".lock").stat().st_ino
    (project / "interrupt").unlink()
    assert set_up(project) == (0, "Installing requirements.txt into .venv")
    assert state(project) == {
        ".venv/.installing": False,
        ".venv/.installed-runtime": True,
        "compiled": True,
    }
    assert (project / ".venv" / ".lock").stat().st_ino == lock


def test_broken_off_while_the_environment_is_made(project):
    broken = (
        "import os, signal\nif __name__ == '__main__':\n    os.kill(os.getpid(), signal.SIGTERM)"
    )
    (project / "venv.py").write_text(broken)
    assert set_up(project)[0] == 143
    (project / "venv.py").write_text(VENV)
    assert set_up(project)[0] == 0
    assert state(project)["compiled"]


def test_what_is_installed_is_left_alone(project):
    for _ in range(2):
        assert set_up(project)[0] == 0
    assert (project / "asked").read_text() == "install\n"
