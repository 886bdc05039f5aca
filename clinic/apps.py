from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClinicConfig(AppConfig):
    """Kernel, people, cases and the pages every app shares."""

    name = "clinic"

    def ready(self) -> None:
        # These modules hold or load models, which exist only once all apps are ready.
        from clinic.kernel.append_only import protect  # noqa: PLC0415  see above
        from clinic.kernel.registry import discover  # noqa: PLC0415  see above

        post_migrate.connect(protect, sender=self, dispatch_uid="protect")
        discover()
