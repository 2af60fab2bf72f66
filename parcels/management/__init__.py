"""The management commands of landgis."""
