"""Groups of firms, tenants and what towns confirmed of their land use; delivered returns, doubts and monthly energy."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import landgis.counties.models
import landgis.lib.history
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0001_initial"),
        ("parcels", "0023_bulk_issue"),
    ]

    operations = [
        migrations.CreateModel(
            name="Affiliation",
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
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("basis", models.TextField()),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="counties.county"
                    ),
                ),
                (
                    "head",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliates",
                        to="parcels.enterprise",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affiliations",
                        to="parcels.enterprise",
                    ),
                ),
            ],
            options={
                "db_table": "land_use_affiliation",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AffiliationEvent",
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
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("basis", models.TextField()),
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
                    "head",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.enterprise",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.enterprise",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="parcels.affiliation",
                    ),
                ),
            ],
            options={
                "db_table": "land_use_affiliation_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EnergyMonth",
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
                ("month", models.DateField()),
                ("electricity_kwh", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("water_m3", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("gas_m3", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
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
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parcels.enterprise",
                    ),
                ),
            ],
            options={
                "db_table": "returns_energy_month",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EnergyMonthEvent",
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
                ("month", models.DateField()),
                ("electricity_kwh", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("water_m3", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ("gas_m3", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
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
                    "enterprise",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.enterprise",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="parcels.energymonth",
                    ),
                ),
            ],
            options={
                "db_table": "returns_energy_month_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FigureDecision",
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
                ("field", models.CharField(max_length=20)),
                ("doubt", models.CharField(max_length=16)),
                ("value", models.DecimalField(decimal_places=6, max_digits=18)),
                ("against", models.TextField(blank=True)),
                ("corrected", models.BooleanField()),
                ("reason", models.TextField()),
                ("decided_by", models.CharField(max_length=150)),
                (
                    "decided_at",
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
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parcels.enterprise",
                    ),
                ),
            ],
            options={
                "db_table": "returns_decision",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LandUseConfirmation",
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
                ("town_code", models.CharField(max_length=12)),
                ("year", models.PositiveSmallIntegerField()),
                ("statement", models.JSONField()),
                ("uses", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("note", models.TextField()),
                ("confirmed_by", models.CharField(max_length=150)),
                (
                    "confirmed_at",
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
                "db_table": "land_use_confirmation",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LandUseFreeze",
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
                ("towns", models.JSONField()),
                ("override", models.TextField(blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("frozen_by", models.CharField(max_length=150)),
                (
                    "frozen_at",
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
                "db_table": "land_use_freeze",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReturnDelivery",
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
                ("authority", models.CharField(max_length=60)),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("row_count", models.PositiveIntegerField()),
                ("received_by", models.CharField(max_length=150)),
                (
                    "received_at",
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
                "db_table": "returns_delivery",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReturnFigure",
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
                ("field", models.CharField(max_length=20)),
                ("authority", models.CharField(max_length=60)),
                ("value", models.DecimalField(decimal_places=6, max_digits=18)),
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
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parcels.enterprise",
                    ),
                ),
            ],
            options={
                "db_table": "returns_figure",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReturnRow",
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
                ("row_no", models.PositiveIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("uscc", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("figures", models.JSONField()),
                ("state", models.CharField(max_length=12)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("reason", models.TextField(blank=True)),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="parcels.returndelivery",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parcels.enterprise",
                    ),
                ),
            ],
            options={
                "db_table": "returns_row",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReturnFigureEvent",
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
                ("year", models.PositiveSmallIntegerField()),
                ("field", models.CharField(max_length=20)),
                ("authority", models.CharField(max_length=60)),
                ("value", models.DecimalField(decimal_places=6, max_digits=18)),
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
                    "enterprise",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.enterprise",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="parcels.returnfigure",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.returnrow",
                    ),
                ),
            ],
            options={
                "db_table": "returns_figure_history",
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="returnfigure",
            name="row",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parcels.returnrow"
            ),
        ),
        migrations.CreateModel(
            name="ReturnRowEvent",
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
                ("row_no", models.PositiveIntegerField()),
                ("year", models.PositiveSmallIntegerField()),
                ("uscc", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("figures", models.JSONField()),
                ("state", models.CharField(max_length=12)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("reason", models.TextField(blank=True)),
                (
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.returndelivery",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.enterprise",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="parcels.returnrow",
                    ),
                ),
            ],
            options={
                "db_table": "returns_row_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TenancyChoice",
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
                ("apart", models.BooleanField()),
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
                    "parcel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parcels.parcel"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parcels.enterprise",
                    ),
                ),
            ],
            options={
                "db_table": "land_use_tenancy",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TenancyChoiceEvent",
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
                ("year", models.PositiveSmallIntegerField()),
                ("apart", models.BooleanField()),
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
                    "parcel",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.parcel",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="parcels.tenancychoice",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="parcels.enterprise",
                    ),
                ),
            ],
            options={
                "db_table": "land_use_tenancy_history",
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.F("member"), "="),
                    (landgis.counties.models.ValidPeriod(models.F("valid_from"), models.F("valid_to")), "&&"),
                ],
                name="affiliation_one_group_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.CheckConstraint(
                condition=models.Q(("head", models.F("member")), _negated=True), name="affiliation_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", ""), _negated=True), name="affiliation_has_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="affiliation_period",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="affiliation",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="d756f602ee793710edc913a33d4fbea64c48459a",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_956d8",
                    table="land_use_affiliation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="affiliation",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="f624da732a0caff5463197243f555033759d9068",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_b2025",
                    table="land_use_affiliation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="affiliation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "land_use_affiliation_history" ("basis", "change_id", "county_id", "head_id", "id", "member_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT old_values."basis", old_values."change_id", old_values."county_id", old_values."head_id", old_values."id", old_values."member_id", NOW(), \'update\', old_values."id", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="47ada74a8cbc979a838cd7af2357fd9e1ccb5f5b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5a50e",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="land_use_affiliation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="affiliation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "land_use_affiliation_history" ("basis", "change_id", "county_id", "head_id", "id", "member_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT old_values."basis", old_values."change_id", old_values."county_id", old_values."head_id", old_values."id", old_values."member_id", NOW(), \'delete\', old_values."id", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8dfeab04fbe95f874c51259f4dfe3a2dbac9474b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_08e23",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="land_use_affiliation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="affiliationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="310b1dfe5eae02790e67fa6283381aa7342950ca",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8b3f0",
                    table="land_use_affiliation_history",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="energymonth",
            index=models.Index(fields=["county", "month"], name="energy_county_month"),
        ),
        migrations.AddConstraint(
            model_name="energymonth",
            constraint=models.UniqueConstraint(fields=("enterprise", "month"), name="energy_once_a_month"),
        ),
        migrations.AddConstraint(
            model_name="energymonth",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="energy_month_first_day"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="energymonth",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="44c5670e0e5759166bfed1929321148d53514f08",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_0c807",
                    table="returns_energy_month",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="energymonth",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="22e303a41e4ab0b32436693605d6313fc6ae656d",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_148f0",
                    table="returns_energy_month",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="energymonth",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "returns_energy_month_history" ("change_id", "county_id", "electricity_kwh", "enterprise_id", "gas_m3", "id", "month", "pgh_created_at", "pgh_label", "pgh_obj_id", "water_m3") SELECT old_values."change_id", old_values."county_id", old_values."electricity_kwh", old_values."enterprise_id", old_values."gas_m3", old_values."id", old_values."month", NOW(), \'update\', old_values."id", old_values."water_m3" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="521c6abc909e45334ca03bff91291f3f260f6b72",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f711c",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="returns_energy_month",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="energymonth",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "returns_energy_month_history" ("change_id", "county_id", "electricity_kwh", "enterprise_id", "gas_m3", "id", "month", "pgh_created_at", "pgh_label", "pgh_obj_id", "water_m3") SELECT old_values."change_id", old_values."county_id", old_values."electricity_kwh", old_values."enterprise_id", old_values."gas_m3", old_values."id", old_values."month", NOW(), \'delete\', old_values."id", old_values."water_m3" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a0b0f63326602354f34981e9909391fbdf8b3d01",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_94a91",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="returns_energy_month",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="energymonthevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d970404440b3f939049eed92717f224656c1af17",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a5ba3",
                    table="returns_energy_month_history",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="figuredecision",
            index=models.Index(fields=["enterprise", "year", "field"], name="decision_figure"),
        ),
        migrations.AddConstraint(
            model_name="figuredecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("doubt__in", ["negative", "unit", "jump", "ratio", "contradiction"])),
                name="decision_doubt_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="figuredecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True), models.Q(("decided_by", ""), _negated=True)
                ),
                name="decision_has_author",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="figuredecision",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="286d20597a5a30453fe91fae5f9cbabe94e6bb0b",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_cbe01",
                    table="returns_decision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="figuredecision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'returns_decision is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="7a4adb257f97f80ed978a32de0268e9c94becdab",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_59d45",
                    table="returns_decision",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="landuseconfirmation",
            index=models.Index(fields=["county", "year", "town_code", "-id"], name="confirmation_town"),
        ),
        migrations.AddConstraint(
            model_name="landuseconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="confirmation_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="landuseconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_by", ""), _negated=True), name="confirmation_has_author"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="landuseconfirmation",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="43f1b11f7c81cbca981b5c7756f3771c947ef634",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_0f75f",
                    table="land_use_confirmation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="landuseconfirmation",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'land_use_confirmation is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="8a56d841bcc5bec726b06bfd0b634c11ecee9811",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_dd74a",
                    table="land_use_confirmation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="landusefreeze",
            index=models.Index(fields=["county", "year", "-id"], name="freeze_county_year"),
        ),
        migrations.AddConstraint(
            model_name="landusefreeze",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="freeze_hash"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="landusefreeze",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="7280d42d48b7caf30706ca21c9c817cd826ca10b",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_e2f47",
                    table="land_use_freeze",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="landusefreeze",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'land_use_freeze is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="9533a64fd4ff80a946d09af57a9a7b9403d3226c",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_a02c5",
                    table="land_use_freeze",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="returndelivery",
            constraint=models.UniqueConstraint(
                fields=("county", "authority", "sha256"), name="delivery_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="returndelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("authority", ""), _negated=True), name="delivery_has_authority"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returndelivery",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="e2b5b81248a0e8a87ea87ab1a47eb3a9ddc93a94",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_ed2d0",
                    table="returns_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returndelivery",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n                    THEN\n                        RAISE EXCEPTION 'returns_delivery is append-only' USING ERRCODE = 'insufficient_privilege';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="368be7a210f757d3379c86ed78b36c49f464b614",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_append_only_7c025",
                    table="returns_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="returnrow",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["delivery", "id"], name="return_row_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrow",
            constraint=models.UniqueConstraint(fields=("delivery", "row_no"), name="return_row_once"),
        ),
        migrations.AddConstraint(
            model_name="returnrow",
            constraint=models.UniqueConstraint(
                fields=("delivery", "enterprise", "year"), name="return_row_firm_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["uscc", "name", "open", "dismissed"])),
                name="return_row_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("enterprise__isnull", False), ("state__in", ["uscc", "name"])),
                    models.Q(("enterprise", None), ("state__in", ["open", "dismissed"])),
                    _connector="OR",
                ),
                name="return_row_matched",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["uscc", "open"]),
                    models.Q(("decided_by", ""), _negated=True),
                    _connector="OR",
                ),
                name="return_row_decided",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnrow",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="7e77e78358176d0e701f738d671d47e054b7d698",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_2b3fb",
                    table="returns_row",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnrow",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="13a4c9837e5a061f08ec6716886fbccceed5a8dc",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_f6187",
                    table="returns_row",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnrow",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "returns_row_history" ("change_id", "decided_by", "delivery_id", "enterprise_id", "figures", "id", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "row_no", "state", "uscc", "year") SELECT old_values."change_id", old_values."decided_by", old_values."delivery_id", old_values."enterprise_id", old_values."figures", old_values."id", old_values."name", NOW(), \'update\', old_values."id", old_values."reason", old_values."row_no", old_values."state", old_values."uscc", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="dbc89584b51395969fdec9f0f45dd8bfc2dc53a9",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_75770",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="returns_row",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnrow",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "returns_row_history" ("change_id", "decided_by", "delivery_id", "enterprise_id", "figures", "id", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "row_no", "state", "uscc", "year") SELECT old_values."change_id", old_values."decided_by", old_values."delivery_id", old_values."enterprise_id", old_values."figures", old_values."id", old_values."name", NOW(), \'delete\', old_values."id", old_values."reason", old_values."row_no", old_values."state", old_values."uscc", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8052ad3ddb17ce23244b1db4a247821704e4cfb8",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0eaa9",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="returns_row",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnfigureevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="780fb2e0c8db2636ae4d1a10dcd0306e20603f60",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_43fff",
                    table="returns_figure_history",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="returnfigure",
            index=models.Index(fields=["county", "year"], name="return_figure_year"),
        ),
        migrations.AddConstraint(
            model_name="returnfigure",
            constraint=models.UniqueConstraint(
                fields=("enterprise", "year", "field", "authority"), name="return_figure_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="returnfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "field__in",
                        [
                            "tax_wan",
                            "value_added_wan",
                            "revenue_wan",
                            "employees",
                            "energy_tce",
                            "emission_t",
                            "rd_wan",
                        ],
                    )
                ),
                name="return_figure_field",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="7c48a07e9b9ead7207be95b155667788bf06f7c2",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_b6720",
                    table="returns_figure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="3923fb9c78f52110799d4dfb7661d384cd7cf057",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_63400",
                    table="returns_figure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "returns_figure_history" ("authority", "change_id", "county_id", "enterprise_id", "field", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_id", "value", "year") SELECT old_values."authority", old_values."change_id", old_values."county_id", old_values."enterprise_id", old_values."field", old_values."id", NOW(), \'update\', old_values."id", old_values."row_id", old_values."value", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="614c10882ed13fe5dcaee1d8ecd2a23bcf09f8d1",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_74082",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="returns_figure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "returns_figure_history" ("authority", "change_id", "county_id", "enterprise_id", "field", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "row_id", "value", "year") SELECT old_values."authority", old_values."change_id", old_values."county_id", old_values."enterprise_id", old_values."field", old_values."id", NOW(), \'delete\', old_values."id", old_values."row_id", old_values."value", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="7c41f43c5f1a9e1f2945e88d01b09d007bc35619",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_24ab2",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="returns_figure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnrowevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="deeae9722cce27989b5dd37b103eb57680a88387",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_56039",
                    table="returns_row_history",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="tenancychoice",
            constraint=models.UniqueConstraint(
                fields=("year", "parcel", "tenant"), name="tenancy_choice_once", nulls_distinct=False
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tenancychoice",
            trigger=pgtrigger.compiler.Trigger(
                name="change_required",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF coalesce(current_setting('landgis.change_id', true), '') = ''\n               AND NOT (TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on')\n            THEN\n                RAISE EXCEPTION 'landgis: a write needs a declared change with its author and reason (%)', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="b0989b8b1210d2f356f29d397f7d8fe9bd8c96d3",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_change_required_85b1e",
                    table="land_use_tenancy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tenancychoice",
            trigger=pgtrigger.compiler.Trigger(
                name="change_stamped",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.change_id = current_setting('landgis.change_id')::bigint; RETURN NEW;",
                    hash="d089f5125d165e9c6d8e0a88f37da4bfdc3e3c47",
                    operation="UPDATE",
                    pgid="pgtrigger_change_stamped_ca499",
                    table="land_use_tenancy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tenancychoice",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "land_use_tenancy_history" ("apart", "change_id", "county_id", "id", "parcel_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tenant_id", "year") SELECT old_values."apart", old_values."change_id", old_values."county_id", old_values."id", old_values."parcel_id", NOW(), \'update\', old_values."id", old_values."tenant_id", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="bf850e3b25dc04154a9f223551dce8c7c26ae241",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e8cca",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="land_use_tenancy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tenancychoice",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "land_use_tenancy_history" ("apart", "change_id", "county_id", "id", "parcel_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tenant_id", "year") SELECT old_values."apart", old_values."change_id", old_values."county_id", old_values."id", old_values."parcel_id", NOW(), \'delete\', old_values."id", old_values."tenant_id", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="90ef0bef7d7a8e3858c3f00188340acbf82f2238",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8f219",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="land_use_tenancy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tenancychoiceevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3f70e62988489201d0c56708fada1320b811a192",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8de35",
                    table="land_use_tenancy_history",
                    when="BEFORE",
                ),
            ),
        ),
    ]
