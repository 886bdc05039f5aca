"""A new key takes over while the clinic works; nothing is lost on the way."""

import io
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, models, transaction
from django.test.utils import isolate_apps
from PIL import Image

from clinic.kernel import rotation
from clinic.kernel.append_only import AppendOnly
from clinic.kernel.encryption import EncryptedModel, EncryptedTextField
from clinic.kernel.files import blobs
from clinic.kernel.files.store import read_file, store
from clinic.people.models import EmergencyContact, Person
from tests.kernel.test_files import PDF, image

NEW_KEY = bytes(range(32))


@pytest.fixture
def people(counsellor, now) -> list[Person]:
    return [
        Person.objects.create(
            name=f"江小滿 {number}",
            sex="female",
            birth_date="1992-05-20",
            phone=f"0000-000-01{number}",
            national_id=f"A00000001{number}",
            registered_by=counsellor,
            registered_at=now,
        )
        for number in range(5)
    ]


def new_key(settings) -> None:
    settings.ENCRYPTION_KEYS = {"k2": NEW_KEY, **settings.ENCRYPTION_KEYS}


def key_ids(column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT split_part({column}, ':', 1) FROM clinic_person ORDER BY id")  # noqa: S608  a name
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_after_rotation_the_old_key_is_no_longer_needed(settings, people):
    EmergencyContact.objects.create(
        person=people[0], name="江立秋", relation="姊", phones="0000-000-012"
    )
    seals = list(Person.objects.order_by("pk").values_list("seal", flat=True))
    new_key(settings)
    done = {table.table: table for table in rotation.rotate(batch=2)}
    assert done["clinic_person"] == rotation.Rotated("clinic_person", 5, 0)
    assert done["clinic_emergencycontact"] == rotation.Rotated("clinic_emergencycontact", 1, 0)
    settings.ENCRYPTION_KEYS = {"k2": NEW_KEY}
    assert [p.phone for p in Person.objects.order_by("pk")] == [
        f"0000-000-01{number}" for number in range(5)
    ]
    assert EmergencyContact.objects.get().name == "江立秋"
    assert list(Person.objects.order_by("pk").values_list("seal", flat=True)) == seals
    assert Person.objects.found_by("A000000013").get() == people[3]


@pytest.mark.django_db
def test_an_empty_column_stays_empty_and_a_second_run_has_nothing_to_do(settings, people):
    new_key(settings)
    rotation.rotate_model(Person)
    assert key_ids("phone") == ["k2"] * 5
    assert key_ids("code_word") == [""] * 5
    assert rotation.rotate_model(Person) == rotation.Rotated("clinic_person", 0, 0)


@pytest.mark.django_db
def test_a_row_loaded_before_and_saved_afterwards_does_not_bring_the_old_key_back(settings, people):
    new_key(settings)
    held = Person.objects.get(pk=people[0].pk)
    assert rotation.rotate_model(Person).left == 0
    held.name = "游寒堃"
    held.save()
    assert (key_ids("phone"), key_ids("code_word")) == (["k2"] * 5, [""] * 5)
    settings.ENCRYPTION_KEYS = {"k2": NEW_KEY}
    assert Person.objects.get(pk=held.pk).phone == "0000-000-010"


@pytest.mark.django_db
def test_a_row_with_a_damaged_value_can_still_be_saved(settings, people):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_person SET code_word = phone")
    new_key(settings)
    held = Person.objects.get(pk=people[0].pk)
    held.name = "游寒堃"
    held.save()
    assert (key_ids("phone")[0], key_ids("code_word")[0]) == ("k2", "k1")


@pytest.mark.django_db
def test_stored_files_are_rotated_as_well(settings, admin, now):
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "PNG")
    file = store(SimpleUploadedFile("a", out.getvalue()), by=admin, now=now)
    content = read_file(file)
    new_key(settings)
    assert rotation.rotate_files() == rotation.Rotated("stored files", 1, 0)
    assert blobs.key_id(file.blob) == "k2"
    settings.ENCRYPTION_KEYS = {"k2": NEW_KEY}
    assert read_file(file) == content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "damage",
    [
        "overlay(phone placing 'AAAA' from 13)",  # changed
        "code_word",  # of another column
        "'k1:AAAA'",  # cut off
        "'k1:字'",
        "'k0:AAAA'",  # of a key that is gone
    ],
)
def test_a_row_that_does_not_open_is_left_and_holds_nothing_up(settings, people, caplog, damage):
    people[0].code_word = "借書"
    people[0].save()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE clinic_person SET phone = {damage} WHERE id = %s", [people[0].pk])  # noqa: S608  ours
    before = key_ids("phone")[0]
    new_key(settings)
    for changed in (4, 0):
        assert rotation.rotate_model(Person, 2) == rotation.Rotated("clinic_person", changed, 1)
    assert key_ids("phone") == [before, "k2", "k2", "k2", "k2"]
    assert key_ids("national_id") == ["k2"] * 5  # what else stands in that row is rotated
    assert caplog.messages == [f"clinic_person.phone of {people[0].pk} does not open"] * 2


