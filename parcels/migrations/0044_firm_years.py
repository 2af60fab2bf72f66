"""What firms were in single years: 规上, industry, town, each with its basis."""

import django.db.models.deletion
import django.db.models.functions.comparison
import landgis.lib.history
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0002_parameter_successors"),
        ("parcels", "0043_target_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="FirmYear",
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
                ("year", models.PositiveSmallIntegerField()),
                ("above_scale", models.BooleanField(null=True)),
                ("industry_code", models.CharField(blank=True, max_length=8)),
                ("industry_group", models.CharField(blank=True, max_length=40)),
                ("town_code", models.CharField(blank=True, max_length=12)),
                ("basis", models.TextField()),
                (
                    "county",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counties.county",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="years",
                        to="parcels.enterprise",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parcels.attachment",
                    ),
                ),
            ],
            options={
                "db_table": "enterprises_firm_year",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FirmYearEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "ended_by",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            landgis.lib.history.CurrentChange(), models.BigIntegerField()
                        ),
                        editable=False,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "change_id",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            landgis.lib.history.CurrentChange(), models.BigIntegerField()
                        ),
                        editable=False,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("above_scale", models.BooleanField(null=True)),
                ("industry_code", models.CharField(blank=True, max_length=8)),
                ("industry_group", models.CharField(blank=True, max_length=40)),
                ("town_code", models.CharField(blank=True, max_length=12)),
                ("basis", models.TextField()),
                (
                    "county",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="counties.county",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.enterprise",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.attachment",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="parcels.firmyear",
                    ),
                ),
            ],
            options={
                "db_table": "enterprises_firm_year_history",
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="firmyear",
            index=models.Index(fields=["county", "year"], name="firm_year_county_year"),
        ),
        migrations.AddConstraint(
            model_name="firmyear",
            constraint=models.UniqueConstraint(fields=("enterprise", "year"), name="firm_year_once"),
        ),
        migrations.AddConstraint(
            model_name="firmyear",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("above_scale__isnull", False),
                    models.Q(("industry_code", ""), _negated=True),
                    models.Q(("industry_group", ""), _negated=True),
                    models.Q(("town_code", ""), _negated=True),
                    _connector="OR",
                ),
                name="firm_year_states_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="firmyear",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), _negated=True), name="firm_year_has_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="firmyear",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 1990), ("year__lte", 2200)), name="firm_year_year"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="firmyear",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="e00e19fbd7c71b85e4202d820a99b919d9b491dc",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_0cfb9",
                    table="enterprises_firm_year",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="firmyear",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="505aa38d08fee1772fa484942a31d99dd934b5d0",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_b9ad8",
                    table="enterprises_firm_year",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="firmyear",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enterprises_firm_year_history" ("above_scale", "basis", "change_id", "county_id", "enterprise_id", "id", "industry_code", "industry_group", "paper_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "town_code", "year") SELECT old_values."above_scale", old_values."basis", old_values."change_id", old_values."county_id", old_values."enterprise_id", old_values."id", old_values."industry_code", old_values."industry_group", old_values."paper_id", NOW(), \'update\', old_values."id", old_values."town_code", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="dc8b82859dd2c359b2537a73101412b6e97efe80",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_78f31",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="enterprises_firm_year",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="firmyear",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "enterprises_firm_year_history" ("above_scale", "basis", "change_id", "county_id", "enterprise_id", "id", "industry_code", "industry_group", "paper_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "town_code", "year") SELECT old_values."above_scale", old_values."basis", old_values."change_id", old_values."county_id", old_values."enterprise_id", old_values."id", old_values."industry_code", old_values."industry_group", old_values."paper_id", NOW(), \'delete\', old_values."id", old_values."town_code", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="9be6529f7b62c2784e5458eccb473a025c2e4d57",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c79b9",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="enterprises_firm_year",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="firmyearevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="caa891337c01262babeb7afb090848e809d45bdf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e6988",
                    table="enterprises_firm_year_history",
                    when="BEFORE",
                ),
            ),
        ),
    ]
