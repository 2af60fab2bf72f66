"""Who has which parcel open for editing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0001_initial"),
        ("parcels", "0005_parcel_codes_for_ever"),
    ]

    operations = [
        migrations.CreateModel(
            name="EditingPresence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("parcel_code", models.CharField(max_length=40)),
                ("username", models.CharField(max_length=150)),
                ("display_name", models.CharField(blank=True, max_length=150)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "db_table": "editing_presence",
            },
        ),
        migrations.AddField(
            model_name="editingpresence",
            name="county",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="counties.county",
            ),
        ),
        migrations.AddIndex(
            model_name="editingpresence",
            index=models.Index(fields=["seen_at"], name="presence_seen"),
        ),
        migrations.AddConstraint(
            model_name="editingpresence",
            constraint=models.UniqueConstraint(
                fields=("county", "parcel_code", "username"), name="presence_once"
            ),
        ),
    ]
