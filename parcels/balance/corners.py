"""What a proof says of its ground in figures: the corners in the survey CRS, and the hash by which the shapes are known.

Refuses to list more corners than a paper can hold: of more, the hash stands for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from layers.geometry.transform import CGCS2000, transform_geometries
from parcels.exchange.boundary_writer import surveyed_rings

MOST_CORNERS = 300
Ground = tuple[str, Any]


def corner_facts(grounds_4490: Sequence[Ground], survey_crs: int) -> dict[str, Any]:
    """By the keys of the vocabulary; a ring's closing point isn't listed twice."""
    shapes = np.array([shape for _, shape in grounds_4490], dtype=object)
    rows = [
        {
            "ground": name,
            "ring": str(ring),
            "corner": f"J{place:02d}",
            "north": f"{north:.3f}",
            "east": f"{east:.3f}",
        }
        for (name, _), moved in zip(
            grounds_4490, transform_geometries(shapes, CGCS2000, survey_crs), strict=True
        )
        for ring, xy in enumerate(
            (xy for part in shapely.get_parts(moved) for xy in surveyed_rings(part)), start=1
        )
        for place, (east, north) in enumerate(xy[:-1].tolist(), start=1)
    ]
    told = f"EPSG:{survey_crs}（CGCS2000），界址点共 {len(rows)} 个"
    if len(rows) > MOST_CORNERS:
        return {
            "corner_crs": f"{told}，超过 {MOST_CORNERS} 个，不逐点列出",
            "corners": [],
            "ground_hash": ground_hash(shapes),
        }
    return {"corner_crs": told, "corners": rows, "ground_hash": ground_hash(shapes)}


def ground_hash(shapes_4490: Any) -> str:
    """SHA-256 over the shapes' WKB as they are stored (EPSG:4490, little endian), one after the other."""
    return hashlib.sha256(b"".join(shape.wkb for shape in shapes_4490)).hexdigest()
