"""Yearly figures from several authorities, matched and questioned; monthly energy as series."""
