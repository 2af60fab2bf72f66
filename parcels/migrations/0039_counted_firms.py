"""Counts of firms name the firm, which stands once in each of them."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("counties", "0002_parameter_successors"),
        ("parcels", "0038_year_targets"),
    ]

    operations = [
        migrations.AddField(
            model_name="countentry",
            name="enterprise",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parcels.enterprise",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countentry",
            trigger=pgtrigger.compiler.Trigger(
                name="firm_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.enterprise_id IS NOT NULL AND NEW.reverses_id IS NULL)",
                    func="\n            PERFORM pg_advisory_xact_lock(\n                hashtext('campaigns_countentry'), hashtext(NEW.key || '/' || NEW.enterprise_id)\n            );\n            IF EXISTS (\n                SELECT FROM campaigns_countentry c\n                 WHERE c.key = NEW.key AND c.enterprise_id = NEW.enterprise_id AND c.reverses_id IS NULL\n                   AND NOT EXISTS (SELECT FROM campaigns_countentry r WHERE r.reverses_id = c.id)\n            ) THEN\n                RAISE EXCEPTION 'firm % already stands in %', NEW.enterprise_id, NEW.key\n                    USING ERRCODE = 'unique_violation', CONSTRAINT = 'countentry_firm_once';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="262300c558f899b007e38ff68e54eb45ab580293",
                    operation="INSERT",
                    pgid="pgtrigger_firm_once_32a32",
                    table="campaigns_countentry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="countentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("enterprise", None), ("value__in", [1, -1]), _connector="OR"),
                name="countentry_firm_is_one",
            ),
        ),
    ]
