"""The demo's mail server: a real one, which keeps every message in a file and sends none on.

Run as ``python -m clinic.embedded.mailbox``; folder and port come from DEMO_MAIL_DIR and EMAIL_URL
unless named. A file is called TIME-RANDOM.eml, so that sorting names sorts by arrival.
"""

import argparse
import asyncio
import os
import secrets
import signal
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 20_000_000  # bytes of one message


class Mailbox:
    """Writes each message to a file of its own."""

    def __init__(self, folder: Path):
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - name set by aiosmtpd
        """Keep the message with its envelope in two header lines; answer the sender."""
        headers = f"X-Envelope-From: {envelope.mail_from}\r\n"
        headers += f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        try:
            keep(self.folder, headers.encode() + envelope.original_content)
        except OSError:
            return "451 4.3.0 The message could not be stored"
        return "250 2.0.0 Stored"


def keep(folder: Path, message: bytes) -> Path:
    """Write one message under a name that sorts by arrival; it appears whole or not at all."""
    target = folder / f"{time.time_ns()}-{secrets.token_hex(4)}.eml"
    half = target.with_suffix(".half")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(message)
    return half.replace(target)


async def serve(folder: Path, port: int) -> None:
    """Take mail on 127.0.0.1 until SIGINT or SIGTERM."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, ended.set)
    mailbox = Mailbox(folder)

    def session() -> SMTP:
        return SMTP(mailbox, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname="localhost")

    async with await loop.create_server(session, "127.0.0.1", port):
        print(f"Mail server on 127.0.0.1:{port}", flush=True)
        await ended.wait()


def main() -> int:
    """Run the server; return its code."""
    options = argparse.ArgumentParser(prog="python -m clinic.embedded.mailbox")
    options.add_argument("--dir", type=Path, default=os.environ.get("DEMO_MAIL_DIR"))
    port = urlsplit(os.environ.get("EMAIL_URL", "")).port
    options.add_argument("--port", type=int, default=port)
    chosen = options.parse_args()
    if not chosen.dir or not chosen.port:
        options.error("name --dir and --port, or set DEMO_MAIL_DIR and EMAIL_URL")
    chosen.dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    asyncio.run(serve(chosen.dir, chosen.port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
