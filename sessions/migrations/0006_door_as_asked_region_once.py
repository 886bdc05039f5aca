
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def end_older_spellings(apps, schema_editor):
    """Of "Ohio" and "ohio" the newer entry stands."""
    rows = apps.get_model("telesessions", "Jurisdiction").objects
    newest = {}
    for row in rows.using(schema_editor.connection.alias).filter(ended_at=None).order_by("id"):
        older = newest.get((row.country, row.region.lower()))
        if older:
            older.ended_at = timezone.now()
            older.save(update_fields=["ended_at"])
        newest[row.country, row.region.lower()] = row


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0005_reconnect_minutes'),
        ('telesessions', '0005_outcome_is_named'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='jurisdiction',
            name='one_current_jurisdiction',
        ),
        migrations.AddField(
            model_name='doorcheck',
            name='channel',
            field=models.CharField(blank=True, choices=[('video', 'video'), ('telephone', 'telephone'), ('in_person', 'in person')], max_length=10),
        ),
        migrations.AddField(
            model_name='doorcheck',
            name='room',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinic.room'),
        ),
        migrations.RunPython(end_older_spellings, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='jurisdiction',
            constraint=models.UniqueConstraint(models.F('country'), django.db.models.functions.text.Lower('region'), condition=models.Q(('ended_at__isnull', True)), name='one_current_jurisdiction'),
        ),
    ]
