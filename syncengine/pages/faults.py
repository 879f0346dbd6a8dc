"""What has to be corrected in a form, for the summary above it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the summary; `name` is the field to go to, empty for the form as a whole."""

    name: str
    label: str
    message: str


def faults_of(errors: Mapping[str, tuple[str, ...]], labels: Mapping[str, str]) -> tuple[Fault, ...]:
    """The lines of the summary, from messages and labels by field name."""
    return tuple(Fault(name, labels.get(name, ""), message) for name, told in errors.items() for message in told)
