"""Building the demo's clinic, by the same actions that the pages call."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.accounts import actions as accounts
from clinic.accounts.models import User
from clinic.accounts.second_step import current_code
from clinic.clients import actions as clients
from clinic.clients import place_actions as places
from clinic.demo.cast import CLIENTS, FAMILY_NAMES, PASSWORD, SOLAR_TERMS, STAFF, Client, Member
from clinic.demo.parts import ENDINGS, PARTS
from clinic.errors import Refused
from clinic.kernel.action import action
from clinic.kernel.actors import Actor, System
from clinic.kernel.roles import Role
from clinic.organisation import actions as organisation
from clinic.organisation.divisions import load_divisions
from clinic.organisation.models import Premises, Room, Town
from clinic.people.models import Person
from clinic.staff import actions as staff
from clinic.staff import approval_actions as approvals
from clinic.staff.models import Approval, Credential

STREET = "示範路 1 號"


class NotTheDemo(Refused):
    """The database holds something else; the demo keeps away from it."""


def seed(now: datetime) -> None:
    """Build the cast on an empty database; on the demo's own, do nothing.

    Raises NotTheDemo when the database holds accounts of somebody else.
    """
    if User.objects.filter(email=STAFF[0].email).exists():
        _ask_whole()
        return
    if User.objects.exists() or Person.objects.exists():
        raise NotTheDemo(
            "demo.occupied",
            "This database holds other data, so the demo is not loaded.",
            "Choose another data folder.",
        )
    load_divisions()
    load_demo(by=System("demo"), now=now)


@action("demo.load", says=_("loaded the demo"))
def load_demo(*, by: Actor, now: datetime) -> None:
    """Build the cast and what every app adds to it: one transaction, so all of it or nothing."""
    start = now - timedelta(days=200)
    admin = _join(
        accounts.invite(
            email=STAFF[0].email,
            name=STAFF[0].name,
            roles=STAFF[0].roles,
            language="zh-hant",
            by=System("setup"),
            now=start,
        ),
        start,
    )
    members = {STAFF[0].key: admin}
    premises = _organisation(admin, start)
    organisation.set_hours(hours=_hours(timezone.localtime(now)), by=admin, now=start)
    for member in STAFF[1:]:
        members[member.key] = _member(member, premises, members, admin, now)
    organisation.set_responsible(user=members["lichun"], by=admin, now=start)
    _approval(premises, members, admin, now)
    for number, client in enumerate(CLIENTS, start=11):
        _client(client, number, members[client.counsellor], now)
    for part in (*PARTS, *ENDINGS):
        part(members, now)


def _ask_whole() -> None:
    if not Person.objects.filter(name=CLIENTS[-1].name).exists():
        raise NotTheDemo(
            "demo.half", "Loading the demo was interrupted.", "Begin anew on an empty database."
        )


def _organisation(admin: User, now: datetime) -> Premises:
    town = _town("臺北市文山區")
    organisation.save_clinic(
        values={
            "name": "廿四節氣心理諮商所（虛構）",
            "name_en": "Twenty-Four Seasons Counselling Clinic (fictional)",
            "neutral_name": "節氣工作室",
            "licence_number": "示範開業字第 0001 號",
            "phone": "0000-000-001",
            "neutral_phone": "0000-000-002",
            "town": town,
            "street": STREET,
            "communication_system": "示範視訊",
        },
        by=admin,
        now=now,
    )
    premises = organisation.save_premises(
        premises=Premises(),
        values={"name": "文山處所", "town": town, "street": STREET},
        by=admin,
        now=now,
    )
    for name in ("春室", "秋室"):
        room = Room(premises=premises)
        organisation.save_room(room=room, values={"name": name}, by=admin, now=now)
    return premises


def _hours(now: datetime) -> dict[int, tuple[time, time]]:
    """The cast's hours; on the day of loading also three hours around it, to walk through."""
    week = {day: (time(9), time(21)) for day in range(1, 6)} | {6: (time(9), time(17))}
    opens, closes = week.get(now.isoweekday(), (time(9), time(17)))
    early = time(max(now.hour - 1, 0))
    late = time(now.hour + 5) if now.hour < 19 else time(23, 59)
    return week | {now.isoweekday(): (min(opens, early), max(closes, late))}


def _town(full_name: str) -> Town:
    """Return the township of ``縣市`` + ``鄉鎮市區``; county names have three characters."""
    return Town.objects.get(county__name_zh=full_name[:3], name_zh=full_name[3:])


def _member(member: Member, premises: Premises, known: dict, admin: User, now: datetime) -> User:
    invited = now - timedelta(days=190 if member.joined else 1)
    practice = {"kind": member.kind, "languages": "國語"} if member.kind else {}
    user = staff.invite_member(
        email=member.email,
        name=member.name,
        roles=member.roles,
        language="zh-hant",
        practice=practice,
        by=admin,
        now=invited,
    )
    if member.joined:
        _join(user, invited + timedelta(hours=2))
    if member.licence_days:
        _licence(user, member, premises, admin, now)
    if member.supervisor:
        staff.add_oversight(
            overseen=user,
            overseer=known[member.supervisor],
            kind="site",
            period=DateRange(timezone.localdate(invited), None),
            by=admin,
            now=invited,
        )
    return user


