"""The stylesheet: contrast of its colours in both themes, and nothing from another host."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[3] / "static" / "clioxero" / "app.css").read_text()

TEXT = [  # text on what it stands on: at least 4.5 : 1
    *[
        (ink, paper)
        for ink in ("ink", "ink-quiet", "accent", "refused", "waiting", "good")
        for paper in ("paper", "paper-raised")
    ],
    ("ink", "paper-hover"),
    ("ink-quiet", "paper-hover"),
    ("accent", "paper-hover"),
    ("ink-quiet", "quiet-paper"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("paper-raised", "refused"),
    *[(tone, f"{tone}-paper") for tone in ("good", "waiting", "refused")],
    *[("ink", f"{tone}-paper") for tone in ("good", "waiting", "refused")],
    ("accent", "busy-paper"),
    ("accent", "refused-paper"),
]
LINES = [("line-strong", "paper"), ("line-strong", "paper-raised")]  # lines that mean something: at least 3 : 1


def tokens(theme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-fA-F]{6});", light))
    return {**found, **dict(re.findall(r"--([\w-]+): (#[0-9a-fA-F]{6});", dark))} if theme == "dark" else found


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_it_measures_contrast_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_meaningful_lines_can_be_read(theme: str) -> None:
    colours = tokens(theme)
    measured = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in (*TEXT, *LINES)}
    assert {pair: round(measured[pair], 2) for pair in TEXT if measured[pair] < 4.5} == {}
    assert {pair: round(measured[pair], 2) for pair in LINES if measured[pair] < 3} == {}


def test_nothing_comes_from_elsewhere_and_colours_are_named_by_their_role() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    after_tokens = CSS[CSS.index("/* Foundations") : CSS.index("/* On paper")]
    assert re.findall(r"#[0-9a-fA-F]{6}\b", after_tokens) == []
