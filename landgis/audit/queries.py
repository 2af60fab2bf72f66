"""Reading the audit: whether the chain still holds.

Refuses to repair anything.
"""

from django.db import connection


def broken_links() -> list[int]:
    """Sequence numbers of audit rows whose hash or link doesn't hold; empty when nothing was tampered with."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.sequence FROM (
                SELECT audit_event AS row, sequence, previous_hash,
                       lag(hash, 1, '') OVER (ORDER BY sequence) AS link,
                       lag(sequence, 1, 0::bigint) OVER (ORDER BY sequence) AS before
                  FROM audit_event) e
             WHERE e.previous_hash <> e.link OR e.before + 1 <> e.sequence
                OR (e.row).hash <> audit_event_hash(e.row)
             ORDER BY e.sequence
            """
        )
        return [sequence for (sequence,) in cursor.fetchall()]
