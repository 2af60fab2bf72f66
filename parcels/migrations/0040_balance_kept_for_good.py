"""The balance ledger's rows stay as they were written, also for whoever tells pgtrigger to look away.

pgtrigger asks a setting of the session whether a trigger is to be passed over; these six tables have a trigger of their own,
which asks nothing and fires under every replication role. Only a test database may be emptied.
"""

from django.db import migrations

TABLES = (
    "balance_adjustment",
    "balance_inclusion",
    "balance_surplus_use",
    "balance_step",
    "balance_entry",
    "balance_proof",
)
REFUSE = """
CREATE FUNCTION balance_kept_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND coalesce(current_setting('landgis.maintenance', true), '') = 'on'
       AND starts_with(current_database(), 'test_')
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$"""
GUARD = """
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
   FOR EACH STATEMENT EXECUTE FUNCTION balance_kept_for_good();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER kept_for_good"""


class Migration(migrations.Migration):
    dependencies = [("parcels", "0039_counted_firms")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION balance_kept_for_good()"),
        *(
            migrations.RunSQL(GUARD.format(table=table), f"DROP TRIGGER kept_for_good ON {table}")
            for table in TABLES
        ),
    ]
