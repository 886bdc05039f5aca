"""The web application. A failing system check stops gunicorn, which by itself would serve on."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

from clinic.kernel.incoming import Utf8Request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
application = get_wsgi_application()
application.request_class = Utf8Request
call_command("check", "--fail-level", "ERROR")
