"""The demonstration county: a seeded generator of invented land, firms and contracts on a real outline.

It refuses to know of Django or the database: it writes the files a bureau would hand over, nothing else.
"""
