"""The work of consent of each minute, found when the software starts."""

from clinic.kernel.each_minute import each_minute
from consent.reminders import expire_overdue, remind, send_copies

each_minute(remind)
each_minute(expire_overdue)
each_minute(send_copies)
