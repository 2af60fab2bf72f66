"""Events, lineage, former states of parcels and the papers behind them."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.fields
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
        ("parcels", "0002_holdings_checked_by_statement"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
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
                ("media_type", models.CharField(max_length=32)),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("thumbnail", models.BinaryField(null=True)),
                ("kind", models.CharField(max_length=16)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("uploaded_by", models.CharField(max_length=150)),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "db_table": "cadastre_attachment",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AttachmentEvent",
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
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=32)),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=16)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("uploaded_by", models.CharField(max_length=150)),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "db_table": "cadastre_attachment_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CadastralEvent",
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
                ("on", models.DateField()),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("by", models.CharField(max_length=150)),
                ("reason", models.TextField()),
                ("document_kind", models.CharField(blank=True, max_length=16)),
                ("document_no", models.CharField(blank=True, max_length=80)),
                ("document_date", models.DateField(null=True)),
                ("findings", models.JSONField(default=list)),
                ("warnings_reason", models.TextField(blank=True)),
                ("operations", models.JSONField(default=list)),
            ],
            options={
                "db_table": "cadastre_event",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EventParcel",
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
                ("role", models.CharField(max_length=12)),
            ],
            options={
                "db_table": "cadastre_event_parcel",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Lineage",
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
                ("area_m2", models.FloatField(null=True)),
            ],
            options={
                "db_table": "cadastre_lineage",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ParcelVersion",
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
                (
                    "geom_4490",
                    django.contrib.gis.db.models.fields.MultiPolygonField(spatial_index=False, srid=4490),
                ),
                ("geom_3857", django.contrib.gis.db.models.fields.MultiPolygonField(srid=3857)),
                ("valid_from", models.DateField()),
                ("source", models.TextField(blank=True)),
                ("code", models.CharField(max_length=40)),
                ("real_estate_unit_code", models.CharField(blank=True, max_length=28)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("location", models.CharField(blank=True, max_length=300)),
                ("town_code", models.CharField(blank=True, max_length=12)),
                ("land_class_code", models.CharField(blank=True, max_length=10)),
                ("land_class_set", models.CharField(blank=True, max_length=40)),
                ("tenure", models.CharField(blank=True, max_length=40)),
                ("registered_on", models.DateField(null=True)),
                ("note", models.TextField(blank=True)),
                ("registered_area_m2", models.DecimalField(decimal_places=4, max_digits=16, null=True)),
                ("planar_area_m2", models.FloatField()),
                ("ellipsoidal_area_m2", models.FloatField()),
                ("retired_by", models.CharField(blank=True, max_length=150)),
                ("valid_to", models.DateField()),
                ("was_change_id", models.BigIntegerField()),
            ],
            options={
                "db_table": "cadastre_parcel_version",
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="attachment",
            name="county",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="counties.county"
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="parcel",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="parcels.parcel",
            ),
        ),
        migrations.AddField(
            model_name="attachmentevent",
            name="county",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="attachmentevent",
            name="parcel",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="parcels.parcel",
            ),
        ),
        migrations.AddField(
            model_name="attachmentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                related_query_name="history",
                to="parcels.attachment",
            ),
        ),
        migrations.AddField(
            model_name="cadastralevent",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="cadastralevent",
            name="reverses",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="parcels.cadastralevent",
            ),
        ),
        migrations.AddField(
            model_name="attachmentevent",
            name="event",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="parcels.cadastralevent",
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="event",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attachments",
                to="parcels.cadastralevent",
            ),
        ),
        migrations.AddField(
            model_name="eventparcel",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parcels",
                to="parcels.cadastralevent",
            ),
        ),
        migrations.AddField(
            model_name="eventparcel",
            name="parcel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="parcels.parcel"
            ),
        ),
        migrations.AddField(
            model_name="lineage",
            name="ancestor",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lineage_down",
                to="parcels.parcel",
            ),
        ),
        migrations.AddField(
            model_name="lineage",
            name="descendant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lineage_up", to="parcels.parcel"
            ),
        ),
        migrations.AddField(
            model_name="lineage",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lineage",
                to="parcels.cadastralevent",
            ),
        ),
        migrations.AddField(
            model_name="parcelversion",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="parcelversion",
            name="ended_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ended_versions",
                to="parcels.cadastralevent",
            ),
        ),
        migrations.AddField(
            model_name="parcelversion",
            name="parcel",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="parcels.parcel",
            ),
        ),
        migrations.AddIndex(
            model_name="cadastralevent",
            index=models.Index(fields=["county", "on"], name="event_county_on"),
        ),
        migrations.AddIndex(
            model_name="cadastralevent",
            index=models.Index(fields=["change_id"], name="event_change"),
        ),
        migrations.AddConstraint(
            model_name="cadastralevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        {
                            "attribute_change": "属性变更",
                            "boundary_adjustment": "边界调整",
                            "consolidation": "合并",
                            "correction": "更正",
                            "reallotment": "重划",
                            "registration": "初始登记",
                            "restoration": "恢复",
                            "resurvey": "重新勘测",
                            "retirement": "注销",
                            "reversal": "撤销变更",
                            "subdivision": "分割",
                        },
                    )
                ),
                name="event_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="cadastralevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("document_kind__in", ["", "contract", "approval", "survey_report", "photo", "other"])
                ),
                name="event_document_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="cadastralevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                ),
                name="event_has_author_and_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="cadastralevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "reversal"), ("reverses__isnull", False)),
                    models.Q(models.Q(("kind", "reversal"), _negated=True), ("reverses__isnull", True)),
                    _connector="OR",
                ),
                name="event_reversal_names_its_event",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cadastralevent",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="8603509cd4b7647b601888f20b5a2fedf0013303",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_a5cad",
                    table="cadastre_event",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cadastralevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'cadastre_event is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="efacfbfca1df0bfa76b19b823bd697fee41cbc91",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_ddd71",
                    table="cadastre_event",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9406b61a733b27cf4332a3f2c138c1524a9f9b9a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_12b61",
                    table="cadastre_attachment_history",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        {
                            "approval": "批文",
                            "contract": "合同",
                            "other": "其他",
                            "photo": "现场照片",
                            "survey_report": "勘测报告",
                        },
                    )
                ),
                name="attachment_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("media_type__in", ("image/jpeg", "image/png", "application/pdf"))),
                name="attachment_media_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("size_bytes__gt", 0)), name="attachment_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("uploaded_by", ""), _negated=True), name="attachment_has_author"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="c0ef49a9e46d2be1fb1319e5ce5958d05c5cb527",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_d958f",
                    table="cadastre_attachment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="03ffe64edbc7a14ed7924ea211401b86863a8b18",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_a290c",
                    table="cadastre_attachment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="evidence_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."content" IS DISTINCT FROM (NEW."content") OR OLD."media_type" IS DISTINCT FROM (NEW."media_type") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."size_bytes" IS DISTINCT FROM (NEW."size_bytes") OR OLD."thumbnail" IS DISTINCT FROM (NEW."thumbnail") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at") OR OLD."uploaded_by" IS DISTINCT FROM (NEW."uploaded_by"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a8d161d36ada544238b3d3a3df846d39ffa48d5e",
                    operation="UPDATE",
                    pgid="pgtrigger_evidence_stays_1039f",
                    table="cadastre_attachment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="evidence_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."event_id" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="19005674013056771e6dab568ded2d2b58b15531",
                    operation="DELETE",
                    pgid="pgtrigger_evidence_kept_a07f5",
                    table="cadastre_attachment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="evidence_tied_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."event_id" IS NOT NULL AND OLD."event_id" IS DISTINCT FROM (NEW."event_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="65eb391490b088891ff88925cccec291573b5563",
                    operation="UPDATE",
                    pgid="pgtrigger_evidence_tied_once_c5838",
                    table="cadastre_attachment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadastre_attachment_history" ("change_id", "county_id", "event_id", "id", "kind", "media_type", "name", "note", "parcel_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size_bytes", "uploaded_at", "uploaded_by") SELECT old_values."change_id", old_values."county_id", old_values."event_id", old_values."id", old_values."kind", old_values."media_type", old_values."name", old_values."note", old_values."parcel_id", NOW(), \'update\', old_values."id", old_values."sha256", old_values."size_bytes", old_values."uploaded_at", old_values."uploaded_by" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."change_id" IS DISTINCT FROM (new_values."change_id") OR old_values."county_id" IS DISTINCT FROM (new_values."county_id") OR old_values."event_id" IS DISTINCT FROM (new_values."event_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."media_type" IS DISTINCT FROM (new_values."media_type") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."note" IS DISTINCT FROM (new_values."note") OR old_values."parcel_id" IS DISTINCT FROM (new_values."parcel_id") OR old_values."sha256" IS DISTINCT FROM (new_values."sha256") OR old_values."size_bytes" IS DISTINCT FROM (new_values."size_bytes") OR old_values."uploaded_at" IS DISTINCT FROM (new_values."uploaded_at") OR old_values."uploaded_by" IS DISTINCT FROM (new_values."uploaded_by")) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="047dc647c7e00d5904750234687b82c36c4d5745",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_edfcd",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cadastre_attachment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cadastre_attachment_history" ("change_id", "county_id", "event_id", "id", "kind", "media_type", "name", "note", "parcel_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sha256", "size_bytes", "uploaded_at", "uploaded_by") SELECT old_values."change_id", old_values."county_id", old_values."event_id", old_values."id", old_values."kind", old_values."media_type", old_values."name", old_values."note", old_values."parcel_id", NOW(), \'delete\', old_values."id", old_values."sha256", old_values."size_bytes", old_values."uploaded_at", old_values."uploaded_by" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="359c0c78d385ac88c00f11a4cac41b29127be783",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_83961",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cadastre_attachment",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="eventparcel",
            constraint=models.UniqueConstraint(fields=("event", "parcel", "role"), name="event_parcel_once"),
        ),
        migrations.AddConstraint(
            model_name="eventparcel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        (
                            "parent",
                            "child",
                            "adjusted",
                            "densified",
                            "retired",
                            "restored",
                            "registered",
                            "changed",
                        ),
                    )
                ),
                name="event_parcel_role_known",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventparcel",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="b9a25edfd1a1ad0831a7cb0845c3d43c3b2bcdd8",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_568aa",
                    table="cadastre_event_parcel",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="eventparcel",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'cadastre_event_parcel is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="fa2152f3c21da4e33639cecfb438d6804e94a673",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_3ca3d",
                    table="cadastre_event_parcel",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.UniqueConstraint(
                fields=("ancestor", "descendant", "event"), name="lineage_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.CheckConstraint(
                condition=models.Q(("ancestor__lt", models.F("descendant"))), name="lineage_downwards"
            ),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_m2", None), ("area_m2__gt", 0), _connector="OR"),
                name="lineage_area_positive",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lineage",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="55b7c5555285673ca8782a2099fbc4e5e54a4086",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_ce7a9",
                    table="cadastre_lineage",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lineage",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'cadastre_lineage is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="f0552eff6743f663b65bfa95a79dfb5c08ba2670",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_c1f5d",
                    table="cadastre_lineage",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="parcelversion",
            index=models.Index(fields=["county", "valid_to", "valid_from"], name="version_county_days"),
        ),
        migrations.AddIndex(
            model_name="parcelversion",
            index=models.Index(fields=["parcel", "valid_from", "valid_to"], name="version_parcel_days"),
        ),
        migrations.AddConstraint(
            model_name="parcelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="version_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcelversion",
            constraint=models.UniqueConstraint(fields=("parcel", "was_change_id"), name="version_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parcelversion",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="5267156a130446c92db89128b6be50f382ba4377",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_e73df",
                    table="cadastre_parcel_version",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="parcelversion",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'cadastre_parcel_version is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="cd5b520289aeb0cecb87a3f5f89f49dd089fe525",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_f8fac",
                    table="cadastre_parcel_version",
                    when="BEFORE",
                ),
            ),
        ),
    ]
