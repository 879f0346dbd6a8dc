"""`make bench`: calls, seconds, CPU and memory of first and idle runs against stand-ins without limits, and of pages.

BENCH_BILLS chooses the sizes of the firms (1000,10000), BENCH_PAGE_BILLS the bills behind the pages (20000).
"""

import sys

import pytest

_FILES = ("first_sync_bench.py", "idle_bench.py", "pages_bench.py")

if __name__ == "__main__":
    files = [f"tests/budgets/{name}" for name in _FILES]
    sys.exit(pytest.main(["-q", "-s", "-p", "no:cacheprovider", *files, *sys.argv[1:]]))
