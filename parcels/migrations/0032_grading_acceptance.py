"""Doubts of a year that an officer stands for; facts of a firm with reason and paper. Groups are affiliations of land use."""

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
        ("parcels", "0031_task_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acceptance",
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
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=64)),
                ("told", models.TextField()),
                ("reason", models.TextField()),
                ("accepted_by", models.CharField(max_length=150)),
                (
                    "accepted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "db_table": "grading_acceptance",
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="firmfact",
            name="grading_fact_whole",
        ),
        migrations.RemoveConstraint(
            model_name="firmfact",
            name="grading_fact_has_code",
        ),
        migrations.RemoveField(
            model_name="firmfact",
            name="head",
        ),
        migrations.AddField(
            model_name="firmfact",
            name="paper",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parcels.attachment",
            ),
        ),
        migrations.AddField(
            model_name="firmfact",
            name="reason",
            field=models.TextField(db_default=""),
        ),
        migrations.AlterField(
            model_name="firmfact",
            name="code",
            field=models.CharField(max_length=60),
        ),
        migrations.AddConstraint(
            model_name="firmfact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__isnull", False), ("kind__in", ["adjustment", "figure"])),
                    models.Q(("amount", None), ("kind__in", ["veto", "exemption"])),
                    _connector="OR",
                ),
                name="grading_fact_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="firmfact",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), _negated=True), name="grading_fact_has_code"
            ),
        ),
        migrations.AddField(
            model_name="acceptance",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddConstraint(
            model_name="acceptance",
            constraint=models.UniqueConstraint(fields=("county", "year", "key"), name="acceptance_once"),
        ),
        migrations.AddConstraint(
            model_name="acceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^[0-9a-f]{64}$")), name="acceptance_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="acceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("accepted_by", ""), _negated=True),
                    models.Q(("told", ""), _negated=True),
                ),
                name="acceptance_whole",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="acceptance",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="51e850de829b782914c6664c9458cb0cca4aae10",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_15272",
                    table="grading_acceptance",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="acceptance",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'grading_acceptance is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="28aa2b3ecd9c2144486abe926e5c0e4a32458e9a",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_81cb5",
                    table="grading_acceptance",
                    when="BEFORE",
                ),
            ),
        ),
    ]
