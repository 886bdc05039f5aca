"""What sessions asks of staff, found when the software starts."""

from clinic.kernel.tasks.places import task_places
from clinic.kernel.tasks.todo import todo
from sessions.booking.stranded import of_who_left, stranded, without_room
from sessions.corrected import at_a_corrected_address
from sessions.course.unfinished import left_open, never_begun, never_ended, unsigned
from sessions.despite.waiting import unseen
from sessions.notes.waiting import cosignatures
from sessions.stored_todos import sessions_of
from sessions.suitability.waiting import assessed_otherwise, confirmations

todo(stranded)
todo(of_who_left)
todo(without_room)
todo(at_a_corrected_address)
todo(never_begun)
todo(never_ended)
todo(left_open)
todo(unsigned)
todo(unseen)
todo(confirmations)
todo(cosignatures)
todo(assessed_otherwise)
task_places(sessions_of)
