/** What drawing tools share of a stroke in hand: its lines on the screen, its figures beside the cursor. Refuses operations. */

import { t } from "../../i18n";
import { bearing, closedRing, distance, lineLength, planarArea, ringsArea } from "../geometry";
import { lineCrosses } from "../faults";
import type { Point } from "../types";
import { areaWords, edgeWords, lengthWords } from "../figures";
import { shapeOfRings, type Strokes } from "./strokes";
import type { Pointer, Sketch } from "./tool";

/** The rings in hand, the open one closed by a thin line; red as soon as it crosses itself. */
export function ringSketch(strokes: Strokes, pointer: Pointer | null): Sketch {
  const open = strokes.open();
  const reaching = pointer && open.length ? [...open, pointer.at] : [...open];
  const bad = badPoint(open, pointer);
  const closed = strokes.done().length ? [{ shape: shapeOfRings(strokes.done()), look: "draw" as const }] : [];
  const filled =
    reaching.length >= 3
      ? [{ shape: { type: "MultiPolygon" as const, coordinates: [[closedRing(reaching)]] }, look: bad ? ("bad" as const) : ("draw" as const) }]
      : [];
  return {
    areas: [...closed, ...filled],
    lines: reaching.length > 1 ? [{ points: reaching, look: bad ? "bad" : "draw" }] : [],
    points: [...pointsOf(open), ...(bad ? [{ at: bad, look: "bad" as const }] : [])],
  };
}

export function lineSketch(strokes: Strokes, pointer: Pointer | null, look: "cut" | "draw"): Sketch {
  const open = strokes.open();
  const reaching = pointer && open.length ? [...open, pointer.at] : [...open];
  return {
    lines: [...strokes.done(), ...(reaching.length > 1 ? [reaching] : [])].map((points) => ({ points, look })),
    points: [...strokes.done(), open].flatMap((line) => pointsOf(line)),
  };
}

/** Where the stroke crosses itself, with the edge to the pointer and the edge that closes it. */
export function badPoint(open: readonly Point[], pointer: Pointer | null): Point | null {
  const first = open[0];
  if (!pointer || !first) return null;
  const reaching = [...open, pointer.at];
  return lineCrosses(open, pointer.at) ?? (reaching.length > 3 ? lineCrosses(reaching.slice(1), first) : null);
}

export function ringReadout(strokes: Strokes, pointer: Pointer): string[] {
  const open = [...strokes.open(), pointer.at];
  const done = strokes.done();
  const area_m2 =
    done.length || open.length >= 3
      ? planarArea(shapeOfRings(open.length >= 3 ? [...done, open] : done))
      : ringsArea([open]);
  const bad = badPoint(strokes.open(), pointer) ? [t("edit.figure.crosses")] : [];
  return [...edge(strokes, pointer), ...(area_m2 > 0 ? [areaWords(area_m2)] : []), ...bad];
}

export function lineReadout(strokes: Strokes, pointer: Pointer): string[] {
  const total = lineLength([...strokes.open(), pointer.at]);
  return [...edge(strokes, pointer), ...(strokes.open().length > 1 ? [lengthWords(total)] : [])];
}

function edge(strokes: Strokes, pointer: Pointer): string[] {
  const last = strokes.last();
  return last ? [edgeWords(distance(last, pointer.at), bearing(last, pointer.at))] : [];
}

const pointsOf = (line: readonly Point[]): { at: Point; look: "first" | "vertex" }[] =>
  line.map((at, index) => ({ at, look: index === 0 ? "first" : "vertex" }));

