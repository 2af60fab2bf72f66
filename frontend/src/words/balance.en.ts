/** The words of the map beside an adjustment of the control line, in English. Refuses a key that Chinese doesn't have: the compiler checks. */

import type { balanceZh } from "./balance.zh";

export const balanceEn: Record<keyof typeof balanceZh, string> = {
  "balance.map": "Map of the adjustment: control line, ground going out and coming in, parcels that would do",
  "balance.into": "Draw into",
  "balance.out": "Going out",
  "balance.piece": "Coming in {n}",
  "balance.draw": "Draw",
  "balance.stop": "Stop drawing",
  "balance.finish": "Finish",
  "balance.take_back": "Undo last point",
  "balance.bring_back": "Redo",
  "balance.view": "Take the view",
  "balance.view.hint": "Takes what the map shows as the shape: from the keyboard, move and zoom the map with arrows, plus and minus first",
  "balance.clear": "Clear this ground",
  "balance.show_all": "Show all",
  "balance.legend.line": "Control line",
  "balance.legend.out": "Going out",
  "balance.legend.in": "Coming in",
  "balance.legend.candidate": "Parcel that would do alone",
  "balance.legend.short": "Parcel that would not do alone",
  "balance.hint": "Click point by point; double-click, Enter or “Finish” ends; Ctrl+Z undoes, Ctrl+Y redoes, Esc stops. Parcel codes, coordinates, GeoJSON or a file may be given below instead.",
  "balance.added": "Added to “{to}”, {n} parts in all. Press “Try” to check.",
  "balance.crossing": "The shape crosses itself and can't be closed yet. Undo the faulty corner.",
  "balance.cleared": "The shape of “{to}” is cleared.",
  "balance.unread": "“{to}” already holds coordinates as text, which a drawn shape can't be added to. Clear it first, or keep the text.",
  "balance.used": "Parcel {code} was put into “{to}”. Choose its planned use, then press “Try”.",
  "balance.full": "No empty place to bring in ground. Press “Try” first: it makes another one.",
  "balance.load": "The map couldn't be read; please try again later. Shapes can still be given below.",
};
