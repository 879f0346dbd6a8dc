"""How a log line looks, and what is kept out of it."""

import logging
import time


class PlainFormatter(logging.Formatter):
    """Plain lines with UTC times. PostgreSQL's DETAIL lines are dropped, since they repeat the values of a row."""

    converter = staticmethod(time.gmtime)
    default_msec_format = None

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and under it the traceback where there is one."""
        lines = super().format(record).splitlines()
        return "\n".join(line for line in lines if not line.startswith("DETAIL:"))
