"""The embedded servers, started for real in folders of their own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError
from redis.retry import Retry

from clinic.embedded import environment
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.safety import check_parents

PROJECT = Path(__file__).resolve().parent.parent
SECONDS = 30
PRINT_AND_WAIT = "import os, time; print('up', flush=True); time.sleep(600)"


def start(data: Path, *command: str) -> subprocess.Popen:
    """Start a command beside servers of its own, whatever runs beside this test."""
    servers = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    env = {name: value for name, value in os.environ.items() if name not in servers}
    return subprocess.Popen(
        [sys.executable, "-m", "clinic.embedded", "--fast", "--data", str(data), *command],
        cwd=PROJECT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen) -> tuple[int, str]:
    """Wait for the end; return the code and what went to stderr."""
    _, complaint = process.communicate(timeout=SECONDS)
    return process.returncode, complaint


def servers_of(data: Path) -> list[psutil.Process]:
    """Return the server processes that work in this folder."""
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.cwd().startswith(f"{data}/"):
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.fixture(scope="module")
def root():
    """Give a short path in an open folder; pytest's own is long, and closed to other users."""
    made = Path(tempfile.mkdtemp(prefix="ce-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def running(root):
    """Give a data folder whose servers run, and its settings."""
    data = root / "running"
    process = start(data, sys.executable, "-c", PRINT_AND_WAIT)
    assert process.stdout.readline() == "up\n"
    yield data, environment.read(data / "demo.env")
    process.send_signal(signal.SIGTERM)
    assert said(process) == (128 + signal.SIGTERM, "")
    assert servers_of(data) == []


def refused(url: str, statement: str) -> str:
    """Return the SQLSTATE with which a statement is refused."""
    with psycopg.connect(url) as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute(statement)
    return caught.value.sqlstate


def test_roles_rights(running):
    with psycopg.connect(running[1]["DATABASE_OWNER_URL"]) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls"
            " FROM pg_roles WHERE rolcanlogin ORDER BY rolname"
        ).fetchall()
        owner = connection.execute(
            "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'clinic'"
        ).fetchone()
    assert rows == [
        ("clinic_owner", False, True, False, False, False),
        ("clinic_web", False, False, False, False, False),
        ("postgres", True, True, True, True, True),
    ]
    assert owner == ("clinic_owner",)


def test_web_role_cannot_make_tables_or_databases(running):
    url = running[1]["DATABASE_URL"]
    assert refused(url, "CREATE TABLE mine (id int)") == "42501"
    assert refused(url, "CREATE TEMPORARY TABLE mine (id int)") == "42501"
    assert refused(url, "CREATE SCHEMA mine") == "42501"
    assert refused(url, "SET ROLE clinic_owner") == "42501"


def test_owner_role_makes_tables_and_is_no_superuser(running):
    url = running[1]["DATABASE_OWNER_URL"]
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.rollback()
    assert refused(url, "COPY pg_class TO '/tmp/leak'") == "42501"
    assert refused(url, "SET ROLE postgres") == "42501"


@pytest.mark.parametrize("role", ["clinic_owner", "clinic_web", "postgres"])
@pytest.mark.parametrize("password", ["", "wrong"])
def test_password_required(running, role, password):
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(host=f"{running[0]}/run", user=role, dbname="clinic", password=password)
    expected = "password authentication failed" if password else "no password supplied"
    assert expected in str(caught.value)


def test_redis_password_required(running):
    port = int(running[1]["REDIS_URL"].rpartition(":")[2].split("/")[0])
    assert Redis.from_url(running[1]["REDIS_URL"]).ping()
    with pytest.raises(AuthenticationError):
        Redis(port=port, retry=Retry(NoBackoff(), 0)).ping()


def listening_of(process: psutil.Process) -> set[str]:
    """Addresses at which a process takes connections; a backend may end while it is asked."""
    try:
        places = process.net_connections("inet")
    except psutil.NoSuchProcess:
        return set()
    return {place.laddr.ip for place in places if place.status == psutil.CONN_LISTEN}


def test_addresses_beyond_this_computer_none(running):
    listening = {ip for process in servers_of(running[0]) for ip in listening_of(process)}
    assert listening == {"127.0.0.1"}


def test_modes_closed_to_others(running):
    data = running[0]
    modes = {item.name: stat.S_IMODE(item.stat().st_mode) for item in data.iterdir()}
    private = dict.fromkeys(("keys", "log", "mail", "media", "postgres", "redis", "static"), 0o700)
    files = dict.fromkeys(("demo.env", "lock", "passwords.json"), 0o600)
    assert modes == {".clinic-embedded": modes[".clinic-embedded"], "run": 0o750} | private | files
    assert stat.S_IMODE(data.stat().st_mode) & 0o007 == 0
    assert {p.stat().st_mode & 0o077 for p in (data / "keys").iterdir()} == {0}


def test_second_start_on_the_same_folder_refused(running):
    code, complaint = said(start(running[0], "true"))
    assert code == 1
    assert complaint.startswith(f"{running[0]} is in use by another run (process ")
    assert "--data" in complaint


def test_path_too_long_refused(root):
    data = root / ("long" * 20)
    code, complaint = said(start(data, "true"))
    assert code == 1
    assert complaint.startswith(f"The path {data} is too long")
    assert not data.exists()


def test_unmarked_folder_refused_and_untouched(root):
    data = root / "foreign"
    data.mkdir(mode=0o755)
    (data / "letter.txt").write_text("mine")
    code, complaint = said(start(data, "true"))
    assert (code, complaint.splitlines()[0]) == (
        1,
        f"{data} is not empty, and it is not a data folder of this program.",
    )
    assert [item.name for item in data.iterdir()] == ["letter.txt"]
    assert stat.S_IMODE(data.stat().st_mode) == 0o755


def test_folder_below_one_open_to_all_refused(root):
    parent = root / "open"
    parent.mkdir()
    parent.chmod(0o777)
    code, complaint = said(start(parent / "data", "true"))
    assert code == 1
    assert f"{parent}, where every user of this computer may rename" in complaint
    assert list(parent.iterdir()) == []


def test_folder_below_a_private_one_refused(root):
    """Under root the servers run as another user, here played by one who reaches nothing private."""

    class Stranger:
        def reaches(self, path: Path) -> bool:
            return all(p.stat().st_mode & stat.S_IXOTH for p in (path, *path.parents))

    private = root / "private"
    private.mkdir(mode=0o700)
    with pytest.raises(EmbeddedError) as caught:
        check_parents(private / "data", Stranger())
    assert f"lies below {private}, which is closed to other users (mode 0700)" in str(caught.value)
    assert "--data" in caught.value.remedy
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_command_code_returned_and_nothing_left(root):
    data = root / "short"
    process = start(
        data, "sh", "-c", 'test -n "$DATABASE_URL$REDIS_URL" && exec sleep 597 & exit 7'
    )
    assert said(process) == (7, "")
    assert servers_of(data) == []
    left = [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "597"]]
    assert left == []


def test_killed_run_is_followed_by_a_good_one(root):
    """After SIGKILL of the parent nothing stays behind, and what was written is still there."""
    data = root / "killed"
    process = start(data, sys.executable, "-c", PRINT_AND_WAIT)
    assert process.stdout.readline() == "up\n"
    values = environment.read(data / "demo.env")
    with psycopg.connect(values["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    process.kill()
    process.communicate(timeout=SECONDS)
    question = "import os, psycopg; c = psycopg.connect(os.environ['DATABASE_OWNER_URL']);"
    question += "print(c.execute('SELECT answer FROM kept').fetchone()[0])"
    again = start(data, sys.executable, "-c", question)
    answer, complaint = again.communicate(timeout=SECONDS)
    assert (again.returncode, answer, complaint) == (0, "42\n", "")
    after = environment.read(data / "demo.env")
    assert {n: v for n, v in after.items() if "KEY" in n} == {
        n: v for n, v in values.items() if "KEY" in n
    }
