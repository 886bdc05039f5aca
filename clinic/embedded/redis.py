"""A Redis server of our own, on 127.0.0.1 with a password. It carries hints and keeps nothing."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import RedisError

from clinic.embedded import processes, programs
from clinic.embedded.accounts import Account
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.places import Places

START_SECONDS = 20
ATTEMPTS = 5
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
daemonize no
save ""
appendonly no
"""


@contextmanager
def redis(places: Places, account: Account | None, password: str) -> Iterator[tuple]:
    """Run the server until the end of the block; give the process and its address.

    :raises EmbeddedError: when it does not start; with the end of its log.
    """
    program = programs.redis_server(account, places.program)
    processes.clear_leftovers("redis-server", places.redis, signal.SIGTERM)
    for _ in range(ATTEMPTS):
        port = free_port()
        server = _start(str(program), places, account, port, password)
        try:
            if not _answers(server, port, password):
                continue  # mostly: somebody took the port in between
            yield server, f"redis://:{password}@127.0.0.1:{port}/0"
            return
        finally:
            processes.stop_server(server, (signal.SIGTERM,))
    log = places.log / "redis.log"
    raise EmbeddedError(f"Redis did not start.\n{processes.tail(log)}", f"The whole log is {log}.")


def free_port() -> int:
    """Return a port on 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _start(
    program: str, places: Places, account: Account | None, port: int, password: str
) -> subprocess.Popen:
    quoted = '"' + str(places.redis).replace("\\", "\\\\").replace('"', '\\"') + '"'
    return processes.start_server(
        [program, "-"],
        account=account,
        log=places.log / "redis.log",
        death=signal.SIGTERM,
        stdin=CONFIGURATION.format(port=port, password=password, folder=quoted),
    )


def _answers(server: subprocess.Popen, port: int, password: str) -> bool:
    """Tell whether the server came up and knows our password."""
    deadline = time.monotonic() + START_SECONDS
    client = Redis(port=port, password=password, socket_timeout=2)
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return bool(client.ping())
        except RedisError:
            time.sleep(0.02)
        finally:
            client.close()
    return False
