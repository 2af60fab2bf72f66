"""Notices about deadlines and the digests of a day."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import landgis.lib.history
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0001_initial"),
        ("parcels", "0021_fee_sources_and_receipts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
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
                ("rows", models.JSONField()),
                ("counts", models.JSONField()),
                (
                    "written_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "db_table": "notices_digest",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Notice",
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
                ("key", models.CharField(max_length=120)),
                ("threshold", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("scope", models.CharField(max_length=10)),
                ("town_code", models.CharField(blank=True, max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("subject", models.CharField(blank=True, max_length=300)),
                ("article", models.CharField(blank=True, max_length=200)),
                ("due_on", models.DateField()),
                ("written_on", models.DateField()),
                ("read_at", models.DateTimeField(null=True)),
                ("settled_on", models.DateField(null=True)),
                ("settled_why", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "db_table": "notices_notice",
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="digest",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="digest",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="parcels.idlecase",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(fields=("county", "user", "on"), name="digest_once_a_day"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="digest",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="09c3ea08823b197694f4905fee0e22aebf4c5422",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_3a7e3",
                    table="notices_digest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="digest",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'notices_digest is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="a789e0d3681e1337c1f21a2165c93832cc154012",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_be28b",
                    table="notices_digest",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at", None), ("settled_on", None)),
                fields=["user", "county"],
                name="notice_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("settled_on", None)), fields=["county"], name="notice_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("user", "county", "key", "threshold"), name="notice_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_on", None), ("settled_why", "")),
                    models.Q(("settled_on__isnull", False), models.Q(("settled_why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="notice_settled_has_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["own", "town", "unassigned"])), name="notice_scope_known"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="1b9484a650dc13c765e7a1339c522a946cbd650f",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_1c235",
                    table="notices_notice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="83bf4022ef6cad6a11a205d80ef064816c0724b8",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_a76c0",
                    table="notices_notice",
                    when="BEFORE",
                ),
            ),
        ),
    ]
