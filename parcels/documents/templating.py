"""The little language of templates: values, conditions and repeated rows of the vocabulary, and nothing else.

Refuses whatever could compute or reach further: calls, assignments, macros, includes, arithmetic, attributes of Python.
"""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from landgis.lib.errors import InputError
from parcels.documents.vocabulary import FACTS

DEEPEST_LOOP = 2
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.For, nodes.Getattr,
    nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.CondExpr,
)  # fmt: skip
_ROW_COLUMNS = {name for fact in FACTS.values() for column in fact.columns for name in column.placeholders}
_OF_LOOP = {"index", "first", "last"}  # of jinja's own `loop`
PLACEHOLDERS = {name for fact in FACTS.values() for name in fact.placeholders}


class Checked(ImmutableSandboxedEnvironment):
    """A sandbox that reads every template's tree before it runs, and remembers the placeholders that it speaks of."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.filters.clear()
        self.tests.clear()
        self.globals.clear()
        self.names: set[str] = set()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check(tree, loops=0)
        names = find_undeclared_variables(tree)
        if unknown := names - PLACEHOLDERS:
            raise placeholder_unknown(unknown)
        self.names |= names
        return tree


def placeholder_unknown(names: Iterable[str]) -> InputError:
    listed = "、".join(f"{{{{ {name} }}}}" for name in sorted(names))
    return InputError(
        "placeholder_unknown", f"模板中的占位符 {listed} 没有对应的文书要素。",
        "请按占位符表改正模板后重新上传。", field="content",
    )  # fmt: skip


def unreadable(error: TemplateError) -> InputError:
    return InputError(
        "template_invalid", f"模板中的占位符或者条件写法有误：{error.message or error}",
        "请检查花括号是否成对、条件和循环是否结束。", field="content",
    )  # fmt: skip


def _check(node: nodes.Node, *, loops: int) -> None:
    for each in node.iter_child_nodes():
        if not isinstance(each, _ALLOWED):
            raise _refused(f"“{type(each).__name__}”这种写法")
        if isinstance(each, nodes.Getattr):
            of_loop = isinstance(each.node, nodes.Name) and each.node.name == "loop"
            if each.attr not in (_OF_LOOP if of_loop else _ROW_COLUMNS):
                raise _refused(f"“.{each.attr}”")
        if isinstance(each, nodes.Name) and each.name == "self":  # jinja gives it a value of its own
            raise placeholder_unknown(["self"])
        deeper = loops + isinstance(each, nodes.For)
        if deeper > DEEPEST_LOOP:
            raise _refused("三层以上的循环")
        _check(each, loops=deeper)


def _refused(what: str) -> InputError:
    return InputError(
        "template_forbidden",
        f"模板中不能使用{what}。",
        "模板只能使用占位符、条件（if）和逐行循环（for）。",
        field="content",
    )
