"""Which stored longitude and latitude each vertex of the survey's plane came from.

Refuses to let an untouched vertex travel through a projection again: there and back costs its last digits, and
a boundary would creep with every save.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry.rings import keys
from layers.geometry.transform import (
    CGCS2000,
    Box,
    Floats,
    Geometries,
    transform_geometries,
    transform_xy,
    with_coordinates,
)


@dataclass(frozen=True, slots=True)
class VertexBook:
    """Vertex n of the survey is `places[n]`, by `keys`, in order; it is stored as `lonlat[n]`."""

    places: NDArray[np.complex128]
    lonlat: Floats

    @classmethod
    def of(cls, geoms_4490: Geometries, geoms_survey: Geometries) -> VertexBook:
        """The shapes as stored and the same shapes transformed, vertex by vertex.

        Two stored vertices that the survey's plane can't tell apart (4 tenths of a nanometre) are one from
        now on, as the first shape has it.
        """
        lonlat, survey = shapely.get_coordinates(geoms_4490), shapely.get_coordinates(geoms_survey)
        if len(lonlat) != len(survey):
            raise ValueError(
                "the shapes in the survey's plane aren't those stored: their vertices differ in number"
            )
        places, first = np.unique(keys(survey), return_index=True)
        return cls(places, lonlat[first])

    @classmethod
    def read(
        cls, geoms_4490: Geometries, survey_crs: int, *, bbox_4490: Box | None = None
    ) -> tuple[VertexBook, Geometries]:
        """The book of stored shapes, and the shapes in the survey's plane."""
        geoms_survey = transform_geometries(geoms_4490, CGCS2000, survey_crs, bbox_4490=bbox_4490)
        return cls.of(geoms_4490, geoms_survey), geoms_survey

    def knows(self, survey: Floats) -> NDArray[np.bool_]:
        return np.isin(keys(survey), self.places)

    @property
    def known(self) -> Floats:
        """The vertices of the survey's plane that are in the book."""
        return self.places.view(np.float64).reshape(-1, 2)

    def to_4490(
        self, geoms_survey: Geometries, survey_crs: int, *, bbox_4490: Box | None = None
    ) -> Geometries:
        """As stored where the vertex is known, transformed where it is new."""
        survey = shapely.get_coordinates(geoms_survey)
        key = keys(survey)
        at = np.searchsorted(self.places, key)
        at[at == len(self.places)] = 0
        known = self.places[at] == key if len(self.places) else np.zeros(len(key), dtype=bool)
        lonlat = np.empty_like(survey)
        lonlat[known] = self.lonlat[at[known]]
        lonlat[~known] = transform_xy(survey[~known], survey_crs, CGCS2000, bbox_4490=bbox_4490)
        return with_coordinates(geoms_survey, lonlat)
