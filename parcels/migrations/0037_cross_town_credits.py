"""Projects know every town that they lie in, and credits how much of which parcel they hold."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parcels", "0036_policy_lists"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="project",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="project",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="credit",
            name="parcels_m2",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="project",
            name="town_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="projectevent",
            name="town_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12), default=list, size=None
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_project_history" ("area_m2", "change_id", "cluster_id", "county_id", "due_on", "geom_3857", "geom_4490", "helper_units", "id", "lead_unit", "ledger", "name", "note", "parcel_codes", "person", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_no", "source", "town_code", "town_codes", "valid_from", "valid_to", "way") SELECT old_values."area_m2", old_values."change_id", old_values."cluster_id", old_values."county_id", old_values."due_on", old_values."geom_3857", old_values."geom_4490", old_values."helper_units", old_values."id", old_values."lead_unit", old_values."ledger", old_values."name", old_values."note", old_values."parcel_codes", old_values."person", NOW(), \'update\', old_values."id", old_values."project_no", old_values."source", old_values."town_code", old_values."town_codes", old_values."valid_from", old_values."valid_to", old_values."way" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="0290f5849b0a3f4d1c4d24f62fc59c83c3fe2827",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ffbbd",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="campaigns_project",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="project",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_project_history" ("area_m2", "change_id", "cluster_id", "county_id", "due_on", "geom_3857", "geom_4490", "helper_units", "id", "lead_unit", "ledger", "name", "note", "parcel_codes", "person", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_no", "source", "town_code", "town_codes", "valid_from", "valid_to", "way") SELECT old_values."area_m2", old_values."change_id", old_values."cluster_id", old_values."county_id", old_values."due_on", old_values."geom_3857", old_values."geom_4490", old_values."helper_units", old_values."id", old_values."lead_unit", old_values."ledger", old_values."name", old_values."note", old_values."parcel_codes", old_values."person", NOW(), \'delete\', old_values."id", old_values."project_no", old_values."source", old_values."town_code", old_values."town_codes", old_values."valid_from", old_values."valid_to", old_values."way" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8a260a7ecf5ebc91d24aecf0a9d06f8a822ad764",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_731eb",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="campaigns_project",
                    when="AFTER",
                ),
            ),
        ),
    ]
