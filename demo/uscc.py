"""Unified social credit codes that pass every check digit and can belong to nobody.

It refuses codes that could be issued: the organisation part starts with YWD, which no registrar uses.
"""

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def invented_uscc(county_code: str, serial: int) -> str:
    """Invented firm number `serial`: 91 + county + organisation code (GB 11714) + check digit (GB 32100)."""
    organisation = f"YWD{serial:05d}" if serial < 100_000 else f"YWD{_five_characters(serial)}"
    body = f"91{county_code}{organisation}{_organisation_check(organisation)}"
    return body + uscc_check_digit(body)


def uscc_check_digit(first_17: str) -> str:
    """GB 32100-2015, modulus 31."""
    total = sum(
        USCC_ALPHABET.index(char) * weight for char, weight in zip(first_17, _USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[(31 - total) % 31]


def _organisation_check(body: str) -> str:
    total = sum(
        _ORGANISATION_ALPHABET.index(char) * weight
        for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def _five_characters(serial: int) -> str:
    """Beyond five digits, a letter comes first: no clash with the decimal serials."""
    rest, text = serial + 10 * 31**4, ""
    for _ in range(5):
        rest, digit = divmod(rest, 31)
        text = USCC_ALPHABET[digit] + text
    return text
