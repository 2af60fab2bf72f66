"""Notices of tasks: which task a notice is of, and the managers of the campaigns as those who are told."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0002_parameter_successors"),
        ("parcels", "0030_balance"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_scope_known",
        ),
        migrations.AddField(
            model_name="notice",
            name="task",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="parcels.task",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["own", "town", "county", "unassigned"])),
                name="notice_scope_known",
            ),
        ),
    ]
