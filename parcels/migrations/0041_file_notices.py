"""Notices name the file of an inefficient firm that they are about."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parcels", "0040_balance_kept_for_good")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="parcels.lowefficiencyfile",
            ),
        )
    ]
