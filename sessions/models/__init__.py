"""What the app keeps: bookings, places of the day, the door, the course, suitability, notes."""

from sessions.models.bookings import (
    Attendance,
    Channel,
    CounsellingSession,
    Occupancy,
    SessionQuerySet,
)
from sessions.models.course import DespiteSeen, SessionEvent, StartAttempt, StartFinding
from sessions.models.door import DoorCheck
from sessions.models.notes import Amendment, Note, NoteCosignature
from sessions.models.places import Jurisdiction, SessionPlace
from sessions.models.suitability import (
    Suitability,
    SuitabilityConfirmation,
    SuitabilityPoint,
)

__all__ = [
    "Amendment",
    "Attendance",
    "Channel",
    "CounsellingSession",
    "DespiteSeen",
    "DoorCheck",
    "Jurisdiction",
    "Note",
    "NoteCosignature",
    "Occupancy",
    "SessionEvent",
    "SessionPlace",
    "SessionQuerySet",
    "StartAttempt",
    "StartFinding",
    "Suitability",
    "SuitabilityConfirmation",
    "SuitabilityPoint",
]
