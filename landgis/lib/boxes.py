"""Boxes written as four numbers: west, south, east, north.

Refuses to know a coordinate system, or words for what is wrong: whoever asks knows both.
"""

Box = tuple[float, float, float, float]


class NotABox(ValueError):
    """Not four numbers in order, or outside what is asked about."""


def read_box(text: str, *, within: Box) -> Box | None:
    """The box that `text` writes, None for none; raises NotABox."""
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise NotABox(text) from None
    # Comparisons with NaN are false.
    if not (within[0] <= west < east <= within[2] and within[1] <= south < north <= within[3]):
        raise NotABox(text)
    return west, south, east, north
