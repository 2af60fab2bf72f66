"""Figures on Chinese pages: thousands apart where a template asks for it, and nowhere else."""

from decimal import Decimal

from django.template import Context, Template
from django.utils import translation


def test_a_template_that_asks_for_it_gets_thousands_apart() -> None:
    page = Template('{{ mu|floatformat:"2g" }} {{ mu|floatformat:2 }} {{ year }}')
    with translation.override("zh-hans"):
        assert (
            page.render(Context({"mu": Decimal("1897768.5"), "year": 2025})) == "1,897,768.50 1897768.50 2025"
        )
