"""What crisis asks of staff, derived by queries; each part of the app has its own file."""

from crisis.directory import waiting as of_directory
from crisis.profiles import waiting as of_profiles

__all__ = ["of_directory", "of_profiles"]
