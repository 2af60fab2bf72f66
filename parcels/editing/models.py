"""Who has which parcel open for editing, so that two officers see each other.

Refuses to be business data: no history and no audit; whoever doesn't report again is forgotten.
"""

from django.db import models

from landgis.counties.models import County


class EditingPresence(models.Model):
    """An officer at a parcel since a time, last heard of at another."""

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="+", db_index=False)
    parcel_code = models.CharField(max_length=40)
    username = models.CharField(max_length=150)
    display_name = models.CharField(max_length=150, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "editing_presence"
        constraints = [
            models.UniqueConstraint(fields=["county", "parcel_code", "username"], name="presence_once")
        ]
        indexes = [models.Index(fields=["seen_at"], name="presence_seen")]

    def __str__(self) -> str:
        return f"{self.username} {self.parcel_code}"
