"""The pictures that the server draws, and the same in words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from syncengine.pages.progress_line import HEIGHT, WIDTH, draw_line, pauses_of
from syncengine.pages.run_bars import DAYS, draw_bars

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = NOW.date()


def at(minutes: float) -> str:
    return (NOW + timedelta(minutes=minutes)).isoformat()


def day(before: int, *, runs: int = 3, sent: int = 0, failed: int = 0, errors: int = 0) -> dict[str, Any]:
    return {
        "day": TODAY - timedelta(days=before),
        "runs": runs,
        "sent": sent,
        "failed": failed,
        "with_errors": errors,
    }


TRAIL = [[at(-8), 100, ""], [at(-6), 200, at(-4)], [at(-2), 400, ""]]


def test_a_line_rises_with_what_is_done_and_stands_still_while_a_limit_is_waited_for() -> None:
    line = draw_line(trail=TRAIL, began=NOW - timedelta(minutes=10), now=NOW, done=500, of=1000)
    assert line is not None
    points = [(float(x), float(y)) for x, y in (point.split(",") for point in line.points.split())]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert points[2][1] == points[3][1]  # the pause
    assert list(points[-1]) == [WIDTH - 6, HEIGHT / 2]
    (band,) = line.bands
    assert float(band.x) == points[2][0]
    assert round(float(band.width)) == round((WIDTH - 12) * 0.2)


def test_it_says_in_words_what_the_line_shows() -> None:
    line = draw_line(trail=TRAIL, began=NOW - timedelta(minutes=10), now=NOW, done=500, of=1000)
    assert line is not None
    assert line.words == "500 of 1,000 records after 10 minutes. Limits made it wait once, 2 minutes in all."
    straight = draw_line(trail=[[at(-5), 10, ""]], began=NOW - timedelta(minutes=6), now=NOW, done=20, of=40)
    assert straight is not None
    assert straight.words == "20 of 40 records after 6 minutes. No limit made it wait."


def test_there_is_no_line_before_there_is_something_to_see() -> None:
    assert draw_line(trail=[], began=NOW, now=NOW + timedelta(minutes=1), done=1, of=2) is None
    assert draw_line(trail=TRAIL, began=NOW + timedelta(minutes=1), now=NOW, done=1, of=2) is None
    assert draw_line(trail=TRAIL, began=NOW - timedelta(minutes=1), now=NOW, done=0, of=0) is None


def test_a_pause_that_goes_on_ends_now_and_a_breath_is_none() -> None:
    pauses = pauses_of([[at(-3), 1, at(60)], [at(-2), 1, at(-1.99)]], now=NOW)
    assert [pause.lasted for pause in pauses] == [timedelta(minutes=3)]


def test_thirty_days_are_drawn_up_to_today_the_highest_where_most_was_sent() -> None:
    bars = draw_bars([day(0, sent=40), day(1, sent=10), day(29, sent=20)], today=TODAY)
    assert bars is not None
    assert len(bars.bars) == DAYS
    assert (bars.bars[0].day, bars.bars[-1].day) == (date(2026, 10, 25), TODAY)
    heights = [float(bar.height) for bar in bars.bars]
    assert max(heights) == heights[-1]
    assert heights[-1] > heights[0] > heights[-2] > 0
    assert heights[1] == 0.0  # no run on that day


def test_a_day_of_runs_without_anything_to_send_is_still_seen() -> None:
    bars = draw_bars([day(0)], today=TODAY)
    assert bars is not None
    assert float(bars.bars[-1].height) > 0
    assert bars.bars[-1].words == "clean"


def test_trouble_is_told_in_words_too() -> None:
    bars = draw_bars([day(0, sent=3, failed=2), day(1, errors=1)], today=TODAY)
    assert bars is not None
    assert bars.words == "30 days: 6 runs, 3 records sent. On 1 day a run failed."
    assert (bars.bars[-1].words, bars.bars[-2].words) == ("2 runs failed", "with problems that need somebody")


def test_without_runs_there_is_no_picture() -> None:
    assert draw_bars([], today=TODAY) is None
