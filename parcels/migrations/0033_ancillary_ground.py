"""The ground of ancillary projects, parcel by parcel; what of a quota a project means to pool; dormitories built with quotas."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import landgis.lib.history
import pgtrigger.compiler
import pgtrigger.migrations
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0002_parameter_successors"),
        ("parcels", "0032_grading_acceptance"),
    ]

    operations = [
        migrations.CreateModel(
            name="AncillaryGround",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "change_id",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            landgis.lib.history.CurrentChange(), models.BigIntegerField()
                        ),
                        editable=False,
                    ),
                ),
                ("land_m2", models.DecimalField(decimal_places=4, max_digits=16)),
            ],
            options={
                "db_table": "ancillary_ground",
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="pooledquota",
            name="quota_stays",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="pooledquota",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="pooledquota",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="pooledquota",
            name="quota_of_a_parcel_once",
        ),
        migrations.RemoveConstraint(
            model_name="pooledquota",
            name="quota_areas",
        ),
        migrations.AddField(
            model_name="ancillaryproject",
            name="pooled_building_m2",
            field=models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=16),
        ),
        migrations.AddField(
            model_name="ancillaryproject",
            name="pooled_land_m2",
            field=models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=16),
        ),
        migrations.AddField(
            model_name="pooledquota",
            name="project",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotas",
                to="parcels.ancillaryproject",
            ),
        ),
        migrations.AddField(
            model_name="pooledquotaevent",
            name="project",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="parcels.ancillaryproject",
            ),
        ),
        migrations.AddField(
            model_name="pooluse",
            name="dormitory_building_m2",
            field=models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=16),
        ),
        migrations.AddField(
            model_name="pooluse",
            name="dormitory_land_m2",
            field=models.DecimalField(decimal_places=4, default=Decimal("0"), max_digits=16),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pooledquota",
            trigger=pgtrigger.compiler.Trigger(
                name="quota_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."building_m2" IS DISTINCT FROM (NEW."building_m2") OR OLD."evidence" IS DISTINCT FROM (NEW."evidence") OR OLD."land_m2" IS DISTINCT FROM (NEW."land_m2") OR OLD."on" IS DISTINCT FROM (NEW."on") OR OLD."parcel_id" IS DISTINCT FROM (NEW."parcel_id") OR OLD."pool_id" IS DISTINCT FROM (NEW."pool_id") OR OLD."project_id" IS DISTINCT FROM (NEW."project_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f570f4734fc4d332c763cd1e85dbcd8cd62c9567",
                    operation="UPDATE",
                    pgid="pgtrigger_quota_stays_08937",
                    table="ancillary_quota",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pooledquota",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ancillary_quota_history" ("building_m2", "change_id", "evidence", "id", "land_m2", "on", "parcel_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "project_id", "use_id", "withdrawn_on") SELECT old_values."building_m2", old_values."change_id", old_values."evidence", old_values."id", old_values."land_m2", old_values."on", old_values."parcel_id", NOW(), \'update\', old_values."id", old_values."pool_id", old_values."project_id", old_values."use_id", old_values."withdrawn_on" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="65e97509ab536209cba8dd75dd10332c2d85627b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4f619",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="ancillary_quota",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pooledquota",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "ancillary_quota_history" ("building_m2", "change_id", "evidence", "id", "land_m2", "on", "parcel_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pool_id", "project_id", "use_id", "withdrawn_on") SELECT old_values."building_m2", old_values."change_id", old_values."evidence", old_values."id", old_values."land_m2", old_values."on", old_values."parcel_id", NOW(), \'delete\', old_values."id", old_values."pool_id", old_values."project_id", old_values."use_id", old_values."withdrawn_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e47c58623b4af8772b9656b924c604d536ffe763",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_35cea",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="ancillary_quota",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="ancillaryproject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pooled_building_m2__gte", 0),
                    ("pooled_land_m2__gte", 0),
                    (
                        "pooled_land_m2__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("land_m2"), "-", models.F("ancillary_land_m2")
                        ),
                    ),
                    (
                        "pooled_building_m2__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("building_m2"), "-", models.F("ancillary_building_m2")
                        ),
                    ),
                ),
                name="ancillary_pooled_areas",
            ),
        ),
        migrations.AddConstraint(
            model_name="pooledquota",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_on", None)),
                fields=("project",),
                name="quota_of_a_project_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="pooledquota",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("building_m2__gte", 0),
                    ("land_m2__gte", 0),
                    models.Q(("land_m2__gt", 0), ("building_m2__gt", 0), _connector="OR"),
                ),
                name="quota_areas",
            ),
        ),
        migrations.AddConstraint(
            model_name="pooluse",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dormitory_land_m2__gte", 0),
                    ("dormitory_land_m2__lte", models.F("land_m2")),
                    ("dormitory_building_m2__gte", 0),
                    ("dormitory_building_m2__lte", models.F("building_m2")),
                ),
                name="pool_use_dormitories",
            ),
        ),
        migrations.AddField(
            model_name="ancillaryground",
            name="parcel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ancillary_grounds",
                to="parcels.parcel",
            ),
        ),
        migrations.AddField(
            model_name="ancillaryground",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="grounds",
                to="parcels.ancillaryproject",
            ),
        ),
        migrations.AddConstraint(
            model_name="ancillaryground",
            constraint=models.UniqueConstraint(fields=("project", "parcel"), name="ancillary_ground_once"),
        ),
        migrations.AddConstraint(
            model_name="ancillaryground",
            constraint=models.CheckConstraint(
                condition=models.Q(("land_m2__gt", 0)), name="ancillary_ground_area"
            ),
        ),
        # Projects stated so far lie wholly on the parcel that they name, by the change that stated them. Written before the
        # ground's own triggers are there: what was overstated stays as it was, and blocks the next statement on its parcel.
        migrations.RunSQL(
            """
            SET CONSTRAINTS ALL IMMEDIATE;
            INSERT INTO ancillary_ground (change_id, project_id, parcel_id, land_m2)
            SELECT change_id, id, parcel_id, land_m2 FROM ancillary_project;
            SET CONSTRAINTS ALL DEFERRED;
            """,
            migrations.RunSQL.noop,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ancillaryground",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="b7b9007f7109ab8f03f129abeccc643fc32ae555",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_f7449",
                    table="ancillary_ground",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ancillaryground",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'ancillary_ground is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="d9296cccf9d419768f17c9a5bbbfcc5245ca71a9",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_28365",
                    table="ancillary_ground",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ancillaryground",
            trigger=pgtrigger.compiler.Trigger(
                name="ground_within_parcel",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE whole numeric; held numeric;",
                    func="\n                    SELECT round(coalesce(p.registered_area_m2, p.planar_area_m2::numeric), 4) INTO whole\n                      FROM cadastre_parcel p WHERE p.id = NEW.parcel_id FOR NO KEY UPDATE;\n                    SELECT sum(g.land_m2) INTO held FROM ancillary_ground g\n                     WHERE g.parcel_id = NEW.parcel_id\n                       AND NOT EXISTS (SELECT FROM ancillary_project r WHERE r.replaces_id = g.project_id);\n                    IF held > whole THEN\n                        RAISE EXCEPTION 'ancillary_ground: parcel % has % ㎡, its projects %', NEW.parcel_id, whole, held\n                              USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="1dffae4b342091ccec5348aafaaba872ceb9b5b1",
                    operation="INSERT",
                    pgid="pgtrigger_ground_within_parcel_92147",
                    table="ancillary_ground",
                    when="AFTER",
                ),
            ),
        ),
    ]