def _join(user: User, now: datetime) -> User:
    """Set password and second factor as the invited person does."""
    device = accounts.join(user=user, password=PASSWORD, by=user, now=now)
    accounts.confirm_device(user=user, code=current_code(device, now), by=user, now=now)
    return user


def _licence(user: User, member: Member, premises: Premises, admin: User, now: datetime) -> None:
    today = timezone.localdate(now)
    until = today + timedelta(days=member.licence_days)
    begun = date(until.year - 6, until.month, min(until.day, 28))
    papers = (
        ("certificate", member.number, DateRange(begun, None), None, None),
        (
            "practice_licence",
            member.number.replace("諮心", "執業"),
            DateRange(begun, until + timedelta(days=1)),
            premises.town.county,
            premises,
        ),
    )
    for kind, number, period, county, place in papers:
        values = {
            "kind": kind,
            "number": number,
            "period": period,
            "county": county,
            "premises": place,
        }
        credential = Credential(practitioner=user.practitioner)
        staff.save_credential(credential=credential, values=values, by=admin, now=now)


def _approval(premises: Premises, members: dict, admin: User, now: datetime) -> None:
    today = timezone.localdate(now)
    period = DateRange(today - timedelta(days=165), today + timedelta(days=201))
    approval = approvals.save_approval(
        approval=Approval(),
        values={
            "county": premises.town.county,
            "number": "示範核字第 0001 號",
            "channels": ["video", "telephone"],
            "age_floor": 18,
            "exclusions": "依核准計畫所列",
            "medical_partner": "示範醫院（虛構）",
            "period": period,
        },
        premises=[premises],
        by=admin,
        now=now - timedelta(days=165),
    )
    for key in ("lichun", "guyu", "chunfen", "mangzhong"):
        approvals.name_person(
            approval=approval,
            practitioner=members[key].practitioner,
            period=period,
            by=admin,
            now=now - timedelta(days=165),
        )


def _client(client: Client, number: int, counsellor: User, now: datetime) -> Person:
    then = now - timedelta(days=100 - number)
    today = timezone.localdate(now)
    town = _town(client.town) if client.town else None
    person = clients.register_client(
        values={
            "name": client.name,
            "sex": client.sex,
            "birth_date": date(today.year - client.age, 1, 1 + number % 20),
            "national_id": f"A0{number:08d}",
            "residence_town": town,
            "residence_address": STREET if town else "",
            "phone": client.phone or f"0000-000-{number:03d}",
            "email": f"{client.key}@client.example",
            "languages": client.languages,
            "access_needs": client.needs,
            "neutral_contact": client.safe,
            "safe_channel": "email" if client.safe else "",
            "safe_from": time(10) if client.safe else None,
            "safe_until": time(16) if client.safe else None,
            "code_word": "借書" if client.safe else "",
        },
        by=counsellor,
        now=then,
    )
    name, relation = client.contact
    contact = {"name": name, "relation": relation, "phones": f"0000-000-{number + 40:03d}"}
    clients.add_contact(person=person, values=contact, by=counsellor, now=then)
    _places(client, person, counsellor, then)
    if client.case:
        in_person = client.case == "in_person"
        case = clients.open_case(person=person, in_person_only=in_person, by=counsellor, now=then)
        if client.case == "closed":
            clients.close_case(
                case=case,
                reason="轉介後結案",
                by=counsellor,
                now=now - timedelta(days=60 - number),
            )
    return person


def _places(client: Client, person: Person, counsellor: User, now: datetime) -> None:
    """Where the client is served: the usual place first."""
    for label, town in (("家", client.town), ("另一個住處", client.other_town)):
        country, city = client.abroad if client.abroad and label == "家" else ("TW", "")
        if town or city:
            values = {"label": label, "street": STREET, "country": country, "region": city}
            values["town"] = _town(town) if town else None
            places.add_place(person=person, values=values, by=counsellor, now=now)


def seed_more(number: int, chance: Random, now: datetime) -> None:
    """Add ``number`` more clients with an open case each, spread over the counsellors."""
    joined = User.objects.exclude(joined_at=None).order_by("id")
    counsellors = list(joined.with_role(Role.COUNSELLOR))
    towns = list(Town.objects.select_related("county"))
    today = timezone.localdate(now)
    for index in range(number):
        by = {"by": counsellors[index % len(counsellors)], "now": now}
        town = chance.choice(towns)
        values = {
            "name": chance.choice(FAMILY_NAMES) + chance.choice(SOLAR_TERMS),
            "sex": chance.choice(["female", "male"]),
            "birth_date": today - timedelta(days=chance.randint(18 * 366, 80 * 365)),
            "residence_town": town,
            "residence_address": STREET,
            "phone": f"0000-{index // 1000:03d}-{index % 1000:03d}",
            "email": f"client{index}@client.example",
            "languages": "國語",
        }
        person = clients.register_client(values=values, another=True, **by)
        places.add_place(
            person=person, values={"label": "家", "town": town, "street": STREET}, **by
        )
        clients.open_case(person=person, **by)
