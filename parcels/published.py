"""The collections of `parcels`, registered when a layer is first asked for.

Refuses to hold a collection itself: each stands in its room's `published.py`.
"""

from layers.catalog.registry import register
from parcels.balance.published import ADJUSTMENTS
from parcels.cadastre.published import PARCELS
from parcels.campaigns.published import PROJECTS, REMEDIATION, REVITALISATION
from parcels.clusters.published import CLUSTERS
from parcels.disposal.published import IDLE_CASES

register(PARCELS)
register(IDLE_CASES)
register(CLUSTERS)
register(REMEDIATION)
register(REVITALISATION)
register(PROJECTS)
register(ADJUSTMENTS)
