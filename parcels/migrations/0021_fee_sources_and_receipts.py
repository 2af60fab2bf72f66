"""Batches of fee sources, delivered receipts, and a withdrawn receipt number that may be booked again."""

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
        ("parcels", "0020_cancellation_and_court_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeeBatch",
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
                ("batch_no", models.CharField(max_length=60)),
                ("on", models.DateField()),
                ("rows", models.JSONField()),
                ("row_count", models.PositiveIntegerField()),
                ("amount_yuan", models.DecimalField(decimal_places=2, max_digits=18)),
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
                "db_table": "fees_batch",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FeeBatchItem",
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
                ("correction", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "fees_batch_item",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReceiptFile",
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
                ("name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("imported_by", models.CharField(max_length=150)),
                (
                    "imported_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "db_table": "fees_receipt_file",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReceiptLine",
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
                ("line", models.PositiveIntegerField()),
                ("raw", models.JSONField(default=dict)),
                ("problem", models.TextField(blank=True)),
                ("outcome", models.CharField(max_length=10)),
                ("settled_by", models.CharField(blank=True, max_length=150)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "db_table": "fees_receipt_line",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReceiptLineEvent",
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
                ("problem", models.TextField(blank=True)),
                ("outcome", models.CharField(max_length=10)),
                ("settled_by", models.CharField(blank=True, max_length=150)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "db_table": "fees_receipt_line_history",
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="feereceipt",
            name="receipt_once",
        ),
        migrations.AddField(
            model_name="feereceipt",
            name="booking",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="feereceipt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses", None)),
                fields=("county", "receipt_no", "booking"),
                name="receipt_once",
            ),
        ),
        migrations.AddField(
            model_name="feebatch",
            name="corrects",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="parcels.feebatch",
            ),
        ),
        migrations.AddField(
            model_name="feebatch",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="feebatchitem",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="parcels.feebatch"
            ),
        ),
        migrations.AddField(
            model_name="feebatchitem",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="fee_batches", to="parcels.casestep"
            ),
        ),
        migrations.AddField(
            model_name="receiptfile",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="parcels.receiptfile"
            ),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="receipt",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="parcels.feereceipt",
            ),
        ),
        migrations.AddField(
            model_name="receiptlineevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                related_query_name="history",
                to="parcels.receiptline",
            ),
        ),
        migrations.AddField(
            model_name="receiptlineevent",
            name="receipt",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="parcels.feereceipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="feebatch",
            constraint=models.UniqueConstraint(
                fields=("county", "year", "number"), name="fee_batch_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="feebatch",
            constraint=models.UniqueConstraint(fields=("county", "batch_no"), name="fee_batch_no_once"),
        ),
        migrations.AddConstraint(
            model_name="feebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="fee_batch_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="feebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("frozen_by", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                ),
                name="fee_batch_has_author",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feebatch",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="be42215b3f4401a4fefaaf4adf91eb3e1fa1f3f5",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_42c29",
                    table="fees_batch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feebatch",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'fees_batch is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="2293154b40e106f67ea9f31c3396f5b34dfd8665",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_e0a1d",
                    table="fees_batch",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="feebatchitem",
            constraint=models.UniqueConstraint(fields=("batch", "step"), name="fee_item_once_a_batch"),
        ),
        migrations.AddConstraint(
            model_name="feebatchitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("correction", False)),
                fields=("step",),
                name="fee_item_once_but_corrected",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feebatchitem",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="11f88b9f5fd900d0e1a139a14f4825e5e50f9f66",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_c40df",
                    table="fees_batch_item",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feebatchitem",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'fees_batch_item is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="c6577b98dfaea39c2f50bef75d5ed49b5799ba95",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_b84b6",
                    table="fees_batch_item",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptfile",
            constraint=models.UniqueConstraint(fields=("county", "sha256"), name="receipt_file_once"),
        ),
        migrations.AddConstraint(
            model_name="receiptfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="receipt_file_hash"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receiptfile",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="904b177c3ffd1d2c1317361a4ec211793d896af4",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_d81a1",
                    table="fees_receipt_file",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receiptfile",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'fees_receipt_file is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="9b3bcae1505ad44d620a64d10afa78fb54559f32",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_f1a98",
                    table="fees_receipt_file",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="receiptline",
            index=models.Index(
                condition=models.Q(("outcome", "open")), fields=["outcome"], name="receipt_line_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.UniqueConstraint(fields=("file", "line"), name="receipt_line_once"),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome__in", ["booked", "known"]), ("receipt__isnull", False)),
                    models.Q(("outcome__in", ["open", "dismissed"]), ("receipt", None)),
                    _connector="OR",
                ),
                name="receipt_line_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "dismissed"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="receipt_line_dismissed_has_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receiptline",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="4d973bd5deb143273ed611b7219a0740e1ef39cf",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_8128c",
                    table="fees_receipt_line",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receiptline",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="e773f83c68365e100399ed34c1317d1e08c5b711",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_b4190",
                    table="fees_receipt_line",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receiptline",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "fees_receipt_line_history" ("change_id", "id", "outcome", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "reason", "receipt_id", "settled_by") SELECT old_values."change_id", old_values."id", old_values."outcome", NOW(), \'update\', old_values."id", old_values."problem", old_values."reason", old_values."receipt_id", old_values."settled_by" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."change_id" IS DISTINCT FROM (new_values."change_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."outcome" IS DISTINCT FROM (new_values."outcome") OR old_values."problem" IS DISTINCT FROM (new_values."problem") OR old_values."reason" IS DISTINCT FROM (new_values."reason") OR old_values."receipt_id" IS DISTINCT FROM (new_values."receipt_id") OR old_values."settled_by" IS DISTINCT FROM (new_values."settled_by")) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="ac479e896d462356cb38a2c0b8c109dce4765ceb",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4a839",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="fees_receipt_line",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receiptline",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "fees_receipt_line_history" ("change_id", "id", "outcome", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "reason", "receipt_id", "settled_by") SELECT old_values."change_id", old_values."id", old_values."outcome", NOW(), \'delete\', old_values."id", old_values."problem", old_values."reason", old_values."receipt_id", old_values."settled_by" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="ba62365874d96c6b9e2925a48df760161e4d39e4",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_42eb7",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="fees_receipt_line",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receiptlineevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="dfb82da4aba76e1b066a0a3deec42d12c98b82ee",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d5f3e",
                    table="fees_receipt_line_history",
                    when="BEFORE",
                ),
            ),
        ),
    ]
