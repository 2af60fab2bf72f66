"""The files that contracts, phases and their facts rest on."""

import django.db.models.deletion
import django.db.models.functions.comparison
import landgis.lib.history
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parcels", "0033_ancillary_ground"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactPaper",
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
                ("kind", models.CharField(max_length=20)),
                ("fact", models.BigIntegerField()),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fact_paper",
                        to="parcels.attachment",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="parcels.supplycontract",
                    ),
                ),
            ],
            options={
                "db_table": "supply_fact_paper",
                "abstract": False,
                "indexes": [models.Index(fields=["contract", "kind", "fact"], name="fact_paper_fact")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "contract",
                                    "phase",
                                    "supplement",
                                    "permit",
                                    "foundation",
                                    "stoppage",
                                    "cause",
                                    "encumbrance",
                                    "registration",
                                    "milestone",
                                    "progress",
                                ],
                            )
                        ),
                        name="fact_paper_kind_known",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="factpaper",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="534210a5f73c909a444f3d6d3fc2dcd292d28ab7",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_471a0",
                    table="supply_fact_paper",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="factpaper",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'supply_fact_paper is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="6b33ea381e837182f2146acc1b5333687d946535",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_440da",
                    table="supply_fact_paper",
                    when="BEFORE",
                ),
            ),
        ),
    ]
