"""Argon2id with the costs that OWASP's password storage sheet names as a minimum (19 MiB, 2, 1).

Django's default takes 100 MiB a hash: twenty people signing in at once would need two gigabytes.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ClinicArgon2Hasher(Argon2PasswordHasher):
    """Argon2id, 19 MiB (19 456 KiB), two passes, one lane."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
