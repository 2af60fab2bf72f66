"""A scheme version that is put in force on a page keeps who did it, why, and the document that it rests on."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0002_parameter_successors"),
        ("parcels", "0024_land_use_and_returns"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="schemeversion",
            name="in_force_stays",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="schemeversion",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="schemeversion",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="schemeversion",
            name="in_force_by",
            field=models.CharField(blank=True, default="", max_length=150),
        ),
        migrations.AddField(
            model_name="schemeversion",
            name="in_force_reason",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="schemeversion",
            name="paper",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.basispaper",
            ),
        ),
        migrations.AddField(
            model_name="schemeversionevent",
            name="in_force_by",
            field=models.CharField(blank=True, default="", max_length=150),
        ),
        migrations.AddField(
            model_name="schemeversionevent",
            name="in_force_reason",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="schemeversionevent",
            name="paper",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="counties.basispaper",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="schemeversion",
            trigger=pgtrigger.compiler.Trigger(
                name="in_force_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.status <> 'draft' AND (NEW.status = 'draft' OR NEW.scheme_id <> OLD.scheme_id\n                       OR NEW.version <> OLD.version OR NEW.year_from <> OLD.year_from\n                       OR NEW.year_to IS DISTINCT FROM OLD.year_to OR NEW.basis <> OLD.basis\n                       OR NEW.definition <> OLD.definition OR NEW.sha256 <> OLD.sha256\n                       OR NEW.in_force_on IS DISTINCT FROM OLD.in_force_on OR NEW.in_force_by <> OLD.in_force_by\n                       OR NEW.in_force_reason <> OLD.in_force_reason\n                       OR NEW.paper_id IS DISTINCT FROM OLD.paper_id))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b1c62e311643b90cb804d40a91224c8f1ce08c26",
                    operation="UPDATE",
                    pgid="pgtrigger_in_force_stays_b490b",
                    table="schemes_version",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="schemeversion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "schemes_version_history" ("basis", "change_id", "definition", "id", "in_force_by", "in_force_on", "in_force_reason", "paper_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "sha256", "status", "version", "year_from", "year_to") SELECT old_values."basis", old_values."change_id", old_values."definition", old_values."id", old_values."in_force_by", old_values."in_force_on", old_values."in_force_reason", old_values."paper_id", NOW(), \'update\', old_values."id", old_values."scheme_id", old_values."sha256", old_values."status", old_values."version", old_values."year_from", old_values."year_to" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e184b872901cf7bbfadf108f799bbb38919ed05a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1b0e5",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="schemes_version",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="schemeversion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "schemes_version_history" ("basis", "change_id", "definition", "id", "in_force_by", "in_force_on", "in_force_reason", "paper_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "sha256", "status", "version", "year_from", "year_to") SELECT old_values."basis", old_values."change_id", old_values."definition", old_values."id", old_values."in_force_by", old_values."in_force_on", old_values."in_force_reason", old_values."paper_id", NOW(), \'delete\', old_values."id", old_values."scheme_id", old_values."sha256", old_values."status", old_values."version", old_values."year_from", old_values."year_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="edf4f5ef509b8ff0f08a78244a49c6797d6b3cdd",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_fbcf3",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="schemes_version",
                    when="AFTER",
                ),
            ),
        ),
    ]
