"""The limiter against real Redis, on a clock of its own."""

import os
import random
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import redis

from syncengine.transport.errors import LimiterUnavailable, LimitReached
from syncengine.transport.throttle import Limiter, Scope, Slot
from tests.support.limited_server import START, Server, Simulation

_runs = count()
XERO = Scope(
    "xero", "tenant-1", firm="1", app="app-1", per_minute=60, concurrent=5, per_day=5000, per_minute_app=10_000
)
CLIO = Scope("clio", "grant-1", firm="1", per_minute=50, concurrent=0)


@pytest.fixture
def sim() -> Iterator[Simulation]:
    prefix = f"test-throttle-{os.getpid()}-{next(_runs)}"
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    yield Simulation(client, prefix)
    for key in client.scan_iter(f"{prefix}:*"):
        client.delete(key)
    client.close()


def time_of(seconds: float) -> datetime:
    return datetime.fromtimestamp(START + seconds, tz=UTC)


def call(sim: Simulation, scope: Scope, *, status: int = 200, **headers: str) -> None:
    """One call that is answered at once."""
    with sim.limiter().slot(scope) as slot:
        slot.note(status, {name.replace("_", "-"): text for name, text in headers.items()})


def refusal(sim: Simulation, scope: Scope) -> LimitReached:
    with pytest.raises(LimitReached) as caught, sim.limiter().slot(scope):
        pass
    return caught.value


# Throughput -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [None, 0.0, 17.3, 44.0])
@pytest.mark.parametrize(
    ("workers", "latency"), [(1, (0.15, 0.3)), (5, (0.15, 0.3)), (8, (0.15, 0.3)), (5, (0.3, 3.0))]
)
def test_it_lets_through_what_the_limit_allows_and_meets_no_429(
    sim: Simulation, workers: int, latency: tuple[float, float], phase: float | None
) -> None:
    server, rng = Server(60, phase), random.Random(7)
    for _ in range(workers):
        sim.worker(server, XERO, rng=rng, latency=latency)
    sim.run(minutes=6)
    assert server.refused == 0
    assert server.served >= 0.95 * 60 * 6


@pytest.mark.parametrize("limit", [5, 20, 100])
def test_a_server_with_another_limit_than_the_documented_one_is_believed(sim: Simulation, limit: int) -> None:
    server = Server(limit, phase=17.3)
    sim.worker(server, XERO, rng=random.Random(7))
    sim.run(minutes=10)
    assert server.refused == 0
    assert server.served >= 0.95 * limit * 10


def test_a_server_without_limits_is_not_throttled(sim: Simulation) -> None:
    server = Server(1_000_000)
    sim.worker(server, XERO, rng=random.Random(7), latency=(0.01, 0.02))
    sim.run(minutes=1)
    assert server.served > 3000
    assert sim.waits == 0


def test_calls_that_somebody_else_makes_are_taken_into_account(sim: Simulation) -> None:
    server, rng = Server(60, phase=17.3), random.Random(7)
    theirs = 0

    def other() -> None:
        nonlocal theirs
        theirs += server.answer(sim.now)[0] == 429
        sim.at(sim.now + rng.expovariate(0.5), other)

    sim.at(sim.now, other)
    sim.worker(server, XERO, rng=rng)
    sim.run(minutes=10)
    assert server.served >= 0.95 * 60 * 10
    assert server.refused - theirs <= 2 * 10  # about one a window tells that somebody else was quicker


# One limit at a time --------------------------------------------------------------------------------------------------


def test_without_headers_own_calls_are_counted_for_a_minute_from_their_answer(sim: Simulation) -> None:
    for second in range(60):
        sim.now = START + second / 10
        call(sim, XERO)
    reached = refusal(sim, XERO)
    assert (reached.kind, reached.until) == ("minute", time_of(60))
    sim.now = START + 60
    call(sim, XERO)
    assert refusal(sim, XERO).until == time_of(60.1)


def test_a_call_that_was_long_under_way_counts_from_its_answer(sim: Simulation) -> None:
    scope = Scope("xero", "tenant-1", per_minute=1, concurrent=5)
    with sim.limiter().slot(scope):
        sim.now = START + 20
    assert refusal(sim, scope).until == time_of(80)


def test_remaining_zero_stops_before_the_429(sim: Simulation) -> None:
    call(sim, XERO, X_MinLimit_Remaining="0")
    assert refusal(sim, XERO).kind == "minute"
    sim.now = START + 59.9
    assert refusal(sim, XERO).until <= time_of(60)
    sim.now = START + 60
    call(sim, XERO)


def test_a_larger_remaining_lets_more_through(sim: Simulation) -> None:
    for _ in range(60):
        call(sim, XERO)
    assert refusal(sim, XERO).kind == "minute"
    sim.now = START + 60
    call(sim, XERO, X_MinLimit_Remaining="80")
    for _ in range(80):
        call(sim, XERO)
    assert refusal(sim, XERO).kind == "minute"


