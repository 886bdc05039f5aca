"""What lists call each kind of message."""

from django.utils.translation import gettext_lazy

KINDS = {
    "staff_invitation": gettext_lazy("invitation"),
    "password_reset": gettext_lazy("new password"),
    "licence_expiry_180": gettext_lazy("licence ends within 180 days"),
    "licence_expiry_90": gettext_lazy("licence ends within 90 days"),
    "document.render": gettext_lazy("sealed document"),
    "consent.new_link_wish": gettext_lazy("wish for a new link"),
    "licence_expiry_30": gettext_lazy("licence ends within 30 days"),
    "consent_request": gettext_lazy("consent form to read"),
    "consent_reminder_day2": gettext_lazy("reminder of the consent form"),
    "consent_reminder_day4": gettext_lazy("reminder of the consent form"),
    "new_link": gettext_lazy("new link to the consent form"),
    "question_answered": gettext_lazy("reply to a question"),
    "ready_to_sign": gettext_lazy("consent form ready to sign"),
    "signed_copy": gettext_lazy("signed consent form"),
    "consent_for_psychologist": gettext_lazy("news on a consent form"),
    "session_confirmation": gettext_lazy("appointment confirmed"),
    "session_change": gettext_lazy("appointment changed"),
    "session_cancellation": gettext_lazy("appointment cancelled"),
    "session_reminder_24h": gettext_lazy("reminder the day before"),
    "session_reminder_1h": gettext_lazy("reminder an hour before"),
    "start_despite": gettext_lazy("a session started with a reason"),
}
