"""Rows that are written once, and what each database role may do.

Two things hold an append-only table: a trigger against UPDATE and DELETE for every role, and
rights of the serving role that end at INSERT and SELECT. Both follow from the model's base class
and are laid anew after each ``migrate``, so that a new table cannot forget them. A model with
``frozen_when`` (a condition on OLD) has rows that cannot be changed once it holds.
"""

from django.apps import apps
from django.conf import settings
from django.db import connections, models

TRIGGER_FUNCTION = """
CREATE OR REPLACE FUNCTION clinic_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""


class AppendOnly(models.Model):
    """Base of a model whose rows are never changed and never deleted."""

    class Meta:
        abstract = True


def append_only_tables() -> set[str]:
    """Return the names of all append-only tables."""
    return {m._meta.db_table for m in apps.get_models() if issubclass(m, AppendOnly)}


def frozen_tables() -> dict[str, str]:
    """Return the tables whose rows freeze, with the condition under which they do."""
    return {m._meta.db_table: m.frozen_when for m in apps.get_models() if hasattr(m, "frozen_when")}


def protect(**kwargs) -> None:
    """After ``migrate``: set rights and triggers. Runs as the owning role; other aliases pass."""
    if kwargs.get("using") != "owner" or kwargs["sender"].label != "clinic":
        return
    quote = connections["owner"].ops.quote_name
    web = quote(settings.DATABASES["default"]["USER"])
    fixed = append_only_tables()
    with connections["owner"].cursor() as cursor:
        cursor.execute(TRIGGER_FUNCTION)
        cursor.execute(f"ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO {web}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {web}")
        for table in connections["owner"].introspection.table_names(cursor):
            _protect_table(cursor, quote(table), web, append_only=table in fixed)
        for table, condition in frozen_tables().items():
            cursor.execute(_trigger("frozen", quote(table), f"WHEN ({condition})"))


def _protect_table(cursor, table: str, web: str, *, append_only: bool) -> None:
    cursor.execute(f"REVOKE ALL ON {table} FROM {web}")
    if not append_only:
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {web}")
        return
    cursor.execute(f"GRANT SELECT, INSERT ON {table} TO {web}")
    cursor.execute(_trigger("append_only", table))


def _trigger(name: str, table: str, condition: str = "") -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW {condition} EXECUTE FUNCTION clinic_append_only()"
    )
