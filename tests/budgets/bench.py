"""`make bench`: seconds, calls, CPU and memory of first and idle runs, against stand-ins without limits."""

import sys

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-s", "-p", "no:cacheprovider", "tests/budgets/first_sync_bench.py", *sys.argv[1:]]))
