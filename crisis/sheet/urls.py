from django.urls import path

from crisis.sheet import views

urlpatterns = [
    path("crisis/", views.CrisisStart.as_view(), name="crisis"),
    path("clients/<int:pk>/crisis/", views.ClientCrisis.as_view(), name="client_crisis"),
    path("sessions/<int:pk>/crisis/", views.SessionCrisis.as_view(), name="session_crisis"),
]
