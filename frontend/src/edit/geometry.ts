/**
 * Plane geometry of survey coordinates: areas, distances, bearings, points on edges, rings in rings.
 * Refuses to round: a coordinate that goes in comes out with every digit, and equal means identical.
 */

import type { Box } from "./api";
import type { Point, Ring, Rings, SurveyShape } from "./types";

export const toMu = (area_m2: number): number => (area_m2 * 15) / 10_000;

export const samePoint = (a: Point, b: Point): boolean => a[0] === b[0] && a[1] === b[1];

export function distance(a: Point, b: Point): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

/** Degrees clockwise from grid north, 0 to 360: the surveyor's 方位角. */
export function bearing(from: Point, to: Point): number {
  const degrees = (Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI;
  return degrees < 0 ? degrees + 360 : degrees;
}

export function pointAt(from: Point, length: number, bearing_deg: number): Point {
  const angle = (bearing_deg * Math.PI) / 180;
  return [from[0] + Math.sin(angle) * length, from[1] + Math.cos(angle) * length];
}

/** Counter-clockwise positive. Measured from the first point: northings of 10^6 would eat the last digits. */
export function signedArea(ring: readonly Point[]): number {
  const origin = ring[0];
  if (!origin) return 0;
  let twice = 0;
  for (let at = 0; at < ring.length; at += 1) {
    const a = ring[at] as Point;
    const b = ring[at + 1 === ring.length ? 0 : at + 1] as Point;
    twice += (a[0] - origin[0]) * (b[1] - origin[1]) - (b[0] - origin[0]) * (a[1] - origin[1]);
  }
  return twice / 2;
}

export function ringsArea(rings: Rings): number {
  return rings.reduce((total, ring, at) => total + (at === 0 ? 1 : -1) * Math.abs(signedArea(ring)), 0);
}

export function planarArea(shape: SurveyShape): number {
  return shape.coordinates.reduce((total, rings) => total + ringsArea(rings), 0);
}

export function lineLength(line: readonly Point[]): number {
  let total = 0;
  for (let at = 1; at < line.length; at += 1) total += distance(line[at - 1] as Point, line[at] as Point);
  return total;
}

export function isClosed(ring: readonly Point[]): boolean {
  const [first, last] = [ring[0], ring[ring.length - 1]];
  return ring.length > 1 && !!first && !!last && samePoint(first, last);
}

export function closedRing(points: readonly Point[]): Ring {
  const first = points[0];
  return !first || isClosed(points) ? [...points] : [...points, first];
}

/** The points of a ring without the one that closes it. */
export function openRing(ring: readonly Point[]): Point[] {
  return isClosed(ring) ? ring.slice(0, -1) : [...ring];
}

export function boxOf(shape: SurveyShape): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rings of shape.coordinates) {
    for (const [e, n] of rings[0] ?? []) {
      if (e < box[0]) box[0] = e;
      if (n < box[1]) box[1] = n;
      if (e > box[2]) box[2] = e;
      if (n > box[3]) box[3] = n;
    }
  }
  return box;
}

export function boxOfPoints(points: readonly Point[]): Box {
  return boxOf({ type: "MultiPolygon", coordinates: [[[...points]]] });
}

export const boxesMeet = (a: Box, b: Box): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** Even-odd; a point exactly on the edge may fall either way. */
export function inRing(point: Point, ring: readonly Point[]): boolean {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const a = ring[at] as Point;
    const b = ring[before] as Point;
    if (a[1] > point[1] !== b[1] > point[1]) {
      const crossing = a[0] + ((point[1] - a[1]) / (b[1] - a[1])) * (b[0] - a[0]);
      if (point[0] < crossing) inside = !inside;
    }
  }
  return inside;
}

export function inShape(point: Point, shape: SurveyShape): boolean {
  return shape.coordinates.some((rings) => rings.reduce((inside, ring) => inside !== inRing(point, ring), false));
}

export interface Foot {
  at: Point;
  distance: number;
  /** Where along the edge: 0 at its start, 1 at its end. */
  share: number;
}

/** The nearest point of an edge; its ends are answered with their own digits. */
export function nearestOnEdge(point: Point, a: Point, b: Point): Foot {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square;
  const at: Point = share <= 0 ? a : share >= 1 ? b : [a[0] + share * dx, a[1] + share * dy];
  return { at, distance: distance(point, at), share: Math.min(1, Math.max(0, share)) };
}

/** The foot of the perpendicular on an edge, or null when it falls beside the edge. */
export function perpendicularFoot(point: Point, a: Point, b: Point): Point | null {
  const { at, share } = nearestOnEdge(point, a, b);
  return share > 0 && share < 1 ? at : null;
}

/** Where two edges cross in their inside; null when they only touch, are parallel or miss each other. */
export function crossing(a: Point, b: Point, c: Point, d: Point): Point | null {
  const denominator = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0]);
  if (denominator === 0) return null;
  const along = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / denominator;
  const across = ((c[0] - a[0]) * (b[1] - a[1]) - (c[1] - a[1]) * (b[0] - a[0])) / denominator;
  if (along <= 0 || along >= 1 || across <= 0 || across >= 1) return null;
  return [a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1])];
}

export function moved(point: Point, by: Point): Point {
  return [point[0] + by[0], point[1] + by[1]];
}

export function mapShape(shape: SurveyShape, change: (point: Point) => Point): SurveyShape {
  return { type: "MultiPolygon", coordinates: shape.coordinates.map((rings) => rings.map((ring) => ring.map(change))) };
}

/** The point to write a label at: the middle of the largest part's widest level inside. */
export function labelPoint(shape: SurveyShape): Point | null {
  const largest = [...shape.coordinates].sort((a, b) => ringsArea(b) - ringsArea(a))[0];
  if (!largest?.[0]) return null;
  const box = boxOfPoints(largest[0]);
  const level = (box[1] + box[3]) / 2;
  const crossings = largest
    .flatMap((ring) =>
      ring.slice(1).flatMap((b, at) => {
        const a = ring[at] as Point;
        return a[1] > level === b[1] > level ? [] : [a[0] + ((level - a[1]) / (b[1] - a[1])) * (b[0] - a[0])];
      }),
    )
    .sort((x, y) => x - y);
  let best: Point = [(box[0] + box[2]) / 2, level];
  let width = -1;
  for (let at = 0; at + 1 < crossings.length; at += 2) {
    const [from, to] = [crossings[at] as number, crossings[at + 1] as number];
    if (to - from > width) [width, best] = [to - from, [(from + to) / 2, level]];
  }
  return best;
}
