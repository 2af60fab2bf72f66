/**
 * Faults of a shape that the eye should see at once: rings that cross, spikes, points on top of each other.
 * Refuses to be the judge: the server's rules decide, these only flash while the hand still holds the vertex.
 */

import { crossing, distance, openRing, samePoint } from "./geometry";
import { edgesOf } from "./vertices";
import type { Point, Ring, SurveyShape } from "./types";

/** Degrees: a corner sharper than this runs out and back again. */
const SPIKE_DEG = 1;

/** Where two edges of a shape cross; empty when none do. A sweep over boxes sorted by easting. */
export function selfCrossings(shape: SurveyShape, most = 20): Point[] {
  const edges = edgesOf(shape)
    .map(({ edge: [a, b] }) => ({ a, b, from: Math.min(a[0], b[0]), to: Math.max(a[0], b[0]) }))
    .sort((one, other) => one.from - other.from);
  const found: Point[] = [];
  for (let i = 0; i < edges.length && found.length < most; i += 1) {
    const one = edges[i] as (typeof edges)[number];
    for (let j = i + 1; j < edges.length; j += 1) {
      const other = edges[j] as (typeof edges)[number];
      if (other.from > one.to) break;
      const at = crossing(one.a, one.b, other.a, other.b);
      if (at) found.push(at);
    }
  }
  return found;
}

/** Whether the line from the last point on crosses the line drawn so far: asked at every pointer move. */
export function lineCrosses(points: readonly Point[], next: Point): Point | null {
  const last = points[points.length - 1];
  if (!last) return null;
  for (let at = 1; at < points.length - 1; at += 1) {
    const cut = crossing(points[at - 1] as Point, points[at] as Point, last, next);
    if (cut) return cut;
  }
  return null;
}

/** Only the edges at `vertices` against all others: cheap enough for each frame of a drag. */
export function crossingsAt(shape: SurveyShape, vertices: readonly Point[]): Point[] {
  const edges = edgesOf(shape);
  const moving = edges.filter(({ edge }) => vertices.some((one) => samePoint(one, edge[0]) || samePoint(one, edge[1])));
  return moving.flatMap(({ edge: [a, b] }) =>
    edges.flatMap(({ edge: [c, d] }) => {
      const at = crossing(a, b, c, d);
      return at ? [at] : [];
    }),
  );
}

export function spikes(ring: Ring, limit_deg = SPIKE_DEG): Point[] {
  const points = openRing(ring);
  return points.filter((corner, at) => {
    const before = points[(at + points.length - 1) % points.length] as Point;
    const after = points[(at + 1) % points.length] as Point;
    const [u, v] = [
      [before[0] - corner[0], before[1] - corner[1]],
      [after[0] - corner[0], after[1] - corner[1]],
    ] as [Point, Point];
    const angle = Math.abs(Math.atan2(u[0] * v[1] - u[1] * v[0], u[0] * v[0] + u[1] * v[1])) * (180 / Math.PI);
    return angle < limit_deg;
  });
}

export function duplicates(ring: Ring, within_m = 0): Point[] {
  const points = openRing(ring);
  return points.filter((point, at) => points.length > 1 && distance(point, points[(at + 1) % points.length] as Point) <= within_m);
}
