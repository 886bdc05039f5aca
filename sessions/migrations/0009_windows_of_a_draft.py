from django.db import migrations, models


class Migration(migrations.Migration):
    """Which windows wrote in a draft. Older drafts know none: their next one goes by the revision."""

    dependencies = [("telesessions", "0008_finding_keeps_clause_words")]

    operations = [migrations.AddField("note", "senders", models.JSONField(default=list))]
