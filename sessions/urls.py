from django.urls import include, path

from sessions.booking import views as booking
from sessions.calendar import views as calendar
from sessions.course import views as course
from sessions.despite import views as despite
from sessions.door import views as door
from sessions.notes import views as notes
from sessions.views import SessionHistory, SessionOpenPage, SessionPage, SessionToldAddress

urlpatterns = [
    path("", include("sessions.client.urls")),
    path("", include("sessions.suitability.urls")),
    path("", include("sessions.cockpit.urls")),
    path("", include("sessions.jurisdictions.urls")),
    path("calendar/", calendar.Calendar.as_view(), name="calendar"),
    path("cases/<int:pk>/sessions/new/", booking.SessionBook.as_view(), name="session_book"),
    path("sessions/<int:pk>/", SessionPage.as_view(), name="session"),
    path("sessions/<int:pk>/history/", SessionHistory.as_view(), name="session_history"),
    path("sessions/<int:pk>/move/", booking.SessionMove.as_view(), name="session_move"),
    path("sessions/<int:pk>/cancel/", booking.SessionCancel.as_view(), name="session_cancel"),
    path("sessions/<int:pk>/restore/", booking.SessionRestore.as_view(), name="session_restore"),
    path("sessions/<int:pk>/unbook/", booking.SessionUnbook.as_view(), name="session_unbook"),
    path(
        "sessions/<int:pk>/not-attended/",
        booking.SessionNotAttended.as_view(),
        name="session_not_attended",
    ),
    path("sessions/<int:pk>/open-page/", SessionOpenPage.as_view(), name="session_open_page"),
    path(
        "sessions/<int:pk>/told-address/",
        SessionToldAddress.as_view(),
        name="session_told_address",
    ),
    path("sessions/<int:pk>/door/", door.DoorPage.as_view(), name="session_door"),
    path("sessions/<int:pk>/start/", course.SessionStart.as_view(), name="session_start"),
    path(
        "sessions/<int:pk>/start-despite/",
        course.SessionStartDespite.as_view(),
        name="session_start_despite",
    ),
    path("despite/<int:pk>/", despite.DespitePage.as_view(), name="session_despite"),
    path("sessions/<int:pk>/live/", course.SessionLive.as_view(), name="session_live"),
    path("sessions/<int:pk>/events/", course.SessionEventAdd.as_view(), name="session_event"),
    path(
        "sessions/<int:pk>/events/<int:event>/back/",
        course.SessionEventBack.as_view(),
        name="session_event_back",
    ),
    path("sessions/<int:pk>/place/", course.SessionPlaceNow.as_view(), name="session_place"),
    path("sessions/<int:pk>/end/", course.SessionEnd.as_view(), name="session_end"),
    path("sessions/<int:pk>/note/", notes.NotePage.as_view(), name="session_note"),
    path("sessions/<int:pk>/note/draft/", notes.NoteDraft.as_view(), name="session_note_draft"),
    path("sessions/<int:pk>/note/amend/", notes.NoteAmend.as_view(), name="session_note_amend"),
    path("sessions/<int:pk>/note/cosign/", notes.NoteCosign.as_view(), name="session_note_cosign"),
]
