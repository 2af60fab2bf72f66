"""Who changed what, when and why: written in the change's own transaction, never altered afterwards."""
