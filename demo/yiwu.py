"""What the layout follows on the real ground of Yiwu: town seats, valleys, and what cuts through them.

It refuses to be a source: places are rough, shares are guesses; nothing here is survey or statistics.
"""

from dataclasses import dataclass

LonLat = tuple[float, float]


@dataclass(frozen=True)
class TownHint:
    """Seat (GeoNames where it has one, otherwise by eye), size, and what the town's industry looks like."""

    seat: LonLat
    area_km2: float
    industrial_share: float
    zones: int
    lot_mu: float
    """Median lot: small in the old workshop villages, large in the new parks."""


HINTS: dict[str, TownHint] = {
    "330782001": TownHint((120.076, 29.309), 20, 0.008, 1, 6.0),
    "330782002": TownHint((120.098, 29.283), 57, 0.045, 3, 7.5),
    "330782003": TownHint((120.028, 29.283), 48, 0.130, 4, 11.0),
    "330782004": TownHint((120.046, 29.325), 38, 0.070, 3, 9.5),
    "330782005": TownHint((120.052, 29.362), 78, 0.095, 4, 9.0),
    "330782006": TownHint((119.995, 29.320), 66, 0.085, 4, 10.0),
    "330782007": TownHint((120.163, 29.327), 75, 0.105, 4, 10.5),
    "330782008": TownHint((120.108, 29.347), 45, 0.022, 2, 7.0),
    "330782100": TownHint((120.014, 29.207), 134, 0.100, 5, 8.5),
    "330782101": TownHint((120.030, 29.145), 148, 0.050, 3, 9.5),
    "330782102": TownHint((119.961, 29.236), 60, 0.085, 4, 8.0),
    "330782104": TownHint((119.932, 29.285), 114, 0.065, 4, 9.0),
    "330782105": TownHint((120.118, 29.402), 104, 0.105, 4, 11.0),
    "330782106": TownHint((120.125, 29.455), 124, 0.055, 3, 7.5),
}

VALLEYS: tuple[tuple[LonLat, ...], ...] = (
    (
        (120.128, 29.478),
        (120.122, 29.440),
        (120.116, 29.400),
        (120.105, 29.362),
        (120.090, 29.330),
        (120.060, 29.300),
    ),
    (
        (120.185, 29.325),
        (120.150, 29.322),
        (120.110, 29.310),
        (120.070, 29.295),
        (120.035, 29.270),
        (120.020, 29.230),
        (120.005, 29.195),
        (120.020, 29.165),
        (120.030, 29.135),
    ),
    (
        (120.075, 29.385),
        (120.045, 29.350),
        (120.000, 29.322),
        (119.960, 29.300),
        (119.930, 29.280),
        (119.905, 29.265),
    ),
    ((120.030, 29.272), (119.990, 29.250), (119.955, 29.235), (119.925, 29.225)),
)
"""Where flat land is: industry keeps to it, the hills stay empty."""

CORRIDORS: tuple[tuple[float, tuple[LonLat, ...]], ...] = (
    (
        150.0,
        (
            (120.215, 29.300),
            (120.170, 29.312),
            (120.130, 29.302),
            (120.095, 29.296),
            (120.068, 29.288),
            (120.045, 29.262),
            (120.030, 29.235),
            (120.012, 29.215),
            (119.985, 29.190),
            (119.940, 29.175),
        ),
    ),
    (
        76.0,
        (
            (120.145, 29.520),
            (120.102, 29.452),
            (120.088, 29.405),
            (120.035, 29.372),
            (119.985, 29.332),
            (119.930, 29.302),
            (119.895, 29.275),
        ),
    ),
    (
        44.0,
        (
            (120.150, 29.505),
            (120.132, 29.455),
            (120.108, 29.395),
            (120.075, 29.352),
            (120.040, 29.318),
            (120.005, 29.280),
            (119.965, 29.248),
            (119.915, 29.222),
        ),
    ),
)
"""Width in metres and rough course of a river, a motorway and a railway: no lot lies across them."""
