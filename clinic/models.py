"""All models of this app, where Django looks for them."""

from clinic.accounts.models import Authenticator, RecoveryCode, User
from clinic.cases.models import Case, CaseAccess, Participant
from clinic.kernel.audit.models import AuditEntry, AuditHead
from clinic.kernel.documents.models import Document, Seal
from clinic.kernel.files.models import StoredFile
from clinic.kernel.kept_forms import KeptForm
from clinic.kernel.links.models import Link, LinkToken, LinkUse
from clinic.kernel.outbox.models import Outbox
from clinic.kernel.tasks.models import Task
from clinic.organisation.models import Clinic, County, OpeningHours, Premises, Room, Town
from clinic.people.models import EmergencyContact, Person
from clinic.people.places import Place
from clinic.staff.models import Approval, ApprovedPerson, Credential, Oversight, Practitioner

__all__ = [
    "Approval",
    "ApprovedPerson",
    "AuditEntry",
    "AuditHead",
    "Authenticator",
    "Case",
    "CaseAccess",
    "Clinic",
    "County",
    "Credential",
    "Document",
    "EmergencyContact",
    "KeptForm",
    "Link",
    "LinkToken",
    "LinkUse",
    "OpeningHours",
    "Outbox",
    "Oversight",
    "Participant",
    "Person",
    "Place",
    "Practitioner",
    "Premises",
    "RecoveryCode",
    "Room",
    "Seal",
    "StoredFile",
    "Task",
    "Town",
    "User",
]
