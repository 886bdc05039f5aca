"""What crisis asks of staff, derived by queries; each part of the app has its own file."""

from crisis.directory import waiting as of_directory

__all__ = ["of_directory"]
