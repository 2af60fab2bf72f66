"""What every table of business data has in common: a county, the change that wrote the row, and a kept history.

Refuses, in the database itself, any write outside a declared change (`landgis.audit.change`), also by raw SQL or COPY.
"""

from collections.abc import Callable
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models.functions import Cast

from landgis.lib.triggers import look_up_triggers

look_up_triggers()

Model = TypeVar("Model", bound=type[models.Model])

NO_CHANGE = "landgis: a write needs a declared change with its author and reason"


class CurrentChange(models.Func):
    """The number of the change that this transaction declared."""

    function = "current_setting"
    template = "%(function)s('landgis.change_id')"
    output_field = models.TextField()


def current_change() -> Cast:
    return Cast(CurrentChange(), models.BigIntegerField())


def change_required() -> pgtrigger.Trigger:
    """Once per statement: no declared change, no write. TRUNCATE is for an empty test database only."""
    return pgtrigger.Trigger(
        name="change_required",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=f"""
            IF coalesce(current_setting('landgis.change_id', true), '') = ''
               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')
            THEN
                RAISE EXCEPTION '{NO_CHANGE} (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN NULL;
        """,
    )


def change_stamped() -> pgtrigger.Trigger:
    """An update carries the number of the change that made it, whatever the statement says."""
    return pgtrigger.Trigger(
        name="change_stamped",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
    )


def append_only(table: str) -> pgtrigger.Trigger:
    """What was written stays as it was written: only a test database may be emptied."""
    return pgtrigger.Trigger(
        name="append_only",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=f"""
                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')
                    THEN
                        RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    RETURN NULL;
                """,
    )


def versions_kept(table: str) -> list[pgtrigger.Trigger]:
    """A version stays as it was stored: it may end once, by `valid_to`, and that is all."""
    refused = f"""
            RAISE EXCEPTION '{table}: a stored version never changes, it only ends'
                USING ERRCODE = 'insufficient_privilege';
    """
    return [
        pgtrigger.Trigger(
            name="version_kept",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            declare=[("was", f"{table}%ROWTYPE")],
            # Byte for byte: to the geometry's own equality, rings that begin elsewhere may be the same.
            func=f"""
                was := OLD; was.valid_to := NEW.valid_to; was.change_id := NEW.change_id;
                IF OLD.valid_to IS NOT NULL OR was *<> NEW THEN {refused} END IF;
                RETURN NEW;
            """,
        ),
        pgtrigger.Trigger(
            name="version_never_deleted",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Delete | pgtrigger.Truncate,
            func=f"""
                IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')
                THEN {refused} END IF;
                RETURN NULL;
            """,
        ),
    ]


class Recorded(models.Model):
    """A row that knows which change wrote it."""

    change_id = models.BigIntegerField(db_default=current_change(), editable=False)

    class Meta:
        abstract = True
        triggers = [change_required(), change_stamped()]


def history_kept(table: str, *, but: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Keep what a row was before each update or delete in `<table>_history`, with the change that ended it.

    One statement-level trigger, so that bulk statements and raw SQL are caught too. An inserted row is in the table
    itself and isn't written twice. `but`: fields that the table itself never lets anybody change.
    """
    ended_by = models.BigIntegerField(db_default=current_change(), editable=False)
    tracked: Callable[[Model], Model] = pghistory.track(
        pghistory.UpdateEvent(row=pghistory.Old),
        pghistory.DeleteEvent(),
        level=pgtrigger.Statement,
        obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
        context_field=None,  # type: ignore[arg-type]
        append_only=True,
        exclude=list(but) or None,
        attrs={"ended_by": ended_by},
        meta={"db_table": f"{table}_history"},
    )
    return tracked
