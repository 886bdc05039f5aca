from django.urls import path

from crisis.directory import views

urlpatterns = [
    path("directory/", views.DirectoryPage.as_view(), name="directory"),
    path("directory/new/", views.ResourceAdd.as_view(), name="resource_add"),
    path("directory/load/", views.DirectoryLoadDo.as_view(), name="directory_load"),
    path("directory/<int:pk>/", views.ResourcePage.as_view(), name="resource"),
    path("directory/<int:pk>/change/", views.ResourceChange.as_view(), name="resource_change"),
    path("directory/<int:pk>/confirm/", views.ResourceConfirm.as_view(), name="resource_confirm"),
    path("directory/<int:pk>/hide/", views.ResourceHide.as_view(), name="resource_hide"),
    path("directory/<int:pk>/show/", views.ResourceShow.as_view(), name="resource_show"),
    path("directory/<int:pk>/report/", views.ResourceReport.as_view(), name="resource_report"),
]
