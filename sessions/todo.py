"""What sessions asks of staff, found when the software starts."""

from clinic.kernel.tasks.todo import todo
from sessions.booking.stranded import stranded
from sessions.suitability.waiting import confirmations

todo(stranded)
todo(confirmations)
