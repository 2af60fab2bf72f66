"""The table of stages: what each needs, the facts it states, the papers it makes, and who is served.

Refuses nothing itself: `procedure` reads this table; a stage that isn't here doesn't exist.
"""

from __future__ import annotations

from parcels.disposal import stages_closing, stages_decision, stages_finding
from parcels.disposal.stage import Stage
from parcels.disposal.state import State, Step

TABLE: tuple[Stage, ...] = (*stages_finding.ROWS, *stages_decision.ROWS, *stages_closing.ROWS)
STAGES: dict[str, Stage] = {stage.code: stage for stage in TABLE}


def is_unserved(step: Step, state: State) -> bool:
    """Whether the step's paper has to be served and no receipt of it binds."""
    stage = STAGES.get(step.stage)
    return stage is not None and stage.is_served and state.service_of(step) is None
