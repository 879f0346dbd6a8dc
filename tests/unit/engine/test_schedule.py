"""Every five minutes a firm, spread over the interval (BEHAVIOUR §9)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syncengine.engine.schedule import INTERVAL, next_due

TIMES = st.integers(1_760_000_000, 1_800_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, tz=UTC))


@given(st.integers(1, 100_000), TIMES)
def test_a_firm_is_due_within_five_minutes_and_then_every_five_minutes(firm_id: int, now: datetime) -> None:
    first = next_due(firm_id=firm_id, now=now)
    assert timedelta(0) < first - now <= timedelta(minutes=5) == INTERVAL
    assert next_due(firm_id=firm_id, now=first) == first + timedelta(minutes=5)


def test_firms_are_spread_over_the_interval() -> None:
    now = datetime(2026, 5, 4, 13, 30, tzinfo=UTC)
    places = {next_due(firm_id=firm_id, now=now) for firm_id in range(1, 301)}
    assert len(places) == 300
