"""docs/rules.md names tests; each of them exists."""

import ast
import re
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SHORT = {
    "I/": "tests/integration/",
    "R/": "tests/integration/rules/",
    "U/": "tests/unit/",
    "D/": "tests/unit/domain/",
    "M/": "tests/unit/domain/mapping/",
    "J/": "tests/journeys/",
    "B/": "tests/budgets/",
}
_NAMED = re.compile(r"([A-Z]/[\w/]+\.py)::(\w+)")


@cache
def names_in(path: Path) -> frozenset[str]:
    """The names of the tests of one file."""
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(node.name for node in found if isinstance(node, ast.FunctionDef))


def test_every_test_that_the_page_of_rules_names_exists() -> None:
    named = _NAMED.findall((_ROOT / "docs/rules.md").read_text(encoding="utf-8"))
    assert len(named) > 150
    missing = []
    for file, name in named:
        path = _ROOT / (_SHORT[file[:2]] + file[2:])
        if not path.exists() or name not in names_in(path):
            missing.append(f"{file}::{name}")
    assert missing == []


def test_every_rule_on_the_page_names_a_test() -> None:
    rows = [line for line in (_ROOT / "docs/rules.md").read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    assert [row for row in rows if "::" not in row and row != "| rule | test |"] == []