def test_calls_in_flight_are_deducted_from_what_remains(sim: Simulation) -> None:
    limiter = sim.limiter()
    with ExitStack() as stack:
        stack.enter_context(limiter.slot(XERO))
        stack.enter_context(limiter.slot(XERO))
        call(sim, XERO, X_MinLimit_Remaining="3")
        stack.enter_context(limiter.slot(XERO))  # of the three, two may have been counted already: one is sure
        assert refusal(sim, XERO).kind == "minute"


def test_a_report_that_comes_late_does_not_raise_what_is_known(sim: Simulation) -> None:
    limiter = sim.limiter()
    early, late = ExitStack(), ExitStack()
    first: Slot = early.enter_context(limiter.slot(XERO))
    second: Slot = late.enter_context(limiter.slot(XERO))
    second.note(200, {"X-MinLimit-Remaining": "0"})
    late.close()
    first.note(200, {"X-MinLimit-Remaining": "1"})  # counted before the second, answered after it
    early.close()
    assert refusal(sim, XERO).kind == "minute"


def test_five_at_once_and_a_sixth_comes_back_within_two_seconds(sim: Simulation) -> None:
    limiter = sim.limiter()
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(limiter.slot(XERO))
        reached = refusal(sim, XERO)
        assert reached.kind == "concurrent"
        assert time_of(1) <= reached.until <= time_of(2)
    call(sim, XERO)


def test_a_killed_workers_slots_are_free_within_a_minute_and_its_calls_still_count(sim: Simulation) -> None:
    limiter, scope = sim.limiter(), Scope("xero", "tenant-1", per_minute=6, concurrent=5)
    abandoned = [limiter.slot(scope) for _ in range(5)]
    for slot in abandoned:
        slot.__enter__()
    assert refusal(sim, scope).kind == "concurrent"
    sim.now = START + 60
    call(sim, scope)
    assert refusal(sim, scope).kind == "minute"


def test_a_429_blocks_everybody_until_it_ends_and_then_the_window_is_new(sim: Simulation) -> None:
    for _ in range(59):
        call(sim, XERO)
    call(sim, XERO, status=429, X_Rate_Limit_Problem="minute", Retry_After="26", X_MinLimit_Remaining="0")
    assert refusal(sim, XERO).until == time_of(26)
    sim.now = START + 26
    for _ in range(60):
        call(sim, XERO)


def test_limits_of_one_organisation_are_not_those_of_another(sim: Simulation) -> None:
    call(sim, XERO, X_MinLimit_Remaining="0")
    call(sim, Scope("xero", "tenant-2", firm="2", app="app-1", per_minute=60, concurrent=5))


# The day --------------------------------------------------------------------------------------------------------------


def test_the_days_limit_is_believed_and_ends_a_day_after_its_window_began(sim: Simulation) -> None:
    call(sim, XERO, X_DayLimit_Remaining="4999")
    sim.now = START + 3600
    call(sim, XERO, X_DayLimit_Remaining="0")
    reached = refusal(sim, XERO)
    assert (reached.kind, reached.until) == ("day", time_of(86_400))
    sim.now = START + 86_400
    call(sim, XERO, X_DayLimit_Remaining="4999")


def test_where_nobody_knows_when_the_day_ends_one_call_an_hour_asks(sim: Simulation) -> None:
    call(sim, XERO, X_DayLimit_Remaining="2")
    call(sim, XERO, X_DayLimit_Remaining="1")
    call(sim, XERO, X_DayLimit_Remaining="0")
    assert refusal(sim, XERO).until == time_of(3600)
    sim.now = START + 3600
    call(sim, XERO, X_DayLimit_Remaining="4999")
    call(sim, XERO)


def test_a_429_of_the_day_blocks_until_it_ends(sim: Simulation) -> None:
    call(sim, XERO, status=429, X_Rate_Limit_Problem="day", Retry_After="7200", X_DayLimit_Remaining="0")
    sim.now = START + 7199
    assert (refusal(sim, XERO).kind, refusal(sim, XERO).until) == ("day", time_of(7200))
    sim.now = START + 7200
    call(sim, XERO)


