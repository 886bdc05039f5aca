"""The tests' clinic and who works there, as rows."""

from datetime import UTC, date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange

from clinic.accounts.models import Authenticator, User
from clinic.kernel.roles import Role
from clinic.organisation.models import Clinic, County, OpeningHours, Premises, Room, Town
from clinic.staff.models import Credential, Practitioner

PASSWORD = "a long pass phrase 2026"


# Who works at the tests' clinic: by what fixtures call them, name, roles and profession.
STAFF = {
    "admin": ("lixia", [Role.ADMIN], ""),
    "counsellor": ("guyu", [Role.COUNSELLOR], "counselling"),
    # Another counsellor, who has nothing to do with the first one's clients.
    "stranger": ("chunfen", [Role.COUNSELLOR], "counselling"),
    "supervisor": ("lichun", [Role.SUPERVISOR, Role.COUNSELLOR], "counselling"),
    "intern": ("mangzhong", [Role.INTERN], "intern_counselling"),
}


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


def make_member(who: str) -> User:
    name, roles, kind = STAFF[who]
    return make_user(name, *roles, kind=kind)


def certify(user: User) -> None:
    """Put the psychologist's certificate on file, from long before the tests."""
    certificate = Credential(practitioner=user.practitioner, kind=Credential.Kind.CERTIFICATE)
    certificate.number, certificate.period = "示範諮心字第 1 號", DateRange(date(2016, 1, 1), None)
    certificate.save()


def license_ever(user: User, premises: Premises) -> Credential:
    """Put a practice licence on file that is in force before, during and long after the tests."""
    return Credential.objects.create(
        practitioner=user.practitioner,
        kind=Credential.Kind.PRACTICE_LICENCE,
        number="示範執業字第 000109 號",
        period=DateRange(date(2020, 1, 1), date(2040, 1, 1)),
        county=premises.town.county,
        premises=premises,
    )


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


def make_premises(town: Town) -> Premises:
    place = Premises.objects.create(name="本所", town=town, street="示範路 1 號")
    Room.objects.create(premises=place, name="春室")
    return place


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
