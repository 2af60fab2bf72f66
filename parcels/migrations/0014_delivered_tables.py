"""Tables handed in on a page, kept for a day between the trial run and the import."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0001_initial"),
        ("parcels", "0013_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveredTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("username", models.CharField(max_length=150)),
                ("table", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("result", models.JSONField()),
                ("at", models.DateTimeField()),
                ("committed_at", models.DateTimeField(null=True)),
                (
                    "county",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="counties.county",
                    ),
                ),
            ],
            options={
                "db_table": "exchange_delivered_table",
                "indexes": [models.Index(fields=["at"], name="delivered_table_at")],
            },
        ),
    ]