@pytest.mark.parametrize(("before", "size"), [("4900", 5000), ("990", 1000)])
def test_a_first_sync_leaves_a_fifth_of_the_day_for_daily_changes(sim: Simulation, before: str, size: int) -> None:
    first_sync = Scope("xero", "tenant-1", per_minute=60, concurrent=5, per_day=5000, reserve_day=0.2)
    call(sim, first_sync, X_DayLimit_Remaining=before)
    call(sim, first_sync, X_DayLimit_Remaining=str(size // 5 + 1))
    call(sim, first_sync, X_DayLimit_Remaining=str(size // 5))
    assert refusal(sim, first_sync).kind == "day"
    call(sim, XERO)


def test_without_headers_the_configured_day_is_counted(sim: Simulation) -> None:
    scope = Scope("xero", "tenant-1", per_minute=0, concurrent=0, per_day=3)
    for _ in range(3):
        call(sim, scope)
    assert (refusal(sim, scope).kind, refusal(sim, scope).until) == ("day", time_of(86_400))


# The application ------------------------------------------------------------------------------------------------------


def app_scope(firm: int, *, per_minute_app: int = 20) -> Scope:
    return Scope("xero", f"tenant-{firm}", firm=str(firm), app="a", per_minute=60, per_minute_app=per_minute_app)


def test_the_applications_minute_is_shared_by_all_its_firms(sim: Simulation) -> None:
    for firm in range(1, 6):
        for _ in range(4):
            call(sim, app_scope(firm))
    assert refusal(sim, app_scope(9)).kind == "app"
    sim.now = START + 60
    call(sim, app_scope(9))


def test_when_little_is_left_a_firm_goes_on_only_below_its_even_share(sim: Simulation) -> None:
    for _ in range(15):
        call(sim, app_scope(1))
    call(sim, app_scope(2))
    call(sim, app_scope(2))
    assert refusal(sim, app_scope(1)).kind == "app"  # 17 of 20 are used, and its share is 10
    call(sim, app_scope(2))


def test_an_app_wide_429_blocks_other_firms_too(sim: Simulation) -> None:
    call(sim, app_scope(1), status=429, X_Rate_Limit_Problem="appminute", Retry_After="9")
    reached = refusal(sim, app_scope(2))
    assert (reached.kind, reached.until) == ("app", time_of(9))


def test_what_remains_for_the_application_is_believed(sim: Simulation) -> None:
    call(sim, app_scope(1, per_minute_app=10_000), X_AppMinLimit_Remaining="0")
    assert refusal(sim, app_scope(2, per_minute_app=10_000)).kind == "app"


# Clio -----------------------------------------------------------------------------------------------------------------


def test_clios_window_ends_when_clio_says_so(sim: Simulation) -> None:
    reset = str(int(START) + 37)
    call(sim, CLIO, X_RateLimit_Limit="50", X_RateLimit_Remaining="0", X_RateLimit_Reset=reset)
    assert (refusal(sim, CLIO).kind, refusal(sim, CLIO).until) == ("minute", time_of(38))
    sim.now = START + 38
    for _ in range(50):
        call(sim, CLIO)
    assert refusal(sim, CLIO).kind == "minute"


def test_clio_may_allow_more_than_fifty_a_minute(sim: Simulation) -> None:
    for used in range(1, 121):
        call(sim, CLIO, X_RateLimit_Limit="120", X_RateLimit_Remaining=str(120 - used))
    assert refusal(sim, CLIO).kind == "minute"


def test_clio_has_no_limit_on_calls_at_once(sim: Simulation) -> None:
    limiter = sim.limiter()
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(limiter.slot(CLIO))


# Redis ----------------------------------------------------------------------------------------------------------------


def test_without_redis_nothing_is_sent_and_the_error_says_so() -> None:
    nowhere = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    limiter = Limiter(nowhere, clock=lambda: time_of(0))
    with pytest.raises(LimiterUnavailable, match="Redis does not answer"), limiter.slot(XERO):
        pytest.fail("a slot was given")


def test_an_answer_is_not_lost_when_redis_goes_away_meanwhile(sim: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = sim.limiter()
    with limiter.slot(XERO) as slot:
        monkeypatch.setattr(limiter, "_report", _unreachable)
        slot.note(200, {"X-MinLimit-Remaining": "59"})


def _unreachable(**_: object) -> None:
    raise redis.ConnectionError("gone")


class CountingRedis(redis.Redis):
    """Counts its own commands: the server's counts hold those of every other worker of the test run too."""

    asked = 0

    def execute_command(self, *args: Any, **options: Any) -> Any:
        self.asked += 1
        return super().execute_command(*args, **options)  # type: ignore[no-untyped-call]


def test_a_slot_costs_two_round_trips(sim: Simulation) -> None:
    with CountingRedis.from_url(os.environ["REDIS_URL"]) as client:
        sim.client = client
        call(sim, XERO)
        before = client.asked
        call(sim, XERO)
        assert client.asked - before == 2


def test_a_limit_ends_in_the_future(sim: Simulation) -> None:
    call(sim, XERO, X_MinLimit_Remaining="0")
    sim.now += 30
    assert refusal(sim, XERO).until - datetime.fromtimestamp(sim.now, tz=UTC) > timedelta(0)
