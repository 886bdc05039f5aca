from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClinicConfig(AppConfig):
    """Kernel, people, cases and the pages every app shares."""

    name = "clinic"

    def ready(self) -> None:
        # The registries are found, and the roles' rights laid, once all apps are loaded.
        from clinic.kernel.append_only import protect
        from clinic.kernel.registry import discover

        post_migrate.connect(protect, sender=self, dispatch_uid="protect")
        discover()
