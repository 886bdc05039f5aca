"""``bin/demo``: a small clinic with everything that it needs, until Ctrl-C."""

import argparse
import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from clinic.embedded import environment, processes
from clinic.embedded.__main__ import told
from clinic.embedded.accounts import server_account
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.places import PROJECT, Places, claimed, default_data
from clinic.embedded.redis import free_port
from clinic.embedded.running import Conductor, servers

READY_SECONDS = 120
LAST_PORT = 65535
# Taken from the environment when set there; never a database, which might be a real one.
FROM_OUTSIDE = ("ALLOWED_HOSTS", "EMAIL_URL", "PUBLIC_BASE_URL", "TSA_URL")
OWN_SERVERS = {"DATABASE_URL": True, "REDIS_URL": True}


def parser() -> argparse.ArgumentParser:
    """Return the options of ``bin/demo``."""
    options = argparse.ArgumentParser(prog="bin/demo", description="Run the demo clinic.")
    options.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (8000)")
    options.add_argument("--data", type=Path, help=f"data folder ({default_data()})")
    options.add_argument("--fresh", action="store_true", help="delete the folder's data first")
    return options


def main() -> int:
    """Run the demo; return 0 when it was told to stop."""
    options = parser().parse_args()
    check_port(options.port)
    conductor = Conductor()
    conductor.listen()
    account = server_account()
    places = Places(options.data or default_data())
    print(f"Data: {places.data}", flush=True)
    with claimed(places, account, options.fresh):
        os.umask(0o077)
        with servers(places, OWN_SERVERS) as addresses:
            values = settings(places, options.port, addresses)
            cast = prepare(conductor, places, values)
            return run(conductor, places, options.port, values, cast)


def check_port(port: int) -> None:
    """Refuse a port that cannot be had.

    :raises EmbeddedError: when somebody listens there, or it is no port.
    """
    choose = "Choose another one: bin/demo --port N"
    if not 1 <= port <= LAST_PORT:
        raise EmbeddedError(f"{port} is no port: they go from 1 to {LAST_PORT}.", choose)
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OSError as error:
        raise EmbeddedError(
            f"Port {port} cannot be used: {error.strerror or error}.", choose
        ) from error


def settings(places: Places, port: int, addresses: dict[str, str]) -> dict[str, str]:
    """Return the demo's settings and write them to ``demo.env``; keys stay as they are there."""
    values = environment.keys(places) | environment.read(places.settings)
    values |= environment.folders(places) | {
        "DEMO": "1",
        "MAIL_FROM": "no-reply@season.example",
        "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "TSA_URL": "",
    }
    values |= {name: os.environ[name] for name in FROM_OUTSIDE if os.environ.get(name)}
    values["ALLOWED_HOSTS"] = hosts(values["PUBLIC_BASE_URL"])
    values |= addresses
    environment.write(places.settings, values)
    return values


def hosts(public: str) -> str:
    """Return what is set, else the public host; and where we ask whether it is ready."""
    named = os.environ.get("ALLOWED_HOSTS", "")
    if not named:
        with suppress(ValueError):  # the settings say what is wrong with the address
            named = urlsplit(public).hostname or ""
    return ",".join(dict.fromkeys(filter(None, [named, "127.0.0.1", "localhost"])))


def prepare(conductor: Conductor, places: Places, values: dict[str, str]) -> str:
    """Migrate, gather static files and load the demo's people; return what the loading said."""
    manage = [sys.executable, str(PROJECT / "manage.py")]
    env = os.environ | values
    said = b""
    for step in (
        ["migrate", "--noinput", "--verbosity", "0"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
        ["seed_demo"],
    ):
        child = conductor.start(
            [*manage, *step], env, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        with child.stdout:
            said = child.stdout.read()
        code = conductor.finish()
        if conductor.stopped_by:
            sys.exit(128 + conductor.stopped_by)
        if code:
            sys.stderr.buffer.write(said)
            raise EmbeddedError(
                f"manage.py {step[0]} failed with code {code}.",
                f"The reason stands above. To begin anew: {places.begin_anew}",
            )
    return said.decode(errors="replace").strip()


def run(conductor: Conductor, places: Places, port: int, values: dict[str, str], cast: str) -> int:
    """Run all processes of the Procfile until told to stop; say when the demo can be used.

    :raises EmbeddedError: when a process ends by itself; with the end of the log.
    """
    log = places.log / "demo.log"
    own_mail = values["EMAIL_URL"].startswith("smtp://127.0.0.1:") and "EMAIL_URL" not in os.environ
    command = [sys.executable, "-m", "honcho", "--app-root", str(PROJECT), "--env", os.devnull]
    command += ["--no-colour", "start", "--port", str(port), "web", "worker", "beat"]
    command += ["mail"] if own_mail else []
    env = os.environ | values
    with log.open("wb") as output:
        child = conductor.start(
            command, env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    answer = wait_until_ready(child, port)
    if answer == "":
        announce(places, port, cast, log)
    elif child.poll() is None:
        child.terminate()
    conductor.finish()
    if conductor.stopped_by:
        print("Stopped.", flush=True)
        return 0
    raise EmbeddedError(
        f"The demo ended by itself. {answer}\n{processes.tail(log, 25)}", f"The whole log is {log}."
    )


def wait_until_ready(child: subprocess.Popen, port: int) -> str:
    """Return an empty text when our pages can be used, else what was answered at last.

    The port was free when we began, many seconds ago; somebody else may have taken it since.
    """
    answer = "Nothing answered."
    deadline = time.monotonic() + READY_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz/ready")
            response = connection.getresponse()
            if not processes.listens(child.pid, port):
                answer = f"Another program answers at port {port}."
            elif response.status == http.HTTPStatus.OK:
                return ""
            else:
                said = response.read(500).decode(errors="replace")
                answer = f"/healthz/ready: {response.status} {said}"
        except OSError:
            pass
        except http.client.HTTPException as error:
            answer = f"/healthz/ready: {error}"
        finally:
            connection.close()
        time.sleep(0.1)
    return answer


def announce(places: Places, port: int, cast: str, log: Path) -> None:
    """Print the address alone on its line, then the accounts and how to get in."""
    print(f"Ready: http://127.0.0.1:{port}", flush=True)
    if cast:
        print(cast)
    print(f"One-time code for an account: bin/manage{places.option} otp EMAIL")
    print(f"Every mail that was sent:     http://127.0.0.1:{port}/demo/mail/")
    print(f"What the processes say:       {log}")
    print("Ctrl-C stops everything.", flush=True)


if __name__ == "__main__":
    sys.exit(told(main))
