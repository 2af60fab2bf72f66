/**
 * The nearest thing that a vertex can hold on to: a vertex, a crossing, a perpendicular foot, an edge, in this order.
 * Refuses to move what it found: a snapped vertex has the identical coordinates of the one it snapped to.
 */

import type { Box } from "./api";
import { crossing, distance, nearestOnEdge, perpendicularFoot, samePoint } from "./geometry";
import type { ParcelKey, Point, SurveyShape } from "./types";

export type SnapKind = "vertex" | "crossing" | "foot" | "edge";

export interface Snap {
  kind: SnapKind;
  at: Point;
  /** The edge it lies on, for edge and foot: where a neighbour will need a vertex. */
  edge: [Point, Point] | null;
}

export interface SnapFrom {
  search(box: Box): { key: ParcelKey; shape: SurveyShape }[];
}

export interface SnapAsk {
  at: Point;
  /** Survey metres that 12 pixels hold now. */
  reach: number;
  /** The point that the new edge starts from: makes perpendicular feet possible. */
  from?: Point | null;
  /** Points of the sketch in hand. */
  own?: readonly Point[];
  /** Vertices that are being moved: they don't snap to themselves, nor to edges that hang on them. */
  except?: readonly Point[];
}

export const SNAP_PIXELS = 12;
/** Crossings are looked for among this many nearest edges: all pairs of a dense place would stutter. */
const EDGES_CROSSED = 24;

interface NearEdge {
  edge: [Point, Point];
  at: Point;
  distance: number;
}

export function snap(from: SnapFrom, ask: SnapAsk): Snap | null {
  const { at, reach } = ask;
  const except = ask.except ?? [];
  const held = (point: Point): boolean => except.some((one) => samePoint(one, point));
  let vertex: { at: Point; distance: number } | null = null;
  const near: NearEdge[] = [];

  const offer = (point: Point): void => {
    const away = Math.hypot(point[0] - at[0], point[1] - at[1]);
    if (away <= reach && (!vertex || away < vertex.distance) && !held(point)) vertex = { at: point, distance: away };
  };
  const [west, south, east, north] = [at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach];
  for (const { shape } of from.search([west, south, east, north])) {
    for (const rings of shape.coordinates) {
      for (const ring of rings) {
        for (let index = 1; index < ring.length; index += 1) {
          const a = ring[index - 1] as Point;
          const b = ring[index] as Point;
          // Most edges of a long ring are far away: four comparisons each.
          if ((a[0] < west && b[0] < west) || (a[0] > east && b[0] > east)) continue;
          if ((a[1] < south && b[1] < south) || (a[1] > north && b[1] > north)) continue;
          offer(a);
          offer(b);
          if (held(a) || held(b)) continue;
          const foot = nearestOnEdge(at, a, b);
          if (foot.distance <= reach) near.push({ edge: [a, b], at: foot.at, distance: foot.distance });
        }
      }
    }
  }
  for (const point of ask.own ?? []) offer(point);
  if (vertex) return { kind: "vertex", at: (vertex as { at: Point }).at, edge: null };
  if (!near.length) return null;
  near.sort((one, other) => one.distance - other.distance);
  return crossingNear(near, ask) ?? footNear(near, ask) ?? edgeOf(near[0] as NearEdge);
}

const edgeOf = (near: NearEdge): Snap => ({ kind: "edge", at: near.at, edge: near.edge });

function crossingNear(near: readonly NearEdge[], { at, reach }: SnapAsk): Snap | null {
  const edges = near.slice(0, EDGES_CROSSED);
  let best: { at: Point; distance: number } | null = null;
  for (let i = 0; i < edges.length; i += 1) {
    for (let j = i + 1; j < edges.length; j += 1) {
      const [one, other] = [edges[i] as NearEdge, edges[j] as NearEdge];
      const cut = crossing(...one.edge, ...other.edge);
      const away = cut ? distance(cut, at) : Infinity;
      if (cut && away <= reach && (!best || away < best.distance)) best = { at: cut, distance: away };
    }
  }
  return best ? { kind: "crossing", at: best.at, edge: null } : null;
}

function footNear(near: readonly NearEdge[], { at, reach, from }: SnapAsk): Snap | null {
  if (!from) return null;
  for (const { edge } of near) {
    const foot = perpendicularFoot(from, ...edge);
    if (foot && distance(foot, at) <= reach && !samePoint(foot, from)) return { kind: "foot", at: foot, edge };
  }
  return null;
}
