"""What sessions asks of staff, found when the software starts."""

from clinic.kernel.tasks.todo import todo
from sessions.suitability.waiting import confirmations

todo(confirmations)
