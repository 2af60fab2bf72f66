"""script/bench: the side-by-side measurements, with the tools that they compare with.

Measures nothing itself: that is the package bench/.
"""

import os

from script.lib import system_packages
from script.lib.checkout import Checkout, replace_process
from script.lib.setup import Needs, prepare


def main(checkout: Checkout, arguments: list[str]) -> int:
    ready = prepare(checkout, Needs(frontend=True, bench=True))
    environment = {
        **ready.environment,
        "LANDGIS_BENCH_VENV": str(checkout.var / "bench-venv"),
        "LANDGIS_CHROMIUM": system_packages.browser() or "",
    }
    os.chdir(checkout.root)
    replace_process([checkout.python, "-m", "bench", *arguments], environment)
