"""What ``bin/demo`` and ``bin/manage`` say and accept, without their servers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from clinic.embedded import demo
from clinic.embedded.errors import EmbeddedError

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
