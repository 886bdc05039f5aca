"""Settings of web processes in tests: static files as they lie in the source."""

from clinic.settings import *  # noqa: F403  the product's own, but for one storage
from clinic.settings import STORAGES

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
