"""A definition as TOML reads back as the same document, whatever text and numbers it holds."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from parcels.schemes.writing import toml_text
from tests.parcels.grading.making import shipped, simple_document

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
plain = st.one_of(
    st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), text
)
value: st.SearchStrategy[Any] = st.recursive(
    plain,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=12,
)


@given(st.dictionaries(text, value, max_size=5))
def test_what_is_written_reads_back(document: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(document)) == document


def test_shipped_schemes_read_back_and_stay_readable() -> None:
    for document in (shipped("yiwu-2022"), shipped("huangyan-2022"), simple_document()):
        written = toml_text(document)
        assert tomllib.loads(written) == document
        assert "[[groups]]" in written
        assert max(map(len, written.splitlines())) < 200
