from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the clauses of a finding said then. Older rows keep null: they go by the catalogue."""

    dependencies = [("telesessions", "0007_by_an_intern_then")]

    operations = [
        migrations.AddField(
            "startfinding", "clause_words", ArrayField(models.TextField(), null=True)
        ),
    ]
