"""Leaves the tests of the private database out where another is named and no server is installed."""

import os

from script.lib.pg_programs import newest_bindir

collect_ignore = ["test_cluster.py"] if os.environ.get("DATABASE_URL") and newest_bindir() is None else []
