from django.urls import path

from clinic.demo import views

urlpatterns = [
    path("mail/", views.MailListPage.as_view(), name="demo_mail_list"),
    path("mail/<str:mail>/", views.MailPage.as_view(), name="demo_mail"),
    path("components/", views.ComponentsPage.as_view(), name="demo_components"),
]
