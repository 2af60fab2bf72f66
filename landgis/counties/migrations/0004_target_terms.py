"""The term of a target that a successor ended before: the days until then keep their pace."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0003_county_kept_for_parcels"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="target",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="target",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="target",
            name="term_to",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="targetevent",
            name="term_to",
            field=models.DateField(null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="target",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "counties_target_history" ("basis", "change_id", "county_id", "id", "key", "pgh_created_at", "pgh_label", "pgh_obj_id", "term_to", "unit", "valid_from", "valid_to", "value") SELECT old_values."basis", old_values."change_id", old_values."county_id", old_values."id", old_values."key", NOW(), \'update\', old_values."id", old_values."term_to", old_values."unit", old_values."valid_from", old_values."valid_to", old_values."value" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="6a836b576db0795fa7658f263bdec5d359ff523a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a9acf",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="counties_target",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="target",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "counties_target_history" ("basis", "change_id", "county_id", "id", "key", "pgh_created_at", "pgh_label", "pgh_obj_id", "term_to", "unit", "valid_from", "valid_to", "value") SELECT old_values."basis", old_values."change_id", old_values."county_id", old_values."id", old_values."key", NOW(), \'delete\', old_values."id", old_values."term_to", old_values."unit", old_values."valid_from", old_values."valid_to", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="56ddd6ef684a6d43f0476361c389bf0a68bba5c2",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9d97e",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="counties_target",
                    when="AFTER",
                ),
            ),
        ),
    ]
