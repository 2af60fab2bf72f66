"""The map workspace: what the map, its list and its panel ask for."""
