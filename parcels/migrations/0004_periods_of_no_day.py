"""What begins on a day may end on the same day, and was then in force on none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parcels", "0003_cadastral_events"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="holding",
            name="holding_period",
        ),
        migrations.RemoveConstraint(
            model_name="occupancy",
            name="occupancy_period",
        ),
        migrations.RemoveConstraint(
            model_name="parcel",
            name="parcel_period",
        ),
        migrations.AddConstraint(
            model_name="holding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="holding_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="occupancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="occupancy_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="parcel_period",
            ),
        ),
    ]
