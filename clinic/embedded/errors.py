"""The one error of this package."""


class EmbeddedError(Exception):
    """A server could not be started or used safely.

    :param message: one sentence: what is wrong.
    :param remedy: one sentence: what to do about it.
    """

    def __init__(self, message: str, remedy: str):
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n{self.remedy}"
