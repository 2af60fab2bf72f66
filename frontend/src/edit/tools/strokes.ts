/**
 * Rings or lines in the making, stroke after stroke, with every point to be taken back and brought back.
 * Refuses to judge them: it only keeps the points, identical to where they were set.
 */

import { closedRing, inRing, samePoint, signedArea } from "../geometry";
import type { Point, Ring, Rings, SurveyShape } from "../types";

export interface Strokes {
  done(): readonly Point[][];
  open(): readonly Point[];
  last(): Point | null;
  add(point: Point): void;
  /** Ends the open stroke when it has enough points. */
  close(): boolean;
  undo(): boolean;
  redo(): boolean;
  /** Drops the open stroke, or all of them when none is open; false when there is nothing. */
  drop(): boolean;
  clear(): void;
  empty(): boolean;
}

interface State {
  done: Point[][];
  open: Point[];
}

const NOTHING: State = { done: [], open: [] };

export function strokes(least: 2 | 3): Strokes {
  let states: State[] = [NOTHING];
  let at = 0;
  const now = (): State => states[at] as State;
  const push = (state: State): void => {
    states = [...states.slice(0, at + 1), state];
    at += 1;
  };
  const go = (by: number): boolean => {
    if (at + by < 0 || at + by >= states.length) return false;
    at += by;
    return true;
  };
  const empty = (): boolean => !now().done.length && !now().open.length;
  return {
    done: () => now().done,
    open: () => now().open,
    last: () => now().open[now().open.length - 1] ?? null,
    add(point) {
      const { done, open } = now();
      const last = open[open.length - 1];
      // The second click of a double click sets no second point.
      if (!last || !samePoint(last, point)) push({ done, open: [...open, point] });
    },
    close() {
      const { done, open } = now();
      if (open.length < least) return false;
      push({ done: [...done, open], open: [] });
      return true;
    },
    undo: () => go(-1),
    redo: () => go(1),
    drop() {
      if (empty()) return false;
      push(now().open.length ? { done: now().done, open: [] } : NOTHING);
      return true;
    },
    clear() {
      states = [NOTHING];
      at = 0;
    },
    empty,
  };
}

/** Rings as a shape: a ring inside another is its hole, inside a hole a part again; outer rings run counter-clockwise. */
export function shapeOfRings(rings: readonly (readonly Point[])[]): SurveyShape {
  const closed = rings.map((ring) => closedRing(ring));
  const containers = closed.map((ring, own) =>
    closed.flatMap((other, index) => (index !== own && contains(other, ring) ? [index] : [])),
  );
  const parts = new Map<number, Rings>();
  closed.forEach((ring, index) => {
    if ((containers[index]?.length ?? 0) % 2 === 0) parts.set(index, [turned(ring, true)]);
  });
  closed.forEach((ring, index) => {
    const around = containers[index] ?? [];
    if (around.length % 2 === 0) return;
    // The innermost ring around a hole is the one that lies in most others.
    const outer = around.reduce((best, one) => ((containers[one]?.length ?? 0) > (containers[best]?.length ?? 0) ? one : best));
    parts.get(outer)?.push(turned(ring, false));
  });
  return { type: "MultiPolygon", coordinates: [...parts.values()] };
}

/** All corners inside or on: holes may share vertices with their ring. */
function contains(outer: Ring, inner: Ring): boolean {
  const corners = inner.slice(0, -1);
  const free = corners.filter((corner) => !outer.some((point) => samePoint(point, corner)));
  const asked = free.length ? free : middles(inner);
  return asked.every((corner) => inRing(corner, outer));
}

const middles = (ring: Ring): Point[] =>
  ring.slice(1).map((b, at) => [((ring[at] as Point)[0] + b[0]) / 2, ((ring[at] as Point)[1] + b[1]) / 2]);

function turned(ring: Ring, counterClockwise: boolean): Ring {
  return signedArea(ring) > 0 === counterClockwise ? ring : [...ring].reverse();
}
