"""Fields that are encrypted at rest with rotating keys (TOKEN_KEYS: the first encrypts, all decrypt)."""

import json
import zlib
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    _BinaryField = models.BinaryField[Any, Any]
else:
    _BinaryField = models.BinaryField


class UndecipherableValueError(Exception):
    """No key of TOKEN_KEYS opens a stored value: a key was taken away before `manage.py rotate_keys` ran."""


def cipher() -> MultiFernet:
    """The cipher of this installation."""
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])


def _open(token: bytes) -> bytes:
    try:
        return cipher().decrypt(token)
    except InvalidToken as error:
        raise UndecipherableValueError(
            "A stored value cannot be opened with the keys in TOKEN_KEYS: put the old key back, last in the list."
        ) from error


class EncryptedJSONField(_BinaryField):
    """Plain JSON values, compressed and encrypted. Null stays null."""

    def from_db_value(self, value: Any, *_: Any) -> Any:
        """Decrypt."""
        return None if value is None else json.loads(zlib.decompress(_open(bytes(value))))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Encrypt."""
        if value is not None:
            value = cipher().encrypt(zlib.compress(json.dumps(value).encode(), 1))
        return super().get_db_prep_value(value, connection, prepared)


class EncryptedBytesField(_BinaryField):
    """Bytes, compressed and encrypted. Null stays null."""

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        """Decrypt."""
        return None if value is None else zlib.decompress(_open(bytes(value)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Encrypt."""
        if value is not None:
            value = cipher().encrypt(zlib.compress(bytes(value), 1))
        return super().get_db_prep_value(value, connection, prepared)
