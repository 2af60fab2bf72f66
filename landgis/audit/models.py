"""One row for each change of data, chained by hash.

Refuses update, delete and truncate by trigger; holds no foreign keys, so that nothing can drag it along.
"""

import pgtrigger
from django.db import models

from landgis.lib.history import append_only


class AuditEvent(models.Model):
    """A change: who, when, what, why, on how much. `hash` covers the row and its predecessor's hash."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    county_code = models.CharField(max_length=12, db_index=True)
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    reason = models.TextField()
    summary = models.JSONField(default=dict)
    sequence = models.BigIntegerField(unique=True, editable=False, default=0)
    previous_hash = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        db_table = "audit_event"
        indexes = [models.Index(fields=["county_code", "-at"], name="audit_event_county_at")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(actor=""), name="audit_event_has_actor"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="audit_event_has_reason"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="chained",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "audit_event%ROWTYPE")],
                # The lock lasts to the end of the transaction: the event is written last, so it is held briefly.
                func="""
                    PERFORM pg_advisory_xact_lock(hashtext('audit_event.chain'));
                    SELECT * INTO last FROM audit_event ORDER BY sequence DESC LIMIT 1;
                    NEW.sequence = coalesce(last.sequence, 0) + 1;
                    NEW.previous_hash = coalesce(last.hash, '');
                    NEW.hash = audit_event_hash(NEW);
                    RETURN NEW;
                """,
            ),
            append_only("audit_event"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"
