"""A list of pgtrigger's triggers that looks new ones up, where its own reads itself through for each: 0.2 s a start.

Refuses what pgtrigger's refuses: two triggers of one name on a table, and a function's name that is taken.
"""

from __future__ import annotations

from typing import Any

from pgtrigger import registry


class _LookedUp(registry._Registry):
    """Keeps beside the triggers what is asked of all of them: their tables and names, and their functions' names."""

    def __init__(self) -> None:
        self._by_db_table: dict[tuple[str, str], Any] = {}
        self._functions: set[str] = set()
        super().__init__()

    @property
    def by_db_table(self) -> dict[tuple[str, str], Any]:
        return self._by_db_table

    @property
    def pg_function_names(self) -> set[str]:
        return self._functions

    def __setitem__(self, key: str, value: tuple[Any, Any]) -> None:
        theirs: Any = super()  # without types
        theirs.__setitem__(key, value)
        model, trigger = value
        self._by_db_table[model._meta.db_table, trigger.name] = trigger
        self._functions.add(trigger.get_pgid(model))

    def __delitem__(self, key: str) -> None:
        model, trigger = self[key]
        theirs: Any = super()
        theirs.__delitem__(key)
        del self._by_db_table[model._meta.db_table, trigger.name]
        self._functions.discard(trigger.get_pgid(model))


def look_up_triggers() -> None:
    """Put this list in the place of pgtrigger's own; what that one already holds is taken over."""
    kept = registry._registry
    if not isinstance(kept, _LookedUp):
        registry._registry = _LookedUp()
        registry._registry.update(kept)
