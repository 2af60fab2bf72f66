"""The five firms of a graded year, and the officer who evaluates them."""

from tests.parcels.grading.conftest import firms as firms
from tests.parcels.grading.conftest import officer as officer
