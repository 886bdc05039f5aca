"""What ``bin/demo`` and ``bin/manage`` say and accept, without their servers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from clinic.embedded import demo, environment, manage, postgres
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.places import PROJECT, Places, default_data
from clinic.embedded.running import Conductor

SERVE = """
from http.server import BaseHTTPRequestHandler, HTTPServer

class Well(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

server = HTTPServer(("127.0.0.1", 0), Well)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen]:
    """Give a process in place of the demo's; it and what it started end with the block."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    child = subprocess.Popen(command, **pipes, text=True, start_new_session=True)
    with child:
        yield child
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


@pytest.fixture
def places(tmp_path) -> Places:
    """A folder that is not the default one, and whose name a shell would take for two."""
    made = Places(tmp_path / "my data")
    made.data.mkdir()
    return made


def anew(places: Places) -> str:
    return f"bin/demo --data '{places.data}' --fresh"


def test_how_to_begin_anew_names_the_folder_whose_data_it_deletes(places):
    assert (places.option, places.begin_anew) == (f" --data '{places.data}'", anew(places))
    default = Places(default_data())
    assert (default.option, default.begin_anew) == ("", "bin/demo --fresh")


def test_a_line_that_cannot_be_read_is_told_with_the_folder(places):
    places.settings.write_text("no setting")
    with pytest.raises(EmbeddedError) as caught:
        environment.read(places.settings)
    assert caught.value.remedy == f"Mend the line, or begin anew with {anew(places)}"


def test_another_databases_version_is_told_with_the_folder(places):
    places.postgres.mkdir()
    (places.postgres / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError) as caught:
        postgres._check_version(places)
    words = "Choose another folder with --data, or begin anew with"
    assert caught.value.remedy == f"{words} {anew(places)}"


def test_a_step_that_ends_badly_is_told_with_the_folder(places, monkeypatch):
    monkeypatch.setattr(demo, "PROJECT", places.data)
    (places.data / "manage.py").write_text("raise SystemExit(3)")
    with pytest.raises(EmbeddedError) as caught:
        demo.prepare(Conductor(), places, {})
    assert (caught.value.message, caught.value.remedy) == (
        "manage.py migrate failed with code 3.",
        f"The reason stands above. To begin anew: {anew(places)}",
    )


def test_the_command_for_a_code_can_be_pasted(places, capsys):
    demo.announce(places, 8000, "", places.log)
    line = "One-time code for an account: bin/manage --data '{}' otp EMAIL"
    assert line.format(places.data) in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("project", ["/srv/clinic", "/srv/" + "long" * 20])
def test_a_user_without_a_home_gets_the_folder_beside_the_code(project, monkeypatch):
    def nobody(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr("clinic.embedded.places.PROJECT", Path(project))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("os.geteuid", lambda: 4321)
    monkeypatch.setattr("pwd.getpwuid", nobody)
    for name in ("HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert default_data() == Path(project, ".demo")
    assert f"data folder ({project}/.demo)\n" in demo.parser().format_help()


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--version"],
        ["otp", "--help"],
        ["guideline", "--json"],
        ["load", "--data", "x"],
    ],
)
def test_what_is_not_its_own_reaches_manage_py(words, places, monkeypatch):
    started = []
    places.settings.write_text("DEMO=1\n")
    monkeypatch.setattr(manage, "held", lambda places: True)
    monkeypatch.setattr("os.umask", lambda mask: None)
    monkeypatch.setattr("os.execve", lambda program, command, env: started.append(command))
    monkeypatch.setattr("sys.argv", ["manage", "--data", str(places.data), *words])
    manage.main()
    assert started == [[sys.executable, str(PROJECT / "manage.py"), *words]]


@pytest.mark.parametrize(("before", "code"), [("SIG_IGN", 0), ("SIG_DFL", 129)])
def test_a_hang_up_that_nohup_ignores_stays_ignored(before, code):
    program = f"""
import os, signal
from clinic.embedded.running import Conductor
signal.signal(signal.SIGHUP, signal.{before})
Conductor().listen()
os.kill(os.getpid(), signal.SIGHUP)
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=False)
    assert ended.returncode == code


@pytest.mark.parametrize("port", [-1, 0, 65536, 99999])
def test_what_is_no_port_is_refused(port):
    with pytest.raises(EmbeddedError) as caught:
        demo.check_port(port)
    assert str(caught.value) == (
        f"{port} is no port: they go from 1 to 65535.\nChoose another one: bin/demo --port N"
    )


def test_the_answer_of_a_process_below_ours_says_that_it_is_ready():
    below = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SERVE!r}])"
    with running(sys.executable, "-c", below) as child:
        assert demo.wait_until_ready(child, int(child.stdout.readline())) == ""


def test_the_answer_of_somebody_elses_server_does_not():
    with running(sys.executable, "-c", "input()") as child:

        class Stranger(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                child.kill()  # as ours ends that cannot have its port

        server = HTTPServer(("127.0.0.1", 0), Stranger)
        thread = Thread(target=server.serve_forever)
        thread.start()
        answer = demo.wait_until_ready(child, server.server_port)
        server.shutdown()
        thread.join()
        server.server_close()
    assert answer == f"Another program answers at port {server.server_port}."


@pytest.mark.parametrize(
    ("outside", "hosts"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"PUBLIC_BASE_URL": "https://clinic.example"}, "clinic.example,127.0.0.1,localhost"),
        ({"ALLOWED_HOSTS": "a.example,b.example"}, "a.example,b.example,127.0.0.1,localhost"),
        ({"PUBLIC_BASE_URL": "https://[::1"}, "127.0.0.1,localhost"),
    ],
)
def test_the_demo_answers_at_its_public_address_and_where_it_is_asked_whether_it_is_ready(
    outside, hosts, places, monkeypatch
):
    for name in demo.FROM_OUTSIDE:
        monkeypatch.delenv(name, raising=False)
    for name, value in outside.items():
        monkeypatch.setenv(name, value)
    places.keys.mkdir()
    assert demo.settings(places, 8000, {})["ALLOWED_HOSTS"] == hosts
