from django.urls import path

from supervision import views

urlpatterns = [
    path("staff/<int:pk>/training/", views.TrainingList.as_view(), name="training_list"),
    path("staff/<int:pk>/training/new/", views.TrainingAdd.as_view(), name="training_add"),
    path(
        "staff/<int:pk>/training/<int:training>/withdraw/",
        views.TrainingWithdraw.as_view(),
        name="training_withdraw",
    ),
    path(
        "staff/<int:pk>/training/<int:training>/restore/",
        views.TrainingRestore.as_view(),
        name="training_restore",
    ),
    path(
        "staff/<int:pk>/training/<int:training>/proof/",
        views.TrainingProof.as_view(),
        name="training_proof",
    ),
]
