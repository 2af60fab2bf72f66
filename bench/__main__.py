"""`script/bench [import|indicators|clusters|evaluation|export|tiles|editing …]`: run the pairs, print one table, keep it.

Refuses to write a result that wasn't measured in this run.
"""

import argparse
import json
import os
import platform
import tempfile
from datetime import datetime
from pathlib import Path

from bench import clusters, editing, evaluation, exports, imports, indicators, tiles
from bench.ground import PARCELS, Ground
from bench.runs import ROOT, RUNS, Result

SECTIONS = {  # editing writes, so it comes last
    "import": imports.run,
    "indicators": indicators.run,
    "clusters": clusters.run,
    "evaluation": evaluation.run,
    "export": exports.run,
    "tiles": tiles.run,
    "editing": editing.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], help="which pairs; all unless named")
    parser.add_argument("--keep", action="store_true", help="keep the databases for a look")
    asked = parser.parse_args()
    wanted = asked.sections or list(SECTIONS)
    folder = Path(
        os.environ.get("LANDGIS_BENCH_DATA", Path(tempfile.gettempdir()) / f"landgis-bench-{os.getuid()}")
    )
    folder.mkdir(parents=True, exist_ok=True)
    ground = Ground(folder)
    results: list[Result] = []
    try:
        ground.prepare()
        found = imports.run(ground)  # the others need its parcels
        results += found if "import" in wanted else []
        if set(wanted) - {"import"}:
            ground.load_tables()
        for name, run in SECTIONS.items():
            if name in wanted and name != "import":
                results += run(ground)
    finally:
        text = table(results)
        print(text, flush=True)
        if not asked.keep:
            ground.drop()
    if wanted == list(SECTIONS):
        (ROOT / "bench" / "results.md").write_text(text, encoding="utf-8")
        document = json.dumps([result.as_json() for result in results], ensure_ascii=False, indent=1)
        (ROOT / "bench" / "results.json").write_text(document + "\n", encoding="utf-8")


def table(results: list[Result]) -> str:
    """One table; a ratio above 1 means that landgis is ahead."""
    lines = [
        "# landgis beside the tools a user would pick",
        "",
        f"{PARCELS:,} parcels, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{datetime.now().astimezone():%Y-%m-%d}; "
        f"whole processes from outside, in turn, {RUNS} pairs after one to warm up, medians. "
        "A ratio above 1 means that landgis is ahead. Made by `script/bench`.",
        "",
        "| what | ours | peer | peer's tool | unit | ratio |",
        "|---|---:|---:|---|---|---:|",
    ]
    lines += [
        f"| {r.name} | {r.ours:,g} | {r.peer:,g} | {r.peer_tool} | {r.unit} | **{r.ratio:g}** |"
        for r in results
    ]
    notes = [f"- {r.name}: {r.note}" for r in results if r.note]
    return "\n".join([*lines, "", *notes, ""])


if __name__ == "__main__":
    main()
