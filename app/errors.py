"""One family of errors. Actions raise them, the doors' root maps them once to an answer."""


class AppError(Exception):
    """Something a person asked for cannot be done; `message` says so in their language."""

    status = 500
    message = "申し訳ありません。処理できませんでした。"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)
        if message is not None:
            self.message = message


class SettingsError(AppError):
    """A needed environment variable is missing or wrong; the message names it and never shows a value."""


class InvalidFields(AppError):
    """Something given cannot be accepted; `faults` names each field and says why, never the value."""

    status = 422

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("、".join(f"{field}: {reason}" if field else reason for field, reason in faults))
        self.faults = faults
