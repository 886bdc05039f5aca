"""The work of sessions of each minute, found when the software starts."""

from clinic.kernel.each_minute import each_minute
from sessions.corrected import tell_of_addresses
from sessions.reminders import remind

each_minute(tell_of_addresses)
each_minute(remind)
