"""A reference between two tables that the database checks once a statement instead of once a row.

Refuses, in the database itself, a row that points nowhere, the deletion of a row that is pointed at, and a new number for
it. PostgreSQL's own foreign key does the same with one query a row: a second and a half for 100,000 holdings.
"""

import pgtrigger

# Rows of this transaction can't be deleted by another one; all others are held until its end, as a foreign key does.
_CHECK = """
    PERFORM 1 FROM {parent} p
      WHERE p.id IN (SELECT n.{column} FROM new_values n) AND p.xmin <> pg_current_xact_id()::xid
      ORDER BY p.id FOR KEY SHARE;
    SELECT n.{column} INTO missing FROM new_values n
      WHERE n.{column} IS NOT NULL AND NOT EXISTS (SELECT FROM {parent} p WHERE p.id = n.{column}) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'landgis: % (%) points to no row of {parent}', '{column}', missing
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
"""

# A query of a repeatable read doesn't see what was entered since: whether something points here can't be told in it.
_KEPT = """
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'landgis: {parent} is only deleted from in a transaction that reads what is committed'
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    SELECT o.id INTO pointed_at FROM old_values o
      WHERE EXISTS (SELECT FROM {child} c WHERE c.{column} = o.id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'landgis: {parent} (%) is still pointed at by {child}', pointed_at
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
"""


def points_to(parent: str, column: str) -> list[pgtrigger.Trigger]:
    """For the table that points: `column` holds an id of `parent` after every statement that writes rows."""
    return [
        pgtrigger.Trigger(
            name=f"{column}_known_{suffix}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
            declare=[("missing", "bigint")],
            func=_CHECK.format(parent=parent, column=column),
        )
        for suffix, operation in (("insert", pgtrigger.Insert), ("update", pgtrigger.Update))
    ]


def pointed_at_by(parent: str, child: str, column: str) -> list[pgtrigger.Trigger]:
    """For the table that is pointed at: a row to which `column` of `child` points stays."""
    return [
        pgtrigger.Trigger(
            name=f"kept_for_{child}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="old_values"),  # type: ignore[no-untyped-call]
            declare=[("pointed_at", "bigint")],
            func=_KEPT.format(parent=parent, child=child, column=column),
        ),
        pgtrigger.Trigger(
            name=f"numbered_for_{child}",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("id"),  # type: ignore[no-untyped-call]
            condition=pgtrigger.Q(old__id__df=pgtrigger.F("new__id")),
            func=f"""
                RAISE EXCEPTION 'landgis: the number of a row of {parent} never changes'
                    USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
            """,
        ),
        pgtrigger.Trigger(
            name=f"never_emptied_under_{child}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Truncate,
            func=f"""
                IF EXISTS (SELECT FROM {child}) THEN
                    RAISE EXCEPTION 'landgis: {parent} is still pointed at by {child}'
                        USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
                END IF;
                RETURN NULL;
            """,
        ),
    ]
