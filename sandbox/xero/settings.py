"""Limits and switches of the stand-in; POST /control/limits changes them."""

from dataclasses import dataclass


@dataclass
class Settings:
    """None means no limit. The defaults are Xero's own (X 10.1)."""

    per_minute: int | None = 60
    """Calls a minute and organisation."""
    per_day: int | None = 5000
    """Calls a day and organisation; 1,000 on Xero's starter tier."""
    concurrent: int | None = 5
    """Calls at once and organisation."""
    app_per_minute: int | None = 10_000
    """Calls a minute of one app over all organisations."""
    concurrent_retry_after: bool = False
    """Whether a 429 for calls at once says Retry-After: the sources disagree (X 10.4)."""
    voided_numbers_held: bool = True
    """Whether voided and deleted documents keep their number: not known (X 17.14), so the harder case."""
    approved_per_month: int | None = None
    """How many sales invoices a month the plan lets be approved; 20 on the smallest plan (X 6.33)."""
