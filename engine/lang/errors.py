"""The error that operations on values raise; whoever knows the place in the text adds it."""


class LanguageError(Exception):
    """Raised when an operation has no result for the given values."""

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(f"{summary}: {detail}")
        self.summary = summary
        self.detail = detail
