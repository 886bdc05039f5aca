from django.urls import path

from clinic.organisation import views

urlpatterns = [
    path("clinic/", views.ClinicPage.as_view(), name="setup_clinic"),
    path("hours/", views.HoursPage.as_view(), name="setup_hours"),
    path("premises/new/", views.PremisesPage.as_view(), name="premises_add"),
    path("premises/<int:pk>/", views.PremisesPage.as_view(), name="premises_change"),
    path("premises/<int:premises>/rooms/new/", views.RoomPage.as_view(), name="room_add"),
    path("rooms/<int:pk>/", views.RoomPage.as_view(), name="room_change"),
    path("history/", views.ClinicHistoryPage.as_view(), name="clinic_history"),
]
