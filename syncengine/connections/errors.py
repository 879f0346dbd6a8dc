"""What can go wrong on the way to, or out of, a connection. The texts are for people: they say the way out."""

from django.utils.translation import gettext as _

from syncengine.models import Service


class ConnectionsError(Exception):
    """Base of this package's errors."""


class NotConnected(ConnectionsError):  # noqa: N818
    """The firm has no working connection to `service`; the message says who must do what."""

    def __init__(self, service: str, message: str) -> None:
        super().__init__(message)
        self.service = service


class NetworkInTransaction(ConnectionsError):  # noqa: N818
    """A call would have been made while a database transaction is open (DESIGN §4.1)."""


class ConsentError(ConnectionsError):
    """A connection was not made. Nothing of it is saved; the message says why, and what to do."""


class StateRefused(ConsentError):  # noqa: N818
    """Whoever came back does not carry the state that this browser was sent out with (X 9.3)."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This answer does not belong to a connection that you started here, in this firm, within the last ten "
                "minutes. Nothing was changed. Start again with the button."
            )
        )


class ConsentDeclined(ConsentError):  # noqa: N818
    """The person said no at Clio or Xero."""

    def __init__(self, service: str) -> None:
        super().__init__(
            _("You did not allow the connection in %(service)s, so nothing was changed. You can start again any time.")
            % {"service": Service(service).label}
        )


class ConsentFailed(ConsentError):  # noqa: N818
    """Clio or Xero did not finish the connection: an answer that makes no sense, or a code that is used up."""


class NotSetUp(ConsentError):  # noqa: N818
    """The operator has not given this installation the application's id and secret."""


class AccountRefused(ConsentError):  # noqa: N818
    """It is another Clio account or Xero organisation than this firm may be tied to (BEHAVIOUR §1)."""


class NothingToChoose(ConsentError):  # noqa: N818
    """No organisations are on offer, or no longer, or the chosen one was not among them."""


class DisconnectRefused(ConnectionsError):  # noqa: N818
    """Nothing was disconnected; the message says what is missing. `field` names the form's field, if it is one."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
