"""What its delivery calls a platform (经济开发区, 特色小镇 …), blank where it says nothing; only platforms have it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0004_target_terms"),
        ("layers", "0002_control_line_versions_kept"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="district",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="district",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="district",
            name="platform_type",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="districtevent",
            name="platform_type",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="district",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "districts_district_history" ("change_id", "code", "county_id", "geom_3857", "geom_4490", "id", "kind", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform_type", "source", "valid_from", "valid_to") SELECT old_values."change_id", old_values."code", old_values."county_id", old_values."geom_3857", old_values."geom_4490", old_values."id", old_values."kind", old_values."name", NOW(), \'update\', old_values."id", old_values."platform_type", old_values."source", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="cc57d31b297495c1584d464bbba73262981bd1c2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f2659",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="districts_district",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="district",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "districts_district_history" ("change_id", "code", "county_id", "geom_3857", "geom_4490", "id", "kind", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "platform_type", "source", "valid_from", "valid_to") SELECT old_values."change_id", old_values."code", old_values."county_id", old_values."geom_3857", old_values."geom_4490", old_values."id", old_values."kind", old_values."name", NOW(), \'delete\', old_values."id", old_values."platform_type", old_values."source", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="77692609b7dfbdf89b81d9b09f74c736dde38640",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_58786",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="districts_district",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="district",
            constraint=models.CheckConstraint(
                condition=models.Q(("platform_type", ""), ("kind", "platform"), _connector="OR"),
                name="district_type_of_platforms",
            ),
        ),
    ]