@pytest.mark.django_db
@pytest.mark.parametrize("damage", [lambda blob: blob[:-1] + b"x", lambda blob: b""])
def test_a_stored_file_that_does_not_open_is_left_and_holds_nothing_up(
    settings, admin, now, damage
):
    first, second = (
        store(SimpleUploadedFile("a", content), by=admin, now=now)
        for content in (PDF, image("PNG"))
    )
    path = settings.MEDIA_ROOT / first.blob
    path.write_bytes(damage(path.read_bytes()))
    new_key(settings)
    assert rotation.rotate_files() == rotation.Rotated("stored files", 1, 1)
    assert blobs.key_id(second.blob) == "k2"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_row_that_somebody_holds_is_tried_again(settings, people):
    new_key(settings)
    held, release = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=people[0].pk)
            held.set()
            release.wait(10)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    threading.Timer(0.4, release.set).start()
    assert rotation.rotate_model(Person) == rotation.Rotated("clinic_person", 5, 0)
    holder.join()
    assert key_ids("phone") == ["k2"] * 5


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_row_that_is_never_let_go_is_reported_as_left(settings, people, monkeypatch):
    new_key(settings)
    monkeypatch.setattr(rotation, "TRIES", 1)
    monkeypatch.setattr(rotation, "PAUSE", 0)
    held, release = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=people[0].pk)
            held.set()
            release.wait(10)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("rotate_keys", stdout=out)
    release.set()
    holder.join()
    assert end.value.code == 1
    assert "clinic_person: 4 re-encrypted, 1 left: run this again" in out.getvalue().splitlines()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@isolate_apps("clinic")
def test_an_append_only_table_is_rotated_by_its_owner_and_stays_append_only(settings):
    class Diary(AppendOnly, EncryptedModel):
        text = EncryptedTextField()
        objects = models.Manager()

        class Meta:
            app_label = "clinic"
            db_table = "clinic_test_diary"

    owner = connections["owner"]
    with owner.schema_editor() as editor:
        editor.create_model(Diary)
    try:
        with owner.cursor() as cursor:
            cursor.execute(
                "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON clinic_test_diary "
                "FOR EACH ROW EXECUTE FUNCTION clinic_append_only()"
            )
        Diary.objects.create(text="written once")
        new_key(settings)
        assert rotation.rotate_model(Diary) == rotation.Rotated("clinic_test_diary", 1, 0)
        settings.ENCRYPTION_KEYS = {"k2": NEW_KEY}
        assert Diary.objects.get().text == "written once"
        with pytest.raises(DatabaseError), owner.cursor() as cursor:
            cursor.execute("UPDATE clinic_test_diary SET text = 'k2:x'")
    finally:
        with owner.schema_editor() as editor:
            editor.delete_model(Diary)
