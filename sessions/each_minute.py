"""The work of sessions of each minute, found when the software starts."""

from clinic.kernel.each_minute import each_minute
from sessions.reminders import remind

each_minute(remind)
