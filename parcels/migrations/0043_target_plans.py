"""Plans of targets: drafted on their document, filled in, put in force by a second person; never changed after."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import landgis.lib.history
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0002_parameter_successors"),
        ("parcels", "0042_references_in_one_look"),
    ]

    operations = [
        migrations.CreateModel(
            name="TargetPlan",
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
                ("name", models.CharField(max_length=300)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("backdated", models.BooleanField(default=False)),
                ("reason", models.TextField()),
                ("figures", models.JSONField(default=list)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("drafted_by", models.CharField(max_length=150)),
                (
                    "drafted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("filled_by", models.CharField(blank=True, default="", max_length=150)),
                ("decided_by", models.CharField(blank=True, default="", max_length=150)),
                ("decided_on", models.DateField(null=True)),
                ("decided_why", models.TextField(blank=True, default="")),
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
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counties.basispaper",
                    ),
                ),
            ],
            options={
                "db_table": "campaigns_targetplan",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TargetPlanEvent",
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
                ("name", models.CharField(max_length=300)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("backdated", models.BooleanField(default=False)),
                ("reason", models.TextField()),
                ("figures", models.JSONField(default=list)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("drafted_by", models.CharField(max_length=150)),
                (
                    "drafted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("filled_by", models.CharField(blank=True, default="", max_length=150)),
                ("decided_by", models.CharField(blank=True, default="", max_length=150)),
                ("decided_on", models.DateField(null=True)),
                ("decided_why", models.TextField(blank=True, default="")),
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
                    "paper",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="counties.basispaper",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="parcels.targetplan",
                    ),
                ),
            ],
            options={
                "db_table": "campaigns_targetplan_history",
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="targetplan",
            index=models.Index(fields=["county", "-valid_from"], name="targetplan_county"),
        ),
        migrations.AddConstraint(
            model_name="targetplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="targetplan_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="targetplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "in_force", "dropped"])),
                name="targetplan_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="targetplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("drafted_by", ""), _negated=True),
                ),
                name="targetplan_has_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="targetplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", ""), ("decided_on", None), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True),
                        models.Q(("decided_by", ""), _negated=True),
                        models.Q(("decided_why", ""), _negated=True),
                        ("decided_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="targetplan_decided_by_somebody",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="targetplan",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="539aff9d41a30a4c0d63a256544ae367cfdd4c29",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_8c810",
                    table="campaigns_targetplan",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="targetplan",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="392ef77286d0c9c4fa9f6c7ccbd4b2be25f1d35a",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_a1742",
                    table="campaigns_targetplan",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="targetplan",
            trigger=pgtrigger.compiler.Trigger(
                name="decided_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'DELETE' OR OLD.state <> 'draft' THEN\n                RAISE EXCEPTION 'campaigns_targetplan: a decided plan never changes, and no plan is deleted'\n                    USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f6ad101c616721958e5fdd180ebb86fcb6b6828b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_decided_stays_6feb7",
                    table="campaigns_targetplan",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="targetplan",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_targetplan_history" ("backdated", "change_id", "county_id", "decided_by", "decided_on", "decided_why", "drafted_at", "drafted_by", "figures", "filled_by", "id", "name", "paper_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "state", "valid_from", "valid_to") SELECT old_values."backdated", old_values."change_id", old_values."county_id", old_values."decided_by", old_values."decided_on", old_values."decided_why", old_values."drafted_at", old_values."drafted_by", old_values."figures", old_values."filled_by", old_values."id", old_values."name", old_values."paper_id", NOW(), \'update\', old_values."id", old_values."reason", old_values."state", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e0e388f7865514b34bf3bd4af3134340d94d9069",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d7247",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="campaigns_targetplan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="targetplan",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "campaigns_targetplan_history" ("backdated", "change_id", "county_id", "decided_by", "decided_on", "decided_why", "drafted_at", "drafted_by", "figures", "filled_by", "id", "name", "paper_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "state", "valid_from", "valid_to") SELECT old_values."backdated", old_values."change_id", old_values."county_id", old_values."decided_by", old_values."decided_on", old_values."decided_why", old_values."drafted_at", old_values."drafted_by", old_values."figures", old_values."filled_by", old_values."id", old_values."name", old_values."paper_id", NOW(), \'delete\', old_values."id", old_values."reason", old_values."state", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c7e5f3024a55244b16f2c3afb5edab4287e66eed",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_48620",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="campaigns_targetplan",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="targetplanevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9d8a0016de5a6b5fdb69927de0cac409bc7afb66",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b4ccc",
                    table="campaigns_targetplan_history",
                    when="BEFORE",
                ),
            ),
        ),
    ]
