"""Makes the shipped templates: `python -m parcels.documents.building` writes data/templates/documents anew."""
