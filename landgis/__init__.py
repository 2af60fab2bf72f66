"""landgis: the land-use management system of a county land bureau."""
