"""A code is one parcel's for ever, also after it has ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parcels", "0004_periods_of_no_day"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="parcel",
            name="parcel_code_once",
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.UniqueConstraint(fields=("county", "code"), name="parcel_code_once"),
        ),
    ]
