"""Of which kind an objection is, what it claims, and everything that its decision changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parcels", "0044_firm_years"),
    ]

    operations = [
        migrations.AddField(
            model_name="objection",
            name="claim",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="objection",
            name="kind",
            field=models.CharField(db_default="figure", default="figure", max_length=12),
        ),
        migrations.AddField(
            model_name="objectiondecision",
            name="changes",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["figure", "veto", "group", "land", "exemption"])),
                name="objection_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="objectiondecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("upheld", True), ("changes", []), _connector="OR"),
                name="decision_changes_when_upheld",
            ),
        ),
    ]
