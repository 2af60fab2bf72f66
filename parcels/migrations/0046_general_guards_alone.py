"""The balance ledger's own triggers go: since no setting passes the general guards over, they refuse the same, and alone.

Changes nothing in what is refused: updates, deletions and emptying, under every replication role.
"""

from importlib import import_module

from django.db import migrations

own = import_module("parcels.migrations.0040_balance_kept_for_good")


class Migration(migrations.Migration):
    dependencies = [("parcels", "0045_objection_kinds"), ("audit", "0004_guards_always_fire")]

    operations = [
        *(
            migrations.RunSQL(f"DROP TRIGGER kept_for_good ON {table}", own.GUARD.format(table=table))
            for table in own.TABLES
        ),
        migrations.RunSQL("DROP FUNCTION balance_kept_for_good()", own.REFUSE),
    ]
