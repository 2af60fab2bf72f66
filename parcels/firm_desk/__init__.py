"""The desk where firms' land and figures are looked at and mended."""
