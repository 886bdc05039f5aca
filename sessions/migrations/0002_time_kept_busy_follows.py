from django.db import migrations


class Migration(migrations.Migration):
    """A row of Occupancy always has its session's own time: moving the session moves it."""

    dependencies = [("telesessions", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE telesessions_occupancy ADD CONSTRAINT occupied_while_in_session"
            " FOREIGN KEY (session_id, during)"
            " REFERENCES telesessions_counsellingsession (id, during) ON UPDATE CASCADE",
            "ALTER TABLE telesessions_occupancy DROP CONSTRAINT occupied_while_in_session",
        )
    ]
