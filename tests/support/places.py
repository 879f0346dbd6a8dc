"""Things beside the project that some tests use where they are present."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def shared_dir() -> Path | None:
    """The folder with the vendors' OpenAPI files: SHARED_DIR, or ../shared; None where there is none."""
    folder = Path(os.environ.get("SHARED_DIR") or ROOT.parent / "shared")
    return folder if (folder / "specs").is_dir() else None
