"""Ancillary land of industrial projects (配套用地): how much is allowed, who may have more, and pooled quotas."""
