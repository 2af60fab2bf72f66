"""Areas between ㎡, 亩 and ha: 1 亩 = 10000/15 ㎡ exactly, 1 ha = 15 亩. Never 666 or 666.67.

Refuses to round on the way: figures are kept in ㎡ and compared unrounded; rounding (half up) is for display.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import numpy as np
from numpy.typing import ArrayLike, NDArray

Number = Decimal | int | float | str

_M2_PER_15_MU = 10_000
_MU_PER_HA = 15
_PRECISION = 50  # digits: more than any area has, so that only a division by three can't be written out


def m2_to_mu(area_m2: Number) -> Decimal:
    return _scaled(area_m2, _MU_PER_HA, _M2_PER_15_MU)


def mu_to_m2(area_mu: Number) -> Decimal:
    return _scaled(area_mu, _M2_PER_15_MU, _MU_PER_HA)


def m2_to_ha(area_m2: Number) -> Decimal:
    return _scaled(area_m2, 1, _M2_PER_15_MU)


def ha_to_m2(area_ha: Number) -> Decimal:
    return _scaled(area_ha, _M2_PER_15_MU, 1)


def ha_to_mu(area_ha: Number) -> Decimal:
    return _scaled(area_ha, _MU_PER_HA, 1)


def rounded(value: Number, places: int = 2) -> Decimal:
    """For display: half up, as officers round by hand (0.125 → 0.13), not to even."""
    with localcontext(Context(prec=_PRECISION)):
        return _decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def display_mu(area_m2: Number, places: int = 2) -> str:
    """The 亩 of an area in ㎡, rounded once, with thousands separated: 5708.9 → "8.56"."""
    return f"{rounded(m2_to_mu(area_m2), places):,f}"


def display_m2(area_m2: Number, places: int = 2) -> str:
    """㎡, rounded once, with thousands separated: 49265836.074 → "49,265,836.07"."""
    return f"{rounded(area_m2, places):,f}"


def mu_of(area_m2: float) -> float:
    """One figure as `m2_to_mu_array` gives it."""
    return area_m2 * _MU_PER_HA / _M2_PER_15_MU


def m2_to_mu_array(area_m2: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(area_m2, dtype=np.float64) * _MU_PER_HA / _M2_PER_15_MU


def mu_to_m2_array(area_mu: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(area_mu, dtype=np.float64) * _M2_PER_15_MU / _MU_PER_HA


def m2_to_ha_array(area_m2: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(area_m2, dtype=np.float64) / _M2_PER_15_MU


def rounded_array(values: ArrayLike, places: int = 2) -> NDArray[np.float64]:
    """Half up on the decimal that a float shows, so that 1.005 gives 1.01 as on paper; NaN stays."""
    array = np.asarray(values, dtype=np.float64)
    return np.array([_rounded_float(float(value), places) for value in array.ravel()]).reshape(array.shape)


def _rounded_float(value: float, places: int) -> float:
    return float(rounded(value, places)) if np.isfinite(value) else value


def _scaled(value: Number, times: int, over: int) -> Decimal:
    with localcontext(Context(prec=_PRECISION)):
        return _decimal(value) * times / over


def _decimal(value: Number) -> Decimal:
    # By its shortest text: 0.1 is meant as 0.1, not as the binary fraction beside it.
    return Decimal(str(value)) if isinstance(value, float) else Decimal(value)
