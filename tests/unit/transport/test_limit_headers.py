"""What an answer's headers say about limits."""

import pytest

from syncengine.transport.limit_headers import News, read_headers

NOW = 1_790_000_000.0
MINUTE, DAY, CONCURRENT, APP = 1, 2, 3, 4


def read(service: str = "xero", status: int = 200, **headers: str) -> News:
    return read_headers(
        service=service,
        status=status,
        headers={name.replace("_", "-"): text for name, text in headers.items()},
        now=NOW,
    )


def test_xero_says_what_remains_of_the_minute_the_day_and_the_applications_minute() -> None:
    news = read(X_MinLimit_Remaining="57", X_DayLimit_Remaining="4931", X_AppMinLimit_Remaining="9998")
    assert news == News(remaining=57, day_remaining=4931, app_remaining=9998)


def test_a_header_that_cannot_be_read_says_nothing() -> None:
    assert read(X_MinLimit_Remaining="many", X_DayLimit_Remaining="") == News()


@pytest.mark.parametrize(
    ("problem", "kind"),
    [("minute", MINUTE), ("day", DAY), ("concurrent", CONCURRENT), ("appminute", APP), ("something new", MINUTE)],
)
def test_a_429_names_its_limit_and_when_it_ends(problem: str, kind: int) -> None:
    news = read(status=429, X_Rate_Limit_Problem=problem, Retry_After="26")
    assert (news.block, news.block_until) == (kind, NOW + 26)


def test_a_concurrent_429_without_retry_after_waits_one_to_two_seconds() -> None:
    ends = {read(status=429, X_Rate_Limit_Problem="concurrent").block_until for _ in range(50)}
    assert all(end is not None and NOW + 1 <= end < NOW + 2 for end in ends)
    assert len(ends) > 1


def test_a_minute_429_without_retry_after_waits_a_minute_and_a_day_one_an_hour() -> None:
    assert read(status=429).block_until == NOW + 60
    assert read(status=429, X_Rate_Limit_Problem="day").block_until == NOW + 3600


def test_retry_after_may_be_a_date() -> None:
    assert read(status=429, Retry_After="Mon, 21 Sep 2026 14:14:00 GMT").block_until == NOW + 40


def test_retry_after_of_nothing_waits_a_second_all_the_same() -> None:
    assert read(status=429, Retry_After="0").block_until == NOW + 1


def test_a_success_blocks_nothing_whatever_it_says() -> None:
    assert read(status=200, Retry_After="26").block is None


def test_clio_names_its_limit_and_the_end_of_its_window_a_second_of_grace_included() -> None:
    news = read("clio", X_RateLimit_Limit="50", X_RateLimit_Remaining="12", X_RateLimit_Reset=str(int(NOW) + 37))
    assert news == News(remaining=12, limit=50, reset=NOW + 38)


def test_a_clock_that_differs_is_allowed_for_by_the_date_header() -> None:
    news = read("clio", X_RateLimit_Reset=str(int(NOW) - 563), Date="Mon, 21 Sep 2026 14:03:20 GMT")
    assert news.reset == NOW + 38  # Clio's clock is 600 seconds behind


def test_an_end_that_is_no_window_away_is_not_believed() -> None:
    assert read("clio", X_RateLimit_Reset=str(int(NOW) - 100)).reset is None
    assert read("clio", X_RateLimit_Reset=str(int(NOW) + 3600)).reset is None


def test_what_was_not_said_reaches_the_script_as_an_empty_text() -> None:
    assert News(remaining=0, reset=1.5).as_arguments() == [0, "", 1500, "", "", "", ""]
