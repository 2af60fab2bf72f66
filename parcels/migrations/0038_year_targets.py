"""The parts of a term's target that are due by the end of each year, dated as they were decided."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import landgis.counties.models
import landgis.lib.history
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0002_parameter_successors"),
        ("parcels", "0037_cross_town_credits"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearTarget",
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
                ("key", models.CharField(max_length=80)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("basis", models.TextField()),
                ("year", models.PositiveSmallIntegerField()),
                ("value", models.DecimalField(decimal_places=4, max_digits=16)),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="counties.county"
                    ),
                ),
            ],
            options={
                "db_table": "campaigns_yeartarget",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="YearTargetEvent",
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
                ("key", models.CharField(max_length=80)),
                ("unit", models.CharField(blank=True, max_length=20)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("basis", models.TextField()),
                ("year", models.PositiveSmallIntegerField()),
                ("value", models.DecimalField(decimal_places=4, max_digits=16)),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="parcels.yeartarget",
                    ),
                ),
            ],
            options={
                "db_table": "campaigns_yeartarget_history",
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="yeartarget",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.F("county"), "="),
                    (models.F("key"), "="),
                    (models.F("year"), "="),
                    (landgis.counties.models.ValidPeriod(models.F("valid_from"), models.F("valid_to")), "&&"),
                ],
                name="yeartarget_one_value_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="yeartarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), _negated=True), name="yeartarget_has_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="yeartarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)), name="yeartarget_not_negative"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yeartarget",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="27ad66a256cc8570c56a662a64e6d2ed81b831cb",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_8246f",
                    table="campaigns_yeartarget",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yeartarget",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="1c164ba6516d5e047d5fe9814abd115726726072",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_17e12",
                    table="campaigns_yeartarget",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yeartarget",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_yeartarget_history" ("basis", "change_id", "county_id", "id", "key", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit", "valid_from", "valid_to", "value", "year") SELECT old_values."basis", old_values."change_id", old_values."county_id", old_values."id", old_values."key", NOW(), \'update\', old_values."id", old_values."unit", old_values."valid_from", old_values."valid_to", old_values."value", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="79c9aa9b5ff740c46a83ec9f67341874622063ec",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a88c4",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="campaigns_yeartarget",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yeartarget",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_yeartarget_history" ("basis", "change_id", "county_id", "id", "key", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit", "valid_from", "valid_to", "value", "year") SELECT old_values."basis", old_values."change_id", old_values."county_id", old_values."id", old_values."key", NOW(), \'delete\', old_values."id", old_values."unit", old_values."valid_from", old_values."valid_to", old_values."value", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="0c69ef920beb42b3b8f8852148e2b59ef21dd000",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f2cb6",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="campaigns_yeartarget",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="yeartargetevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="733b379046412cd0786ffab5b3712775eaca281a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_577af",
                    table="campaigns_yeartarget_history",
                    when="BEFORE",
                ),
            ),
        ),
    ]
