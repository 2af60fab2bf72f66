/** The business layers' words in English. Refuses a key that Chinese doesn't have: the compiler checks. */

import type { overlaysZh } from "./overlays.zh";

export const overlaysEn: Record<keyof typeof overlaysZh, string> = {
  "overlay.remediation": "Ledger of remediation",
  "overlay.revitalisation": "Ledger of revitalisation",
  "overlay.credited": "Credited",
  "overlay.projects": "Projects",
  "overlay.projects.open": "Under way",
  "overlay.projects.overdue": "Overdue",
  "overlay.projects.done": "Done",
  "overlay.clusters": "Clusters",
  "overlay.clusters.proposed": "Proposed",
  "overlay.clusters.confirmed": "Confirmed",
  "overlay.cases": "Idle-land cases",
  "overlay.cases.found": "Being investigated",
  "overlay.cases.disposing": "Being disposed of",
  "overlay.cases.overdue": "A step is overdue",
  "overlay.cases.closed": "Closed",
  "overlay.adjustments": "Adjustments of the line",
  "overlay.adjustments.out": "Leaves (under way)",
  "overlay.adjustments.in": "Comes in (under way)",
  "overlay.adjustments.out_entered": "Left (entered)",
  "overlay.adjustments.in_entered": "Came in (entered)",
  "overlay.list": "Open the list",
  "overlay.card": "Feature",
  "overlay.loading": "Reading…",
  "overlay.gone": "Not on the day shown, or not in your towns",
  "overlay.open": "Open its page",
  "overlay.as_of": "As of {on}",
  "overlay.shapeless": "It has no shape and isn't on the map.",
};
