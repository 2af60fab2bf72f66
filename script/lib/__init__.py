"""The set-up that the entry points share: system packages, Python, front end, private database.

Uses the standard library only and imports nothing of the application: it runs before anything is installed.
"""
