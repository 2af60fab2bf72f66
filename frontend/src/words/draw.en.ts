/** Drawing on a form's map in English. Refuses a key that Chinese doesn't have: the compiler checks. */

import type { drawZh } from "./draw.zh";

export const drawEn: Record<keyof typeof drawZh, string> = {
  "draw.open": "Draw on a map",
  "draw.close": "Hide the map",
  "draw.map": "Map to draw the ground on",
  "draw.tools": "Tools",
  "draw.draw": "Draw",
  "draw.draw.hint": "Click for each corner, double-click or Enter to finish; corners and edges are snapped to; Backspace takes a point back.",
  "draw.take": "Take a parcel",
  "draw.take.hint": "Click a parcel to take it whole, again to leave it.",
  "draw.modify": "Change",
  "draw.modify.hint": "Drag corners or edges; Alt-click deletes a corner.",
  "draw.guides": "Dashed: where the ground may lie; hatched: held already.",
  "draw.back": "Take back",
  "draw.clear": "Clear",
  "draw.home": "Show all",
  "draw.area": "{mu} mu · {m2} m²",
  "draw.none": "Nothing drawn yet",
  "draw.parcels.far": "Zoom in to snap to parcels or take them whole.",
  "draw.parcels.failed": "The parcels couldn't be read, nothing is snapped to; move the map to try again.",
};
