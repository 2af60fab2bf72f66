"""The fingerprint of an audit row: over its content and the fingerprint of the row before it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_event_hash(event audit_event) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\\x1f',
        event.id, to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), event.county_code, event.actor,
        event.action, event.reason, event.summary::text, event.sequence, event.previous_hash), 'UTF8')), 'hex')
$$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_audit_event")]
    operations = [
        migrations.RunSQL(FORWARD, "DROP FUNCTION audit_event_hash(audit_event)"),
    ]
