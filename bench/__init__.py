"""Side-by-side runs: landgis and the tool that a user would pick instead, in turn, on one data set of 100,000 parcels."""
