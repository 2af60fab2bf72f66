"""Frozen issues of the weekly, monthly, quarterly and yearly reports, and the figures of any day."""
