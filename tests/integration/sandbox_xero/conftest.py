"""A running stand-in Xero for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.support.xero_stand_in import Xero


@pytest.fixture(scope="module")
def running_xero() -> Iterator[Xero]:
    """One server for the tests of a file."""
    with Xero() as running:
        yield running


@pytest.fixture
def xero(running_xero: Xero) -> Xero:
    """A stand-in as it starts, connected."""
    running_xero.reset()
    return running_xero
