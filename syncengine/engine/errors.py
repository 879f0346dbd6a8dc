"""What can end a slice early. Each says what an operator or a page should say."""

from datetime import datetime


class EngineError(Exception):
    """Base of the engine's own errors."""


class LeaseLost(EngineError):  # noqa: N818
    """Another worker took the firm over; nothing more may be sent by this one."""


class FirmBusy(EngineError):  # noqa: N818
    """Another run has the firm until `until` (UTC)."""

    def __init__(self, until: datetime) -> None:
        super().__init__("Another run is working on this firm.")
        self.until = until


class NotReady(EngineError):  # noqa: N818
    """The firm is not yet connected or configured, or its plan has no integration."""


class SliceOver(EngineError):  # noqa: N818
    """The slice's time is up; the run goes on in the next one."""


class MustWait(EngineError):  # noqa: N818
    """Nothing can be done before `until` (UTC); `reason` is in plain words."""

    def __init__(self, *, until: datetime, reason: str) -> None:
        super().__init__(reason)
        self.until = until
        self.reason = reason
