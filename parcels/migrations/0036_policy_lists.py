"""Lists of whom a policy table affects and by how much, frozen with number, date and hash."""

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
        ("parcels", "0035_first_year_doubts"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyList",
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
                ("number", models.PositiveIntegerField()),
                ("list_no", models.CharField(max_length=60)),
                ("on", models.DateField()),
                ("rows", models.JSONField()),
                ("row_count", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("frozen_by", models.CharField(max_length=150)),
                (
                    "frozen_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("reason", models.TextField()),
            ],
            options={
                "db_table": "policies_list",
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="policylist",
            name="corrects",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="parcels.policylist",
            ),
        ),
        migrations.AddField(
            model_name="policylist",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="policylist",
            name="table",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lists", to="parcels.policytable"
            ),
        ),
        migrations.AddConstraint(
            model_name="policylist",
            constraint=models.UniqueConstraint(
                fields=("county", "year", "number"), name="policy_list_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="policylist",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="policy_list_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="policylist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("row_count__gt", 0),
                    models.Q(("list_no", ""), _negated=True),
                    models.Q(("frozen_by", ""), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                ),
                name="policy_list_whole",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policylist",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="67224a62d1c890004c6dda7e1b47db67096a23de",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_a5fb3",
                    table="policies_list",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policylist",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'policies_list is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="61c71ac14f9be165d36a3553c01ab3a3ee2c1153",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_69236",
                    table="policies_list",
                    when="BEFORE",
                ),
            ),
        ),
    ]
