"""The errors the stand-in Clio answers, in the shapes Clio is known to use (C 2.24, 2.25)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import json_response


class ApiError(Exception):
    """An answer that is not a success. Statuses are certain; the `type` of 404, 412 and most 422 is a guess."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body
        self.headers = dict(headers or {})

    @property
    def words(self) -> str:
        """What it says to a person."""
        said = self.body.get("error")
        return str(said["message"] if isinstance(said, dict) else self.body.get("error_description", said))

    def response(self) -> Response:
        """The answer itself."""
        return json_response(self.body, status=self.status, headers=self.headers)


def typed(status: int, kind: str, message: str, headers: Mapping[str, str] | None = None) -> ApiError:
    """An error in the usual shape: {"error": {"type", "message"}}."""
    return ApiError(status, {"error": {"type": kind, "message": message}}, headers)


def bad_argument(message: str) -> ApiError:
    """400: a parameter that cannot be used."""
    return typed(400, "ArgumentError", f"An invalid argument was supplied: {message}")


def bad_field(message: str) -> ApiError:
    """400: the whole request fails on one unknown field (C 2.8)."""
    return typed(400, "InvalidFields", message)


def not_found() -> ApiError:
    """404: no such record, no such path, or one that this login may not see."""
    return typed(404, "RecordNotFound", "The record was not found")


def unprocessable(message: str, kind: str = "ValidationError") -> ApiError:
    """422: understood, but not allowed."""
    return typed(422, kind, message)


def no_token() -> ApiError:
    """401 where no token was sent: `error` is an object."""
    return typed(401, "UnauthorizedError", "User is not authorized")


def bad_token() -> ApiError:
    """401 where the token is unknown, revoked or expired: `error` is a string."""
    said = "The access token provided is expired, revoked, malformed or invalid for other reasons."
    return ApiError(
        401,
        {"error": "invalid_token", "error_description": said},
        {"WWW-Authenticate": f'Bearer realm="stand-in", error="invalid_token", error_description="{said}"'},
    )
