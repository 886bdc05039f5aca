from django.urls import path

from crisis.sheet import views

urlpatterns = [
    path("sessions/<int:pk>/crisis/", views.CrisisPage.as_view(), name="session_crisis"),
]
