"""The web application. A failing system check stops gunicorn, which by itself would serve on."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()
call_command("check", "--fail-level", "ERROR")
