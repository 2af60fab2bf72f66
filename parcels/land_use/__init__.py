"""Who uses which land in a year, checked against the parcels and confirmed by the towns."""
