"""A doubt about a first year's figure is held against the firms of its industry."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parcels", "0034_fact_papers")]

    operations = [
        migrations.RemoveConstraint(
            model_name="figuredecision",
            name="decision_doubt_known",
        ),
        migrations.AddConstraint(
            model_name="figuredecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("doubt__in", ["negative", "unit", "jump", "ratio", "contradiction", "median"])
                ),
                name="decision_doubt_known",
            ),
        ),
    ]
