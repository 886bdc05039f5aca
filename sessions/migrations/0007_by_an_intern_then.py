from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether an intern wrote it, as of then. Older rows keep null: they go by her kind of today."""

    dependencies = [("telesessions", "0006_door_as_asked_region_once")]

    operations = [
        migrations.AddField("suitability", "by_intern", models.BooleanField(null=True)),
        migrations.AddField("note", "by_intern", models.BooleanField(null=True)),
    ]
