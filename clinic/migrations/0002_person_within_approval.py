"""A person's period in an approval lies within the approval's own: no CHECK can ask two tables."""

from django.db import migrations

CREATE = """
CREATE FUNCTION clinic_person_within_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM clinic_approval
        WHERE id = NEW.approval_id AND period @> NEW.period FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'outside the approval'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_within_approval';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER person_within_approval BEFORE INSERT OR UPDATE ON clinic_approvedperson
    FOR EACH ROW EXECUTE FUNCTION clinic_person_within_approval();

CREATE FUNCTION clinic_approval_around_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM clinic_approvedperson
        WHERE approval_id = NEW.id AND NOT NEW.period @> period
    ) THEN
        RAISE EXCEPTION 'people outside the approval'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'person_within_approval';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_around_people BEFORE UPDATE OF period ON clinic_approval
    FOR EACH ROW EXECUTE FUNCTION clinic_approval_around_people();
"""

DROP = """
DROP TRIGGER approval_around_people ON clinic_approval;
DROP FUNCTION clinic_approval_around_people();
DROP TRIGGER person_within_approval ON clinic_approvedperson;
DROP FUNCTION clinic_person_within_approval();
"""


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
