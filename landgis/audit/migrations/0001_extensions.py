"""The database extensions that landgis rests on, and the numbering of changes."""

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        CreateExtension("postgis"),
        CreateExtension("pg_trgm"),
        CreateExtension("btree_gist"),
        migrations.RunSQL("CREATE SEQUENCE audit_change_id", "DROP SEQUENCE audit_change_id"),
    ]
