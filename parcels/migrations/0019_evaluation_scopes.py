"""Indicators of industries and platforms stand beside those of towns and lines."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parcels", "0018_evaluation_schemes_and_runs"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="indicatorvalue",
            name="value_scope_known",
        ),
        migrations.AddConstraint(
            model_name="indicatorvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scope__in",
                        ["enterprise", "parcel", "town", "control_line", "industry", "platform", "county"],
                    )
                ),
                name="value_scope_known",
            ),
        ),
    ]
