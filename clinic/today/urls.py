from django.urls import path

from clinic.today import views

urlpatterns = [
    path("", views.TodayPage.as_view(), name="today"),
    path("tasks/<int:pk>/done/", views.TaskDone.as_view(), name="task_done"),
    path("messages/", views.MessageList.as_view(), name="message_list"),
]
