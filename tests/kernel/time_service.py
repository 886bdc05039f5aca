"""A timestamp service over HTTP (RFC 3161) with a key of its own, for tests."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import pem, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.sign.timestamps import DummyTimeStamper


@contextmanager
def serving() -> Iterator[tuple[str, bytes]]:
    """Give (address, certificate in PEM) while the service runs."""
    key = rsa.generate_private_key(65537, 2048)
    certificate = _certificate(key)
    stamper = _stamper(key, certificate)
    with answering(
        lambda asked: stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
    ) as address:
        yield address, certificate


@contextmanager
def answering(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """Give the address of a service that answers each request with ``answer(request)``."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.answer = answer
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


class Answer(BaseHTTPRequestHandler):
    """Answers whatever it is asked."""

    def do_POST(self):
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        stamp = self.server.answer(asked)
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(stamp)))
        self.end_headers()
        self.wfile.write(stamp)

    def log_message(self, *args):
        """Say nothing."""


def _certificate(key: rsa.RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time service (fictional)")])
    now = datetime.now(UTC)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def _stamper(key: rsa.RSAPrivateKey, certificate: bytes) -> DummyTimeStamper:
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return DummyTimeStamper(
        asn1_x509.Certificate.load(pem.unarmor(certificate)[2]),
        load_private_key_from_pemder_data(private, passphrase=None),
    )
