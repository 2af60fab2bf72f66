"""The entry points of the checkout: server, test, bench, manage, database, lock.

Not part of the application, which imports nothing from here.
"""
