"""Document numbers, templates of a bureau's own, and the papers that were issued."""

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
        ("parcels", "0007_supply_evidence"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentNumber",
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
                ("series", models.CharField(max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                ("serial", models.PositiveIntegerField()),
                ("text", models.CharField(max_length=80)),
                ("note", models.TextField(blank=True)),
                (
                    "county",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counties.county",
                    ),
                ),
            ],
            options={
                "db_table": "documents_number",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DocumentTemplate",
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
                ("kind", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=200)),
                ("content", models.BinaryField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("valid_from", models.DateField()),
                ("uploaded_by", models.CharField(max_length=150)),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "county",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="counties.county",
                    ),
                ),
            ],
            options={
                "db_table": "documents_template",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IssuedDocument",
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
                ("kind", models.CharField(max_length=30)),
                ("title", models.CharField(max_length=100)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("town_code", models.CharField(blank=True, max_length=12)),
                ("parcel_code", models.CharField(blank=True, max_length=40)),
                ("facts", models.JSONField()),
                ("missing", models.JSONField(default=list)),
                ("docx", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("template_sha256", models.CharField(max_length=64)),
                ("issued_on", models.DateField()),
                ("issued_by", models.CharField(max_length=150)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("pdf", models.BinaryField(null=True)),
                ("voided_on", models.DateField(null=True)),
                ("voided_by", models.CharField(blank=True, max_length=150)),
                ("void_reason", models.TextField(blank=True)),
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
                    "number",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document",
                        to="parcels.documentnumber",
                    ),
                ),
            ],
            options={
                "db_table": "documents_issued",
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="documentnumber",
            constraint=models.UniqueConstraint(
                fields=("county", "series", "year", "serial"), name="number_serial_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="documentnumber",
            constraint=models.UniqueConstraint(fields=("county", "text"), name="number_text_once"),
        ),
        migrations.AddConstraint(
            model_name="documentnumber",
            constraint=models.CheckConstraint(
                condition=models.Q(("serial__gt", 0)), name="number_serial_positive"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="documentnumber",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="859125a8b98eb150a847c3365f1ca5f058d8d3c1",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_30263",
                    table="documents_number",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="documentnumber",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'documents_number is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="ce3333fdbd6ed3f6c0f2811067ae8b94929a0cd2",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_ca7b6",
                    table="documents_number",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="documenttemplate",
            index=models.Index(fields=["county", "kind", "-valid_from", "-id"], name="template_in_force"),
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
                            "dunning",
                            "closing",
                            "one_plan",
                            "disposal_list",
                        ),
                    )
                ),
                name="template_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="documenttemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content", None), ("sha256", "")),
                    models.Q(("content__isnull", False), models.Q(("sha256", ""), _negated=True)),
                    _connector="OR",
                ),
                name="template_hash_with_content",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="documenttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="bd947170c4818e6ffd2c3e28d242bd4b8d3a166c",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_ded92",
                    table="documents_template",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="documenttemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'documents_template is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="ec35c1825298405ed3660ebdbfac4dfd55f4818b",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_82383",
                    table="documents_template",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="issueddocument",
            index=models.Index(fields=["county", "-issued_on", "-id"], name="issued_county_on"),
        ),
        migrations.AddIndex(
            model_name="issueddocument",
            index=models.Index(fields=["county", "parcel_code"], name="issued_parcel"),
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
                            "dunning",
                            "closing",
                            "one_plan",
                            "disposal_list",
                        ),
                    )
                ),
                name="issued_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("issued_by", ""), _negated=True), name="issued_has_author"
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("void_reason", ""), ("voided_by", ""), ("voided_on", None)),
                    models.Q(
                        models.Q(("void_reason", ""), _negated=True),
                        ("voided_on__isnull", False),
                        models.Q(("voided_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="issued_void_is_whole",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issueddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="e296e1bce5b89bb7ce73ed8ec4277ba30ffa919c",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_7fa4c",
                    table="documents_issued",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issueddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="19cfa4c1388aee104ae9bf50343568aaeadef6ee",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_b3516",
                    table="documents_issued",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issueddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="paper_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."county_id" IS DISTINCT FROM (NEW."county_id") OR OLD."docx" IS DISTINCT FROM (NEW."docx") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."issued_by" IS DISTINCT FROM (NEW."issued_by") OR OLD."issued_on" IS DISTINCT FROM (NEW."issued_on") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."missing" IS DISTINCT FROM (NEW."missing") OR OLD."number_id" IS DISTINCT FROM (NEW."number_id") OR OLD."parcel_code" IS DISTINCT FROM (NEW."parcel_code") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."template_sha256" IS DISTINCT FROM (NEW."template_sha256") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."town_code" IS DISTINCT FROM (NEW."town_code"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="64f60d7e47dc430eec23729672e9d227086d7237",
                    operation="UPDATE",
                    pgid="pgtrigger_paper_stays_d9889",
                    table="documents_issued",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issueddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="paper_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c2594d8376e1f968a87357622aa071b2027e9c6f",
                    operation="DELETE",
                    pgid="pgtrigger_paper_kept_692b7",
                    table="documents_issued",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issueddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="pdf_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."pdf" IS NOT NULL AND OLD."pdf" IS DISTINCT FROM (NEW."pdf"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ec659cbc2992d87a4e5148e72a0cd72126df34f2",
                    operation="UPDATE",
                    pgid="pgtrigger_pdf_once_d6244",
                    table="documents_issued",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="issueddocument",
            trigger=pgtrigger.compiler.Trigger(
                name="voided_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NOT (OLD."void_reason" = \'\') AND (OLD."void_reason" IS DISTINCT FROM (NEW."void_reason") OR OLD."voided_on" IS DISTINCT FROM (NEW."voided_on") OR OLD."voided_by" IS DISTINCT FROM (NEW."voided_by")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="8197f3f2714ccd8cfce9ff95c6334ae83bf8359f",
                    operation="UPDATE",
                    pgid="pgtrigger_voided_once_f6f34",
                    table="documents_issued",
                    when="BEFORE",
                ),
            ),
        ),
    ]
