"""`python -m demo --seed 330782 --out data/shapefiles`: writes the demo county or a large one.

It refuses to touch anything but the folder it is given.
"""

import argparse
from pathlib import Path

from demo.bench import write_bench
from demo.county import load_county
from demo.delivery import write_all
from demo.story import tell

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Parse the command line and write the files."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--seed", type=int, default=330782, help="the same seed writes the same files")
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "shapefiles", help="folder to write to")
    parser.add_argument(
        "--county", type=Path, default=ROOT / "data" / "counties" / "330782", help="profile folder"
    )
    parser.add_argument(
        "--bench", "--scale", type=int, metavar="N", help="N plain parcels to measure speed with"
    )
    asked = parser.parse_args()
    county = load_county(asked.county)
    if asked.bench:
        write_bench(county, asked.bench, asked.seed, asked.out)
    else:
        write_all(tell(county, asked.seed), asked.seed, asked.out)
    print(f"written to {asked.out}")


if __name__ == "__main__":
    main()
