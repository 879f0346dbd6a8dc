"""How a call of the API can fail. Only `Refused` concerns one element; the others end the whole call."""

from typing import Any


class XeroProblem(Exception):  # noqa: N818 - a refusal that Xero answers, no fault of the stand-in
    """An answer that is an error; `number` and `type` are Xero's (X 5)."""

    status = 400
    number = 0
    type = ""

    def payload(self) -> dict[str, Any]:
        """The error as Xero writes it."""
        return {"ErrorNumber": self.number, "Type": self.type, "Message": str(self)}


class Refused(XeroProblem):
    """One element broke rules; every broken rule has its message (X 5.1)."""

    number = 10
    type = "ValidationException"

    def __init__(self, *messages: str) -> None:
        super().__init__("A validation exception occurred")
        self.messages = list(dict.fromkeys(messages))

    def payload(self) -> dict[str, Any]:
        return {**super().payload(), "Elements": [{"ValidationErrors": self.errors()}]}

    def errors(self) -> list[dict[str, str]]:
        """The messages as Xero lists them."""
        return [{"Message": message} for message in self.messages]


class PostDataInvalid(XeroProblem):
    """The body cannot be read: the whole call is refused, good elements too (X 5.4)."""

    number = 14
    type = "PostDataInvalidException"


class NoData(XeroProblem):
    """A write without any element (X 5.4; its number is not known)."""

    type = "NoDataProcessedException"

    def __init__(self) -> None:
        super().__init__("No data has been processed for this endpoint. The body holds no element.")


class QueryInvalid(XeroProblem):
    """A `where` or `order` that cannot be read (X 5.5)."""

    number = 16
    type = "QueryParseException"


class ParameterInvalid(XeroProblem):
    """A query parameter or header that cannot be read. Xero's own words for these are not known."""

    type = "ValidationException"


class MethodNotAllowed(XeroProblem):
    """The address exists, but not for this method (X 5.4; its number is not known)."""

    status = 405
    type = "MethodNotAllowedException"

    def __init__(self) -> None:
        super().__init__("The requested method is not allowed for the resource")


class MediaTypeUnsupported(XeroProblem):
    """The body is not declared as JSON (X 1.3, 5.4; its number is not known)."""

    status = 415
    type = "UnsupportedMediaTypeException"

    def __init__(self) -> None:
        super().__init__("Send JSON with the header Content-Type: application/json")


class NotFound(XeroProblem):
    """No such thing: a bare page, not JSON (X 4.10)."""

    status = 404

    def __init__(self) -> None:
        super().__init__("The resource you're looking for cannot be found")
