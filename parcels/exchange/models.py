"""A table that was handed in on a page and tried out, until it is stored for good or forgotten.

Refuses to be business data: no history and no audit; what is stored of it has both, and the file itself is kept for a day.
"""

from django.db import models

from landgis.counties.models import County


class DeliveredTable(models.Model):
    """The file of one person with what the trial run, and later the import, made of it."""

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="+", db_index=False)
    username = models.CharField(max_length=150)
    table = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    result = models.JSONField()
    at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_delivered_table"
        indexes = [models.Index(fields=["at"], name="delivered_table_at")]

    def __str__(self) -> str:
        return f"{self.table} {self.name}"
