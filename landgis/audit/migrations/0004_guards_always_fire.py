"""No setting of a session makes the guards of the tables look away.

`settle_guards()` is called after every update of the tables (`landgis.audit.apps`): pgtrigger writes its function anew, and
its triggers as common ones, with each migration that touches a trigger. `never_emptied` asks the database's own name, which
no session can set. The tables' owner can still disable or drop a trigger.
"""

from django.db import migrations

NEVER_EMPTIED = """
CREATE FUNCTION landgis_never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT starts_with(current_database(), 'test_') THEN
        RAISE EXCEPTION '% is append-only: only a test database may be emptied', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$"""
# 32: of the operations of a trigger, TRUNCATE. Nothing is altered, and so nothing locked, where all is settled already.
SETTLE = r"""
CREATE FUNCTION settle_guards() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    guard record;
BEGIN
    IF EXISTS (SELECT FROM pg_proc WHERE proname = '_pgtrigger_should_ignore' AND prosrc <> 'SELECT false') THEN
        CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean
            LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT false';
    END IF;
    FOR guard IN
        SELECT DISTINCT tgrelid::regclass AS of_table FROM pg_trigger g
         WHERE tgname LIKE 'pgtrigger\_%' AND tgtype & 32 = 32
           AND NOT EXISTS (SELECT FROM pg_trigger n WHERE n.tgrelid = g.tgrelid AND n.tgname = 'never_emptied')
    LOOP
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %s
                            FOR EACH STATEMENT EXECUTE FUNCTION landgis_never_emptied()', guard.of_table);
    END LOOP;
    FOR guard IN
        SELECT tgrelid::regclass AS of_table, tgname AS name FROM pg_trigger
         WHERE (tgname LIKE 'pgtrigger\_%' OR tgname = 'never_emptied') AND tgenabled <> 'A'
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', guard.of_table, guard.name);
    END LOOP;
END
$$"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_event_hash")]

    operations = [
        migrations.RunSQL(NEVER_EMPTIED, "DROP FUNCTION landgis_never_emptied() CASCADE"),
        migrations.RunSQL(SETTLE, "DROP FUNCTION settle_guards()"),
    ]
