"""The states of supplied land (五未), derived from facts as of a day."""
