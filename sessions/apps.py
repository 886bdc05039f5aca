from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Counselling sessions. The label differs because Django's own web sessions own ``sessions``."""

    name = "sessions"
    label = "telesessions"
