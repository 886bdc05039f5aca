"""The models of crisis, where other files look for them."""

from crisis.models.directory import (
    Confirmation,
    DirectoryLoad,
    Opening,
    Report,
    Resource,
    ResourcePhone,
)
from crisis.models.profiles import Choice, CrisisProfile, Risk

__all__ = [
    "Choice",
    "Confirmation",
    "CrisisProfile",
    "DirectoryLoad",
    "Opening",
    "Report",
    "Resource",
    "ResourcePhone",
    "Risk",
]
