"""Starting a firm's first sync: once, by an admin, after a look at the preview (BEHAVIOUR §3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record_event, tell
from accounts.models import Firm, User
from syncengine.domain.setting_names import SETTING_NAMES
from syncengine.engine.reference import Setup, load_setup
from syncengine.engine.schedule import ask_for_run
from syncengine.models import Preview, SyncSettings

#: Without these, no bill can be sent at all or only by chance (BEHAVIOUR §3, 7).
NEEDED_SETTINGS = ("time_entries_account", "expenses_account", "tax_none")


class StartRefused(Exception):  # noqa: N818
    """The first sync cannot be started yet; the text says what to do. Nothing was changed."""


def start_first_sync(*, firm: Firm, user: User, now: datetime) -> bool:
    """Switch the export on, so that the first sync begins at once. False: it was started already.

    Raises:
        StartRefused: something is not chosen yet, or the preview is missing or of other settings.
    """
    row = SyncSettings.objects.first()
    if row is not None and row.export_bills:
        return False
    if row is None or not row.saved_at:
        raise StartRefused(_("Choose accounts and tax rates first."))
    missing = [SETTING_NAMES[name] for name in NEEDED_SETTINGS if not getattr(row, name)]
    if missing:
        raise StartRefused(_("Choose these first: %(names)s.") % {"names": ", ".join(missing)})
    preview = Preview.objects.first()
    if preview is None or preview.state != Preview.State.READY:
        raise StartRefused(_("Wait for the preview: it shows what the first sync will send."))
    if not is_current(preview, load_setup(firm=firm)):
        raise StartRefused(_("The settings or the chart changed since the preview was made. Have it made again first."))
    with transaction.atomic():
        standing = SyncSettings.objects.filter(pk=row.pk, version=row.version, export_bills=False)
        if not standing.update(export_bills=True, version=row.version + 1, saved_at=now, saved_by=user):
            if SyncSettings.objects.filter(export_bills=True).exists():
                return False
            raise StartRefused(_("Somebody saved the settings at this moment. Look at the preview again."))
        record_event(firm=firm, actor=user, action="first_sync_started")
    ask_for_run(firm=firm, now=now)
    return True


def is_current(preview: Preview, now: Setup) -> bool:
    """Whether a preview was worked out under the settings and lists as they are now."""
    return preview.made_under == now.digest


tell("first_sync_started", lambda _detail: _("The first sync was started."))
