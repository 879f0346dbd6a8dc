"""How far each resource has been read; saved when a page is left, all at once where a pass had nothing."""

from datetime import datetime

from syncengine.models import Cursor


class Cursors:
    """The current firm's cursors, read in one query and written in one."""

    def __init__(self) -> None:
        self._rows = {row.resource: row for row in Cursor.objects.all()}
        self._moved: set[str] = set()

    def get(self, resource: str) -> Cursor:
        """The cursor of one resource, made in memory when it is first asked for."""
        if resource not in self._rows:
            self._rows[resource] = Cursor(resource=resource)
        return self._rows[resource]

    def rewind(self, resource: str) -> None:
        """Read this resource whole, from its beginning, in the next pass."""
        row = self.get(resource)
        row.since = row.pass_started_at = None
        row.next_url = ""

    def restart(self, resource: str) -> None:
        """Begin a pass that was under way anew, from where the last whole one began."""
        row = self.get(resource)
        row.pass_started_at = None
        row.next_url = ""
        self._moved.add(resource)

    def turn_page(self, resource: str, *, next_url: str, started_at: datetime | None) -> None:
        """Remember where an interrupted pass goes on; saved at once."""
        row = self.get(resource)
        row.next_url = next_url
        row.pass_started_at = row.pass_started_at or started_at
        self._moved.add(resource)
        self.flush()

    def finish(self, resource: str, *, started_at: datetime, now: datetime) -> None:
        """End a pass: the next one reads what changed since this one began, by the other side's clock."""
        row = self.get(resource)
        row.since = row.pass_started_at or started_at
        row.pass_started_at = None
        row.next_url = ""
        row.finished_at = now
        self._moved.add(resource)

    def flush(self) -> None:
        """Write what moved."""
        rows = [self._rows[resource] for resource in sorted(self._moved)]
        self._moved.clear()
        if rows:
            Cursor.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["firm", "resource"],
                update_fields=["since", "pass_started_at", "next_url", "finished_at"],
            )
