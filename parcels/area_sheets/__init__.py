"""Sheets of an area, three years side by side. Refuses to grade a firm or to measure land: both are done elsewhere."""
