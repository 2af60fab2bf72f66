"""Runs script/lib as a package, whatever folder the caller stands in.

Holds no logic: sys.path is set before anything of the checkout is imported, and that is all.
"""

import runpy
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[2])
runpy.run_module("script.lib", run_name="__main__", alter_sys=True)
