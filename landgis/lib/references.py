"""A reference between two tables that the database checks once a statement instead of once a row.

Refuses, in the database itself, a row that points nowhere, the deletion of a row that is pointed at, and a new number for
it. PostgreSQL's own foreign key does the same with one query a row: a second and a half for 100,000 holdings, two thirds
of a second for their parcels' and holders' county.
"""

import pgtrigger

# Rows of this transaction can't be deleted by another one: where all that is pointed at was written here, one look does.
# All others are held until its end, as a foreign key does.
_CHECK = """
    own := pg_current_xact_id()::xid;
    PERFORM 1 FROM new_values n LEFT JOIN {parent} p ON p.id = n.{column} AND p.xmin = own
      WHERE n.{column} IS NOT NULL AND p.id IS NULL LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM {parent} p
      WHERE p.id IN (SELECT n.{column} FROM new_values n) AND p.xmin <> own
      ORDER BY p.id FOR KEY SHARE;
    SELECT n.{column} INTO missing FROM new_values n
      WHERE n.{column} IS NOT NULL AND NOT EXISTS (SELECT FROM {parent} p WHERE p.id = n.{column}) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'landgis: % (%) points to no row of {parent}', '{column}', missing
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
"""

# The new rows themselves aren't looked at: to keep 100,000 shapes for that costs what the foreign key did. Each value that
# stands in the column is, one after the other along the index that begins with it.
_CHECK_FEW = """
    SELECT min(c.{column}) INTO standing FROM {child} c;
    WHILE standing IS NOT NULL LOOP
        PERFORM 1 FROM {parent} p WHERE p.{key} = standing FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'landgis: % (%) points to no row of {parent}', '{column}', standing
                USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
        END IF;
        SELECT min(c.{column}) INTO standing FROM {child} c WHERE c.{column} > standing;
    END LOOP;
    RETURN NULL;
"""

# A query of a repeatable read doesn't see what was entered since: whether something points here can't be told in it.
_KEPT = """
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE EXCEPTION 'landgis: {parent} is only deleted from in a transaction that reads what is committed'
            USING ERRCODE = 'foreign_key_violation', TABLE = TG_TABLE_NAME;
    END IF;
    SELECT o.{key} INTO pointed_at FROM old_values o
      WHERE EXISTS (SELECT FROM {child} c WHERE c.{column} = o.{key}) LIMIT 1;
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
            declare=[("own", "xid"), ("missing", "bigint")],
            func=_CHECK.format(parent=parent, column=column),
        )
        for suffix, operation in (("insert", pgtrigger.Insert), ("update", pgtrigger.Update))
    ]


def points_to_few(parent: str, key: str, child: str, column: str) -> list[pgtrigger.Trigger]:
    """For the table `child`, whose `column` holds few values and begins an index: each is a text `key` of `parent`."""
    return [
        pgtrigger.Trigger(
            name=f"{column}_known",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf(column),  # type: ignore[no-untyped-call]
            declare=[("standing", "text")],
            func=_CHECK_FEW.format(parent=parent, key=key, child=child, column=column),
        )
    ]


def pointed_at_by(parent: str, child: str, column: str, *, key: str = "id") -> list[pgtrigger.Trigger]:
    """For the table that is pointed at: a row to whose `key` a `column` of `child` points stays, and keeps it."""
    return [
        pgtrigger.Trigger(
            name=f"kept_for_{child}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="old_values"),  # type: ignore[no-untyped-call]
            declare=[("pointed_at", "text")],
            func=_KEPT.format(parent=parent, child=child, column=column, key=key),
        ),
        pgtrigger.Trigger(
            name=f"numbered_for_{child}",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf(key),  # type: ignore[no-untyped-call]
            condition=pgtrigger.Q(**{f"old__{key}__df": pgtrigger.F(f"new__{key}")}),
            func=f"""
                RAISE EXCEPTION 'landgis: the {"number" if key == "id" else key} of a row of {parent} never changes'
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
