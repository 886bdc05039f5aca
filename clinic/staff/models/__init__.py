"""Practitioners and approvals, where other folders look for them."""

from clinic.staff.models.approvals import Approval, ApprovedPerson, Channel
from clinic.staff.models.practitioners import Credential, Oversight, Practitioner

__all__ = ["Approval", "ApprovedPerson", "Channel", "Credential", "Oversight", "Practitioner"]
