"""All settings, from the environment. The README's table lists every variable; a test compares both.

A variable that is missing or mistyped stops the start with its name and what to set.
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from clinic.environment import (
    HTTP,
    address,
    broker,
    database,
    hosts,
    key,
    keyring,
    mail_address,
    mail_server,
    optional,
    required,
    secret,
    site,
    switch,
    whole_number,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where we are -------------------------------------------------------------------------------

DEMO = switch("DEMO", "0")
DEBUG = False
SECRET_KEY = secret("SECRET_KEY")
_public = site("PUBLIC_BASE_URL", "the address people use, https://…")
PUBLIC_BASE_URL = _public.geturl()
HTTPS = _public.scheme == "https"
if not HTTPS and _public.hostname not in ("127.0.0.1", "localhost"):
    raise ImproperlyConfigured("PUBLIC_BASE_URL must begin with https:// outside this computer.")
ALLOWED_HOSTS = hosts("ALLOWED_HOSTS", default=_public.hostname)

# --- Keys: each has one use, none lies in the database -------------------------------------------

ENCRYPTION_KEYS = keyring("ENCRYPTION_KEYS")
BLIND_INDEX_KEY = key("BLIND_INDEX_KEY", required("BLIND_INDEX_KEY", "32 bytes in base64"))
LINK_KEY = key("LINK_KEY", required("LINK_KEY", "32 bytes in base64"))
AUDIT_KEY = key("AUDIT_KEY", required("AUDIT_KEY", "32 bytes in base64"))
SEAL_KEY_FILE = Path(required("SEAL_KEY_FILE", "the file of the clinic's sealing key (PEM)"))
SEAL_CERT_FILE = Path(required("SEAL_CERT_FILE", "the file of its certificate (PEM)"))
if TSA_URL := optional("TSA_URL"):
    address("TSA_URL", TSA_URL, like=f"{HTTP}/path")

# --- Applications --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "clinic.apps.ClinicConfig",
    "consent.apps.ConsentConfig",
    "sessions.apps.SessionsConfig",
    "crisis.apps.CrisisConfig",
    "supervision.apps.SupervisionConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_otp",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.accounts.backend.DeviceMiddleware",
    "clinic.accounts.middleware.language",
    "clinic.kernel.incoming.not_endless",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "clinic.accounts.middleware.session_age",
    "clinic.kernel.access.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
    "clinic.today.errors.UnreadableFiles",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique by lower(email), which the check does not see

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.today.frame.frame",
            ],
        },
    },
]
FORM_RENDERER = "clinic.kernel.pages.FormRenderer"

# --- Databases: one role serves, another owns ----------------------------------------------------
# Both aliases are one database. The serving role may only INSERT and SELECT on append-only tables.

DATABASES = {
    "default": {
        **database("DATABASE_URL", "postgres://serving-role:…@host/name"),
        "TEST": {"MIRROR": "owner"},
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    },
}
if optional("DATABASE_OWNER_URL"):
    DATABASES["owner"] = database("DATABASE_OWNER_URL", "postgres://owning-role:…@host/name")

# --- Accounts ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "clinic.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "clinic.accounts.backend.AccountBackend",
]
PASSWORD_HASHERS = ["clinic.accounts.passwords.ClinicArgon2Hasher"]
_rule = "django.contrib.auth.password_validation."
_similar_to = {"user_attributes": ("email", "name")}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _rule + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": _rule + "CommonPasswordValidator"},
    {"NAME": _rule + "UserAttributeSimilarityValidator", "OPTIONS": _similar_to},
]
LOGIN_URL = "sign_in"
SESSION_ENGINE = "clinic.accounts.session_store"
SESSION_IDLE_MINUTES = whole_number("SESSION_IDLE_MINUTES", 30, least=1)
SESSION_HOURS = whole_number("SESSION_HOURS", 12, least=1)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
# Only the pair of address and account is shut out, so that one stranger cannot lock a clinic out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT, AXES_COOLOFF_TIME = 5, 0.25  # tries, hours
AXES_USERNAME_FORM_FIELD = "username"  # what Django calls it in credentials
AXES_USERNAME_CALLABLE = "clinic.accounts.middleware.account_tried"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = AXES_VERBOSE = False  # 15 minutes stay 15
# Never stored or logged; "password" never is. Sign-ins stand in the audit chain, not in a log.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "current_password", "password_again"]
AXES_DISABLE_ACCESS_LOG = AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "clinic.accounts.middleware.locked_out"
AXES_CLIENT_IP_CALLABLE = "clinic.kernel.access.client_ip"
OTP_TOTP_ISSUER = "Telecounselling"

# --- Browser -------------------------------------------------------------------------------------
# __Host- needs TLS; over plain HTTP, which only this computer's own address may use, names are plain.
_prefix = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_prefix}session"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
LINK_COOKIE_NAME = f"{_prefix}link"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "clinic.today.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]  # who asks for health asks the process itself, without TLS
if switch("BEHIND_PROXY", "0"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", 0, least=0)
# Nothing leaves for another site. "no-referrer" would also blank the Origin of our own forms,
# which the CSRF check needs.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes of a form without its files
FILE_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
UPLOAD_MAX_BYTES = 10_000_000

# --- Language and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Taipei"

# --- Files ---------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(optional("STATIC_ROOT") or BASE_DIR / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = Path(required("MEDIA_ROOT", "a folder that only the clinic's processes can read"))
PDF_FONT = optional("PDF_FONT", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")

# --- Mail: always through the outbox -------------------------------------------------------------

_mail = mail_server("EMAIL_URL")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20  # seconds
OUTBOX_LEASE_SECONDS = 120  # longer than one message may take: five steps of EMAIL_TIMEOUT
MAIL_FROM = mail_address("MAIL_FROM", f"no-reply@{_public.hostname}")
DEMO_MAIL_DIR = optional("DEMO_MAIL_DIR")

# --- Worker: Redis only carries hints, the database is the truth ---------------------------------

REDIS_URL = CELERY_BROKER_URL = broker("REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # worker and beat wait however long it is away
# Kombu 5.7 counts what Redis itself refuses (MISCONF: its disk is full) among the errors of a
# channel, at which Celery 5.7 ends the worker unless it is told to connect anew.
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 0,  # a page that posts must not wait for a broker that is down
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # keeps no file, which a full disk would refuse
CELERY_BEAT_SCHEDULE = {
    "deliver the outbox": {"task": "clinic.deliver_outbox", "schedule": 10.0},
    "derive what is due": {"task": "clinic.derive", "schedule": 60.0},
}

# --- Logs: keys, never names ---------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "clinic.kernel.logs.Line"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "axes": {"level": "WARNING"}},
}
