"""A cell: the process in which hostile content is handled. Run as a folder: ``python -I cell JOB``.

It holds no key, no database and no settings of the clinic. It loads its job once; each request
is then worked on in a fork of its own, under limits of time and memory, so that one request
can neither see nor harm the next. Ends when its owner closes the pipe.
"""

import json
import os
import resource
import select
import signal
import sys
import time
from importlib import import_module

from frames import TOOK_TOO_LONG, Request, read_frame, write_frame

CPU_SECONDS = 30
WALL_SECONDS = 60
MEMORY_BYTES = 2 * 1024**3
FILE_BYTES = 128 * 1024**2
OPEN_FILES = 64
ANSWER_BYTES = 128 * 1024**2
SAYS_HOW = {signal.SIGXCPU: TOOK_TOO_LONG, signal.SIGKILL: TOOK_TOO_LONG}


def main() -> None:
    """Serve requests from stdin on stdout until stdin ends."""
    name, options = sys.argv[1], json.loads(sys.argv[2])
    cpu_seconds = int(options.pop("cpu_seconds", CPU_SECONDS))
    wall_seconds = int(options.pop("wall_seconds", WALL_SECONDS))
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)  # what a library prints must not end up between the answers
    with import_module(name).prepare(options) as work:
        while (request := read_frame(source)) is not None:
            sink.write(_answer(work, request, (source, sink), (cpu_seconds, wall_seconds)))
            sink.flush()


def _answer(work, request: Request, owner_pipes, seconds: tuple[int, int]) -> bytes:
    """Do one request in a fork; return its answer, or a refusal in its place.

    :param seconds: of the processor's time, and of anybody's.
    """
    cpu_seconds, wall_seconds = seconds
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        for pipe in owner_pipes:
            os.close(pipe.fileno())
        _work_and_exit(work, request, writing, cpu_seconds)
    os.close(writing)
    answer = _read_until(reading, child, time.monotonic() + wall_seconds)
    os.close(reading)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) or not answer:
        how = SAYS_HOW.get(os.WTERMSIG(status), "crashed") if os.WIFSIGNALED(status) else "crashed"
        return write_frame({"refused": how}, b"")
    return answer


def _read_until(pipe: int, child: int, deadline: float) -> bytes:
    """Read the child's answer; kill it when it takes too long or says too much."""
    parts, size = [], 0
    while select.select([pipe], [], [], max(0, deadline - time.monotonic()))[0]:
        part = os.read(pipe, 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > ANSWER_BYTES:
            break
    os.kill(child, signal.SIGKILL)
    return b""


def _work_and_exit(work, request: Request, writing: int, cpu_seconds: int) -> None:
    """Work under limits, write the answer, and leave without any cleaning up."""
    try:
        _limit(cpu_seconds)
        head, body = work(request)
        answer = write_frame(head, body)
    except MemoryError:
        answer = write_frame({"refused": "took too much memory"}, b"")
    except BaseException as error:  # noqa: BLE001  whatever it was, it is the content's fault
        answer = write_frame({"refused": f"{type(error).__name__}: {error}"[:500]}, b"")
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(answer)
    os._exit(0)


def _limit(cpu_seconds: int) -> None:
    limits = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_FSIZE: FILE_BYTES,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for what, limit in limits.items():
        resource.setrlimit(what, (limit, limit))


if __name__ == "__main__":
    main()
