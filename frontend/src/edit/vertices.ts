/**
 * Vertices over many shapes: who has this one, move, insert and delete it everywhere at once.
 * Refuses nearness: a vertex is shared when its coordinates are identical, digit for digit.
 */

import { closedRing, mapShape, openRing, samePoint } from "./geometry";
import type { Point, Ring, SurveyShape } from "./types";

export interface Move {
  from: Point;
  to: Point;
}

/** One edge of a shape; `at` is the index of its first point in the ring. */
export interface EdgeOf {
  part: number;
  ring: number;
  at: number;
  edge: [Point, Point];
}

export function hasVertex(shape: SurveyShape, vertex: Point): boolean {
  return shape.coordinates.some((rings) => rings.some((ring) => ring.some((point) => samePoint(point, vertex))));
}

export function hasEdge(shape: SurveyShape, edge: readonly [Point, Point]): boolean {
  return edgesOf(shape).some((one) => sameEdge(one.edge, edge));
}

export function sameEdge(one: readonly [Point, Point], other: readonly [Point, Point]): boolean {
  return (
    (samePoint(one[0], other[0]) && samePoint(one[1], other[1])) ||
    (samePoint(one[0], other[1]) && samePoint(one[1], other[0]))
  );
}

export function edgesOf(shape: SurveyShape): EdgeOf[] {
  return shape.coordinates.flatMap((rings, part) =>
    rings.flatMap((points, ring) =>
      points.slice(1).map((end, at): EdgeOf => ({ part, ring, at, edge: [points[at] as Point, end] })),
    ),
  );
}

/** Every vertex once, in the order in which Tab walks: part by part, ring by ring. */
export function verticesOf(shape: SurveyShape): Point[] {
  return shape.coordinates.flatMap((rings) => rings.flatMap((ring) => openRing(ring)));
}

/** All moves happen at once: a vertex that moves to where another one was isn't moved twice. */
export function moveVertices(shape: SurveyShape, moves: readonly Move[]): SurveyShape | null {
  let touched = false;
  const next = mapShape(shape, (point) => {
    const move = moves.find(({ from }) => samePoint(from, point));
    if (!move) return point;
    touched = true;
    return move.to;
  });
  return touched ? next : null;
}

export function insertVertex(shape: SurveyShape, edge: readonly [Point, Point], at: Point): SurveyShape | null {
  let touched = false;
  const coordinates = shape.coordinates.map((rings) =>
    rings.map((ring) => {
      const next: Ring = [];
      ring.forEach((point, index) => {
        const before = ring[index - 1];
        if (before && sameEdge([before, point], edge) && !samePoint(before, at) && !samePoint(point, at)) {
          next.push(at);
          touched = true;
        }
        next.push(point);
      });
      return next;
    }),
  );
  return touched ? { type: "MultiPolygon", coordinates } : null;
}

/** Null when the shape hasn't the vertex; "too few" when a ring would keep fewer than three corners. */
export function deleteVertex(shape: SurveyShape, at: Point): SurveyShape | "too few" | null {
  let touched = false;
  let tooFew = false;
  const coordinates = shape.coordinates.map((rings) =>
    rings.map((ring) => {
      if (!ring.some((point) => samePoint(point, at))) return ring;
      touched = true;
      const kept = openRing(ring).filter((point) => !samePoint(point, at));
      if (kept.length < 3) tooFew = true;
      return closedRing(kept);
    }),
  );
  if (!touched) return null;
  return tooFew ? "too few" : { type: "MultiPolygon", coordinates };
}

/** Neighbouring points that are identical: left behind when a vertex is dragged onto the next one. */
export function withoutDoubles(shape: SurveyShape): SurveyShape {
  const coordinates = shape.coordinates.map((rings) =>
    rings.map((ring) => ring.filter((point, at) => at === 0 || !samePoint(point, ring[at - 1] as Point))),
  );
  return { type: "MultiPolygon", coordinates };
}
