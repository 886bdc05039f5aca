"""Several questions in one round trip: for the page that must open when everything is slow.

PostgreSQL packs the rows of each question as JSON into one answer; here they become objects again.
Relations are left to the caller: nothing is followed, and encrypted columns stay closed until read.
"""

import json
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from clinic.kernel.encryption import Ciphertext, EncryptedTextField


def ask_together(*questions: models.QuerySet) -> list[list[models.Model]]:
    """Return the rows of each question, in its order, with one query for all of them.

    A question asks for rows of one model: no ``values()``, no ``select_related()``, and columns
    whose JSON cannot be read back (ranges) left out by ``defer()``. What was annotated comes along
    as JSON gives it: numbers, texts, lists.
    """
    found: list[list[models.Model]] = [[] for _question in questions]
    parts, params = [], []
    for place, question in enumerate(questions):
        try:
            sql, own = question.query.sql_with_params()
        except EmptyResultSet:  # ``none()``: there is nothing to ask
            continue
        packed = "row_number() OVER (), to_jsonb(part)::text"
        parts.append(f"SELECT {place}, {packed} FROM ({sql}) part")  # noqa: S608  Django's own SQL
        params += own
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts) + " ORDER BY 1, 2", params)
            for place, _number, text in cursor.fetchall():
                found[place].append(_row(questions[place].model, json.loads(text)))
    return found


def _row(model: type[models.Model], columns: dict[str, Any]) -> models.Model:
    fields = [field for field in model._meta.concrete_fields if field.column in columns]
    names = [field.attname for field in fields]
    row = model.from_db(
        "default", names, [_value(field, columns[field.column]) for field in fields]
    )
    own = {field.column for field in fields}
    for name, value in columns.items():
        if name not in own:
            setattr(row, name, value)
    return row


def _value(field: models.Field, value: Any) -> Any:
    if isinstance(field, EncryptedTextField):
        return Ciphertext(value) if value else value
    return field.to_python(value)
