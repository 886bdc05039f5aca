"""What every test stands on: a real database as the serving role, a small clinic, people in it."""

import gc
import io
import logging
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count, islice
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as in_use
from django.db import connections
from django.test import Client, TransactionTestCase, override_settings
from django.test.utils import teardown_databases
from django.utils import timezone
from pytest_django.plugin import blocking_manager_key

from clinic.accounts.models import Authenticator, User
from clinic.embedded.environment import make_seal
from clinic.embedded.redis import free_port
from clinic.kernel.logs import Line
from clinic.organisation.models import Clinic, Premises, Town
from tests import databases
from tests.demo.kept import KeptDemo
from tests.house import make_clinic, make_member, make_premises, make_town
from tests.stages import Stages, in_order

TransactionTestCase._fixture_teardown = lambda _self: databases.empty()


def _is_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("browser", "faults"))


def _needs_demo(item: pytest.Item) -> bool:
    return "kept_demo" in item.fixturenames


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every worker begin with its share of the long tests, so that none is left for the end.

    pytest-xdist gives each worker a piece of the list, one after the other, as equal as can be.
    Those with the demo come last of the long ones: one worker loads it for all.
    """
    items[:] = in_order(items)
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = sorted(filter(_is_long, items), key=_needs_demo)
    short = iter([item for item in items if not _is_long(item)])
    order: list[pytest.Item] = []
    for number in range(workers):
        piece = (len(items) - len(order)) // (workers - number)
        share = long[number::workers]
        order += [*share, *islice(short, max(piece - len(share), 0))]
    items[:] = [*order, *short]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Take stages down before any fixture of a test that is not to find them, even a module's."""
    with item.config.stash[blocking_manager_key].unblock():
        Stages.make_way(item)


def pytest_collection_finish() -> None:
    """Spare the collector what lives to the end: the programs, and thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory) -> Path:
    """A folder that is the same for all workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if databases.WORKER else own


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings, shared_folder
):
    """This worker's database. What still stands or is open is ended before it is dropped."""
    with django_db_blocker.unblock():
        made = databases.set_up(shared_folder)
    yield
    with django_db_blocker.unblock():
        Stages.make_way(None)
        databases.end_other_sessions()
        connections.close_all()
        teardown_databases(made, verbosity=0)
        databases.drop_copies(shared_folder)


@pytest.fixture(scope="session", autouse=True)
def house_settings(django_test_environment, tmp_path_factory) -> Iterator[None]:
    """What no test sets for itself: passwords hashed quickly, static files as they lie in the source.

    Documents are sealed with a key and a certificate of this run alone.
    """
    seal = tmp_path_factory.mktemp("seal")
    key_file, cert_file = seal / "seal-key.pem", seal / "seal-cert.pem"
    make_seal(key_file, cert_file)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES=in_use.STORAGES | {"staticfiles": plain},
        SEAL_KEY_FILE=key_file,
        SEAL_CERT_FILE=cert_file,
    ):
        yield


@pytest.fixture(scope="session")
def media_folders(tmp_path_factory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("media")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_media(settings, media_folders):
    settings.MEDIA_ROOT = next(media_folders)
    settings.MEDIA_ROOT.mkdir(mode=0o700)


@pytest.fixture(scope="session")
def kept_demo(django_db_setup, django_db_blocker, shared_folder) -> Iterator[KeptDemo]:
    kept = KeptDemo(shared_folder / "demo")
    yield kept
    with django_db_blocker.unblock():
        kept.drop()


@pytest.fixture
def demo_clinic(kept_demo, settings, now) -> None:
    """The demo's clinic in the database; for tests that are marked as transactional."""
    settings.DEMO = True
    kept_demo.put_into_place(now)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def admin(db) -> User:
    return make_member("admin")


@pytest.fixture
def counsellor(db) -> User:
    return make_member("counsellor")


@pytest.fixture
def stranger(db) -> User:
    return make_member("stranger")


@pytest.fixture
def supervisor(db) -> User:
    return make_member("supervisor")


@pytest.fixture
def intern(db) -> User:
    return make_member("intern")


@pytest.fixture
def town(db) -> Town:
    return make_town()


@pytest.fixture
def premises(town) -> Premises:
    return make_premises(town)


@pytest.fixture
def clinic(premises, town, supervisor) -> Clinic:
    return make_clinic(town, supervisor)


def sign_in(user: User, *, verified: bool = True) -> Client:
    """Return a browser that is signed in as ``user``."""
    client = Client()
    client.force_login(user, backend="clinic.accounts.backend.AccountBackend")
    session = client.session
    session["seen_at"] = session["signed_in_at"] = timezone.now().timestamp()
    if verified:
        device = Authenticator.objects.get(user=user)
        session["otp_device_id"] = device.persistent_id
    session.save()
    return client


@pytest.fixture
def browse():
    """``browse(user)`` is a signed-in, verified browser."""
    return sign_in


@pytest.fixture
def days():
    """``days(3)`` is a span of three days."""
    return lambda number: timedelta(days=number)


@pytest.fixture
def log(monkeypatch) -> io.StringIO:
    """What the console's handler writes, at its most talkative."""
    root, written = logging.getLogger(), io.StringIO()
    (console,) = [h for h in root.handlers if isinstance(h.formatter, Line)]
    monkeypatch.setattr(console, "stream", written)
    monkeypatch.setattr(root, "level", logging.DEBUG)
    return written


@pytest.fixture
def full_disk(monkeypatch) -> None:
    """Files can be made, as on a disk that is full, and none takes a byte."""
    made = tempfile.mkstemp

    def full() -> int:
        return os.open("/dev/full", os.O_WRONLY)

    def half(**options) -> tuple[int, str]:
        descriptor, name = made(**options)
        os.close(descriptor)
        return full(), name

    monkeypatch.setattr("tempfile.mkstemp", half)
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **options: os.fdopen(full(), "wb"))


class Collecting:
    """Takes every mail of the test's own server."""

    def __init__(self):
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  aiosmtpd names it
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def mailbox(settings) -> Iterator[list[EmailMessage]]:
    """A real SMTP server; the list holds what it took, oldest first."""
    taken = Collecting()
    server = Controller(taken, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield taken.messages
    server.stop()
