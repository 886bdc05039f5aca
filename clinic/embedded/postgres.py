"""A PostgreSQL server of our own: one socket, passwords for every role, no role of the system's."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from clinic.embedded import processes, programs
from clinic.embedded.accounts import Account
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.places import Places

START_SECONDS = 60
SUPERUSER, OWNER, WEB, DATABASE = "postgres", "clinic_owner", "clinic_web", "clinic"
ROLES = {
    OWNER: "LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    WEB: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS",
}
SETTINGS = {
    "listen_addresses": "",  # the socket only
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",  # statements hold people's data
}
# For tests alone: a power cut would destroy the database, passwords are hashed once, and small
# tables are joined as they are written, for planning would take longer than any order saves.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "scram_iterations": "1",
    "from_collapse_limit": "1",
    "join_collapse_limit": "1",
}


@contextmanager
def postgres(
    places: Places, account: Account | None, passwords: dict[str, str], fast: bool
) -> Iterator[subprocess.Popen]:
    """Run the server, with both roles and the database made, until the end of the block.

    :param passwords: by role, the superuser's among them.
    :raises EmbeddedError: when it does not start; with the end of its log.
    """
    binaries = programs.postgres_bin(account, places.program)
    log = places.log / "postgres.log"
    processes.clear_leftovers("postgres", places.postgres, signal.SIGINT)
    (places.postgres / "postmaster.pid").unlink(missing_ok=True)
    _check_version(places)
    if not places.postgres.exists():
        _initialise(places, account, binaries, passwords[SUPERUSER], fast)
    settings = SETTINGS | {"unix_socket_directories": str(places.run)}
    settings |= FAST_SETTINGS if fast else {}
    command = [str(binaries / "postgres"), "-D", str(places.postgres)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    # SIGINT is PostgreSQL's "fast" shutdown: it waits for no client.
    server = processes.start_server(command, account=account, log=log, death=signal.SIGINT)
    try:
        _wait(server, places, passwords[SUPERUSER], log)
        with _connection(places, passwords[SUPERUSER]) as connection:
            _make_roles(connection, passwords)
        yield server
    finally:
        processes.stop_server(server, (signal.SIGINT, signal.SIGQUIT))


def address(places: Places, role: str, password: str) -> str:
    """Return the address of the database for a role, in the form that libpq understands too."""
    host = urlencode({"host": str(places.run)}, quote_via=quote)
    return f"postgres://{role}:{password}@/{DATABASE}?{host}"


def _check_version(places: Places) -> None:
    """Refuse a cluster that another major version made: it could not be read."""
    written = places.postgres / "PG_VERSION"
    if written.exists() and written.read_text().strip() != programs.VERSION:
        raise EmbeddedError(
            f"The database in {places.data} was made by PostgreSQL {written.read_text().strip()},"
            f" and this is version {programs.VERSION}.",
            f"Choose another folder with --data, or begin anew with {places.begin_anew}",
        )


def _initialise(
    places: Places, account: Account | None, binaries: Path, password: str, fast: bool
) -> None:
    """Make the cluster beside its place and move it there when it is whole."""
    half = places.postgres.with_name("postgres.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    password_file = places.run / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(password + "\n")
    if account:
        os.chown(half, account.uid, account.gid)
        os.chown(password_file, account.uid, account.gid)
    command = [str(binaries / "initdb"), "-D", str(half), "--username", SUPERUSER]
    command += ["--pwfile", str(password_file), "--auth=scram-sha-256", "--encoding=UTF8"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--no-instructions", *(["--no-sync"] if fast else [])]
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    options = account.start_options() if account else {}
    made = subprocess.run(
        command, cwd="/", env=environment, capture_output=True, text=True, check=False, **options
    )
    password_file.unlink()
    if made.returncode != 0:
        raise EmbeddedError(
            f"PostgreSQL could not make its files in {places.data}: {made.stderr.strip()}",
            "Look at the reason above; often the disk is full or too little memory is free.",
        )
    (half / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    half.rename(places.postgres)


def _connection(places: Places, password: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(places.run),
        user=SUPERUSER,
        password=password,
        dbname="postgres",
        autocommit=True,
        connect_timeout=5,
    )


def _wait(server: subprocess.Popen, places: Places, password: str, log: Path) -> None:
    """Return when the server takes connections."""
    deadline = time.monotonic() + START_SECONDS
    refusal = ""
    while time.monotonic() < deadline and server.poll() is None:
        try:
            _connection(places, password).close()
        except psycopg.OperationalError as error:
            refusal = str(error).strip()
            time.sleep(0.05)
        else:
            return
    raise EmbeddedError(
        f"PostgreSQL did not start in {places.data}. {refusal}\n{processes.tail(log)}",
        f"The whole log is {log}.",
    )


def _make_roles(connection: psycopg.Connection, passwords: dict[str, str]) -> None:
    """Make both roles and the database, or put them right. Nobody else may connect to it."""
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for role, rights in ROLES.items():
        verb = "ALTER" if role in known else "CREATE"
        connection.execute(
            sql.SQL("{} ROLE {} {} PASSWORD {}").format(
                sql.SQL(verb), sql.Identifier(role), sql.SQL(rights), sql.Literal(passwords[role])
            )
        )
    asked = "SELECT 1 FROM pg_database WHERE datname = %s"
    if connection.execute(asked, [DATABASE]).fetchone() is None:
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
    connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {WEB}")
