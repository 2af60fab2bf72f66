/**
 * The area of drawn ground on the CGCS2000 ellipsoid, edges straight in degrees: what the server credits, to the last digits.
 * Refuses to round: figures are rounded where they are shown.
 */

import type { Polygon } from "../geojson";

const A = 6378137;
const INVERSE_FLATTENING = 298.257222101;
const E2 = (2 - 1 / INVERSE_FLATTENING) / INVERSE_FLATTENING;
const E = Math.sqrt(E2);
/** Gauss-Legendre on 0 to 1. */
const HALVES: readonly [offset: number, weight: number][] = [
  [0.3399810435848563, 0.6521451548625461],
  [0.8611363115940526, 0.3478548451374538],
];
const NODES = HALVES.flatMap(([offset, weight]) => [
  [(1 - offset) / 2, weight / 2] as const,
  [(1 + offset) / 2, weight / 2] as const,
]);

/** ㎡ of polygons side by side, holes taken off. */
export function groundArea(polygons_4490: readonly Polygon[]): number {
  return polygons_4490.reduce((total, { coordinates }) => total + polygonArea(coordinates), 0);
}

function polygonArea(rings: readonly (readonly (readonly number[])[])[]): number {
  return rings.reduce((total, ring, at) => total + (at === 0 ? 1 : -1) * ringArea(ring), 0);
}

function ringArea(ring: readonly (readonly number[])[]): number {
  const base = authalic(radians(ring[0]?.[1] ?? 0));
  let total = 0;
  for (let at = 1; at < ring.length; at += 1) {
    const [fromLon = 0, fromLat = 0] = ring[at - 1] ?? [];
    const [toLon = 0, toLat = 0] = ring[at] ?? [];
    const [from, rise] = [radians(fromLat), radians(toLat - fromLat)];
    const mean = NODES.reduce((sum, [node, weight]) => sum + weight * (authalic(from + node * rise) - base), 0);
    total += radians(toLon - fromLon) * mean;
  }
  return Math.abs(total);
}

/** The ellipsoid's area from the equator to a latitude for one radian, in ㎡. */
function authalic(phi: number): number {
  const sine = Math.sin(phi);
  return ((A * A * (1 - E2)) / 2) * (sine / (1 - E2 * sine * sine) + Math.atanh(E * sine) / E);
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
