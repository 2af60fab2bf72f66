"""Jobs of papers that are issued in bulk, and their items."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import landgis.lib.history
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0001_initial"),
        ("parcels", "0022_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="IssueItem",
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
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("reasons", models.JSONField(default=list)),
                ("lacking", models.JSONField(default=list)),
            ],
            options={
                "db_table": "bulk_issue_item",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IssueJob",
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
                ("on", models.DateField()),
                ("kinds", models.JSONField()),
                ("strict", models.BooleanField(default=False)),
                ("with_pdf", models.BooleanField(default=False)),
                ("pdf_problem", models.TextField(blank=True)),
                ("reason", models.TextField()),
                ("made_by", models.CharField(max_length=150)),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("confirmed_by", models.CharField(blank=True, max_length=150)),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "bulk_issue_job",
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="issueitem",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parcels.idlecase"
            ),
        ),
        migrations.AddField(
            model_name="issueitem",
            name="document",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="issue_item",
                to="parcels.issueddocument",
            ),
        ),
        migrations.AddField(
            model_name="issuejob",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="issueitem",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="parcels.issuejob"
            ),
        ),
        migrations.AddIndex(
            model_name="issuejob",
            index=models.Index(fields=["county", "-id"], name="issue_job_county"),
        ),
        migrations.AddConstraint(
            model_name="issuejob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("made_by", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                ),
                name="issue_job_has_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuejob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", "")),
                    models.Q(("confirmed_at__isnull", False), models.Q(("confirmed_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="issue_job_confirmed_by",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuejob",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="761e13cff9fd74ca3a8569cd318cd9c32b719f1e",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_6c1fe",
                    table="bulk_issue_job",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issuejob",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="93da9159058ce0c1174c9fde940011ed39de1158",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_98778",
                    table="bulk_issue_job",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="issueitem",
            index=models.Index(fields=["job", "state", "seq"], name="issue_item_next"),
        ),
        migrations.AddConstraint(
            model_name="issueitem",
            constraint=models.UniqueConstraint(fields=("job", "case", "kind"), name="issue_item_once"),
        ),
        migrations.AddConstraint(
            model_name="issueitem",
            constraint=models.UniqueConstraint(fields=("job", "seq"), name="issue_item_seq_once"),
        ),
        migrations.AddConstraint(
            model_name="issueitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document__isnull", False), ("state", "issued")),
                    models.Q(("state__in", ["waiting", "ready", "refused", "failed"]), ("document", None)),
                    _connector="OR",
                ),
                name="issue_item_state",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issueitem",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="1074248f47a4dd95dd3d6c976831aa597a652366",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_bc118",
                    table="bulk_issue_item",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issueitem",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="526e7a04cd20a71ed2e9817aa79056d7dcdccab4",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_afe60",
                    table="bulk_issue_item",
                    when="BEFORE",
                ),
            ),
        ),
    ]
