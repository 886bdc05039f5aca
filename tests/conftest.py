"""What every test stands on: a real database as the serving role, a small clinic, people in it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.db import connections
from django.test import Client, TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from clinic.accounts.models import Authenticator, User
from clinic.embedded.environment import make_seal
from clinic.embedded.redis import free_port
from clinic.kernel.roles import Role
from clinic.organisation.models import Clinic, County, OpeningHours, Premises, Room, Town
from clinic.staff.models import Practitioner
from tests.databases import end_other_sessions
from tests.demo.kept import KeptDemo

PASSWORD = "a long pass phrase 2026"


def _flush_as_owner(self) -> None:
    """The serving role cannot empty append-only tables; the owner does it after such tests."""
    call_command("flush", verbosity=0, interactive=False, database="owner")


TransactionTestCase._fixture_teardown = _flush_as_owner


def _is_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("browser", "faults"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every worker begin with its share of the long tests, so that none is left for the end.

    pytest-xdist gives each worker a piece of the list, one after the other, as equal as can be.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if _is_long(item)]
    short = iter([item for item in items if not _is_long(item)])
    order: list[pytest.Item] = []
    for number in range(workers):
        piece = (len(items) - len(order)) // (workers - number)
        share = long[number::workers]
        order += [*share, *islice(short, max(piece - len(share), 0))]
    items[:] = [*order, *short]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """One database, made by the owning role; the serving role is a second way into it."""
    with django_db_blocker.unblock():
        made = setup_databases(0, interactive=False, aliases={"default", "owner"})
    yield
    with django_db_blocker.unblock():
        end_other_sessions()
        connections.close_all()
        teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def quick_passwords(request, settings):
    """A fast hasher everywhere but in tests marked ``real_passwords``."""
    if "real_passwords" not in request.keywords:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def unhashed_static_files(settings):
    """Pages name static files as they lie in the source; nothing has to be collected first."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir(mode=0o700)


@pytest.fixture(scope="session")
def seal_files(tmp_path_factory) -> tuple[Path, Path]:
    """A sealing key and its certificate, for this run alone."""
    folder = tmp_path_factory.mktemp("seal")
    key_file, cert_file = folder / "seal-key.pem", folder / "seal-cert.pem"
    make_seal(key_file, cert_file)
    return key_file, cert_file


@pytest.fixture(autouse=True)
def own_seal(settings, seal_files):
    settings.SEAL_KEY_FILE, settings.SEAL_CERT_FILE = seal_files


@pytest.fixture(scope="session")
def kept_demo(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[KeptDemo]:
    kept = KeptDemo(tmp_path_factory.mktemp("demo"))
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


def make_user(name: str, *roles: str, kind: str = "", joined: bool = True) -> User:
    """Make an account with a confirmed second factor, and its practitioner if ``kind`` is given."""
    user = User(
        email=f"{name}@clinic.example",
        name=name,
        roles=list(roles),
        invited_at=datetime(2026, 1, 1, tzinfo=UTC),
        joined_at=datetime(2026, 1, 2, tzinfo=UTC) if joined else None,
    )
    user.set_password(PASSWORD)
    user.save()
    if joined:
        key = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        Authenticator.objects.create(user=user, name="app", confirmed=True, key=key)
    if kind:
        Practitioner.objects.create(user=user, kind=kind)
    return user


# Who works at the tests' clinic: by what fixtures call them, name, roles and profession.
STAFF = {
    "admin": ("lixia", [Role.ADMIN], ""),
    "counsellor": ("guyu", [Role.COUNSELLOR], "counselling"),
    # Another counsellor, who has nothing to do with the first one's clients.
    "stranger": ("chunfen", [Role.COUNSELLOR], "counselling"),
    "supervisor": ("lichun", [Role.SUPERVISOR, Role.COUNSELLOR], "counselling"),
    "intern": ("mangzhong", [Role.INTERN], "intern_counselling"),
}


def make_member(who: str) -> User:
    name, roles, kind = STAFF[who]
    return make_user(name, *roles, kind=kind)


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


def make_town() -> Town:
    """臺北市文山區, with a second township and a second county beside it."""
    taipei = County.objects.create(code="63000", name_zh="臺北市", name_en="Taipei City")
    other = County.objects.create(code="65000", name_zh="新北市", name_en="New Taipei City")
    Town.objects.create(
        code="65000060", county=other, name_zh="新店區", name_en="Xindian", postal_code="231"
    )
    return Town.objects.create(
        code="63000080", county=taipei, name_zh="文山區", name_en="Wenshan", postal_code="116"
    )


@pytest.fixture
def town(db) -> Town:
    return make_town()


def make_premises(town: Town) -> Premises:
    place = Premises.objects.create(name="本所", town=town, street="示範路 1 號")
    Room.objects.create(premises=place, name="春室")
    return place


@pytest.fixture
def premises(town) -> Premises:
    return make_premises(town)


def make_clinic(town: Town, responsible: User) -> Clinic:
    """A clinic whose set-up lacks nothing but an approval."""
    for weekday in range(1, 6):
        OpeningHours.objects.create(weekday=weekday, opens="09:00", closes="21:00")
    return Clinic.objects.create(
        name="廿四節氣心理諮商所（虛構）",
        name_en="Twenty-Four Seasons Counselling Clinic (fictional)",
        neutral_name="節氣工作室",
        licence_number="示範第 1 號",
        phone="0000-000-001",
        neutral_phone="0000-000-002",
        town=town,
        street="示範路 1 號",
        communication_system="示範視訊",
        responsible=responsible,
    )


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
