"""A stored version of the control line never changes: it may end, and that is all.

Refuses nothing by itself: from now on the database does.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="controlline",
            trigger=pgtrigger.compiler.Trigger(
                name="version_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE was control_lines_controlline%ROWTYPE;",
                    func="\n                was := OLD; was.valid_to := NEW.valid_to; was.change_id := NEW.change_id;\n                IF OLD.valid_to IS NOT NULL OR was *<> NEW THEN \n            RAISE EXCEPTION 'control_lines_controlline: a stored version never changes, it only ends'\n                USING ERRCODE = 'insufficient_privilege';\n     END IF;\n                RETURN NEW;\n            ",
                    hash="373f94859fc3b768388693f427fa2dcda1f889d5",
                    operation="UPDATE",
                    pgid="pgtrigger_version_kept_ed1f7",
                    table="control_lines_controlline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="controlline",
            trigger=pgtrigger.compiler.Trigger(
                name="version_never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                THEN \n            RAISE EXCEPTION 'control_lines_controlline: a stored version never changes, it only ends'\n                USING ERRCODE = 'insufficient_privilege';\n     END IF;\n                RETURN NULL;\n            ",
                    hash="1a9a9ce7ede4599cf2a69b17182bdba4ca9ab491",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_version_never_deleted_a887b",
                    table="control_lines_controlline",
                    when="BEFORE",
                ),
            ),
        ),
    ]
