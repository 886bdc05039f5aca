"""What each database role may do: the serving one adds and reads, and owns nothing."""

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.utils import ProgrammingError

from clinic.kernel.actors import System
from clinic.kernel.append_only import append_only_tables
from clinic.kernel.audit.actions import note_read
from clinic.kernel.audit.chain import verify
from clinic.kernel.audit.models import AuditEntry
from clinic.organisation.models import Premises
from tests.kernel.chains import MOMENT, REAL


@pytest.fixture
def five(premises):
    """A chain of five."""
    for _step in range(5):
        note_read(subject=premises, by=System("test"), now=MOMENT)


def rights() -> dict[str, set[str]]:
    """What the serving role may do with each table, by PostgreSQL's own account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.table_name, coalesce(array_agg(g.privilege_type::text) "
            "  FILTER (WHERE g.grantee IN (current_user, 'PUBLIC')), '{}') "
            "FROM information_schema.tables t LEFT JOIN information_schema.table_privileges g "
            "  USING (table_schema, table_name) "
            "WHERE t.table_schema = 'public' GROUP BY t.table_name"
        )
        return {table: set(found) for table, found in cursor.fetchall()}


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_serving_role_has_exactly_the_rights_that_serving_needs():
    with connections["owner"].cursor() as cursor:
        tables = connections["owner"].introspection.table_names(cursor)
    once, often = {"SELECT", "INSERT"}, {"SELECT", "INSERT", "UPDATE", "DELETE"}
    fixed = append_only_tables()
    assert rights() == {table: once if table in fixed else often for table in tables}
    assert {"clinic_auditentry", "clinic_linkuse"} <= fixed


@pytest.mark.django_db
def test_no_right_on_single_columns_goes_further():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
            "WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_serving_role_owns_nothing_and_can_create_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication, "
            "has_schema_privilege('public', 'CREATE'), "
            "has_database_privilege(current_database(), 'CREATE'), "
            "(SELECT count(*) FROM pg_class WHERE relowner = r.oid), "
            "(SELECT count(*) FROM pg_proc WHERE proowner = r.oid), "
            "(SELECT count(*) FROM pg_auth_members WHERE member = r.oid) "
            "FROM pg_roles r WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False,) * 7 + (0, 0, 0)
    for sql in ("CREATE TABLE mine (id int)", "DROP TABLE clinic_room"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


@pytest.mark.parametrize("table", ["clinic_auditentry", "clinic_linkuse"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {} SET at = at",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER append_only",
        "DROP TRIGGER append_only ON {}",
    ],
)
def test_the_serving_role_is_refused_by_its_rights(five, sql, table):
    refused = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))
    assert list(verify()) == []


@REAL
@pytest.mark.parametrize("sql", ["UPDATE {} SET why = 'x'", "DELETE FROM {} WHERE seq = 3"])
def test_the_owning_role_is_refused_by_the_trigger(five, sql):
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, connections["owner"].cursor() as cursor:
        cursor.execute(sql.format("clinic_auditentry"))
    assert list(verify()) == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_append_only_table_has_its_trigger():
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname = 'append_only' AND tgenabled = 'O'"
        )
        assert {row[0] for row in cursor.fetchall()} == append_only_tables()


def test_django_cannot_change_an_entry_either(five):
    entry = AuditEntry.objects.first()
    entry.why = "another reason"
    for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            attempt()
    assert Premises.objects.count() == 1
    assert list(verify()) == []
