"""Frozen issues of the weekly, monthly, quarterly and yearly reports, and the kind of paper that they are sent as."""

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
        ("parcels", "0027_tasks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportIssue",
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
                ("kind", models.CharField(max_length=12)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("issue_no", models.CharField(max_length=60)),
                ("on", models.DateField()),
                ("rule_version", models.TextField()),
                ("body", models.TextField()),
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
                "db_table": "report_issue",
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="documenttemplate",
            name="template_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="issueddocument",
            name="issued_kind_known",
        ),
        migrations.AddConstraint(
            model_name="documenttemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "tracking_card",
                            "payment_reminder",
                            "start_reminder",
                            "completion_reminder",
                            "handover_confirmation",
                            "site_inspection",
                            "investigation_notice",
                            "inquiry_record",
                            "survey_record",
                            "finding",
                            "disclosure",
                            "government_letter",
                            "mortgagee_notice",
                            "scheme",
                            "scheme_request",
                            "supplement",
                            "temporary_use",
                            "paid_return",
                            "swap",
                            "hearing_right",
                            "hearing_notice",
                            "fee_decision",
                            "repossession_decision",
                            "service_receipt",
                            "cancellation_notice",
                            "dunning",
                            "court_application",
                            "closing",
                            "one_plan",
                            "disposal_list",
                            "progress_report",
                            "oversight_agreement",
                            "balance_proof",
                        ),
                    )
                ),
                name="template_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "tracking_card",
                            "payment_reminder",
                            "start_reminder",
                            "completion_reminder",
                            "handover_confirmation",
                            "site_inspection",
                            "investigation_notice",
                            "inquiry_record",
                            "survey_record",
                            "finding",
                            "disclosure",
                            "government_letter",
                            "mortgagee_notice",
                            "scheme",
                            "scheme_request",
                            "supplement",
                            "temporary_use",
                            "paid_return",
                            "swap",
                            "hearing_right",
                            "hearing_notice",
                            "fee_decision",
                            "repossession_decision",
                            "service_receipt",
                            "cancellation_notice",
                            "dunning",
                            "court_application",
                            "closing",
                            "one_plan",
                            "disposal_list",
                            "progress_report",
                            "oversight_agreement",
                            "balance_proof",
                        ),
                    )
                ),
                name="issued_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="reportissue",
            name="corrects",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="parcels.reportissue",
            ),
        ),
        migrations.AddField(
            model_name="reportissue",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="reportissue",
            name="document",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_issue",
                to="parcels.issueddocument",
            ),
        ),
        migrations.AddIndex(
            model_name="reportissue",
            index=models.Index(fields=["county", "-id"], name="report_county"),
        ),
        migrations.AddConstraint(
            model_name="reportissue",
            constraint=models.UniqueConstraint(
                fields=("county", "kind", "year", "number"), name="report_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportissue",
            constraint=models.UniqueConstraint(fields=("county", "issue_no"), name="report_issue_no_once"),
        ),
        migrations.AddConstraint(
            model_name="reportissue",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects", None)),
                fields=("county", "kind", "on"),
                name="report_cut_off_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportissue",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["weekly", "monthly", "quarterly", "yearly"])),
                name="report_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportissue",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="report_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportissue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("frozen_by", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                ),
                name="report_has_author",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reportissue",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="f26839aba74ddc364dc64554fac873f23e931f5e",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_c36c5",
                    table="report_issue",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reportissue",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'report_issue is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="630561f5aa67ccc06632d140c034f58427e363f1",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_23fe1",
                    table="report_issue",
                    when="BEFORE",
                ),
            ),
        ),
    ]
