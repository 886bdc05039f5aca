from django.db import migrations, models

import clinic.kernel.encryption

# The table is append-only: its trigger refuses UPDATE for every role until it is put back below.
TABLE = "telesessions_suitabilitypoint"
OPEN = f"ALTER TABLE {TABLE} DISABLE TRIGGER USER"
CLOSE = f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {TABLE} ENABLE TRIGGER USER"


def encrypt_ratings(apps, schema_editor) -> None:
    """Write each rating as an encrypted text, bound to its own row."""
    points = apps.get_model("telesessions", "SuitabilityPoint").objects
    for point in points.using(schema_editor.connection.alias).iterator():
        point.rating = str(point.level)
        point.save(update_fields=["rating"])


class Migration(migrations.Migration):
    """Ratings of suitability leave the dump. No way back: a plain column is what this ends."""

    dependencies = [("telesessions", "0003_a_start_with_a_reason_is_seen")]

    operations = [
        migrations.RemoveConstraint("suitabilitypoint", "point_rating_known"),
        migrations.RenameField("suitabilitypoint", "rating", "level"),
        migrations.AddField(
            "suitabilitypoint",
            "rating",
            clinic.kernel.encryption.EncryptedTextField(default=""),
            preserve_default=False,
        ),
        migrations.RunSQL(OPEN),
        migrations.RunPython(encrypt_ratings),
        migrations.RunSQL(CLOSE),
        migrations.RemoveField("suitabilitypoint", "level"),
    ]
