/**
 * One label a parcel although tiles cut it and share a margin: only the tile whose own square holds most of it speaks.
 * Refuses to be an area to show: it works on the sphere and on rounded tile coordinates.
 */

import type { Extent } from "ol/extent";
import type { FeatureLike } from "ol/Feature";
import type { ReadOptions } from "ol/format/Feature";
import MVT from "ol/format/MVT";
import RenderFeature from "ol/render/Feature";

const EARTH = 6378137;
const SQUARE_METRES_A_MU = 10000 / 15;

const squares = new WeakMap<object, Extent>();

/** Reads tiles and remembers each feature's square: what lies beyond it is the margin, which the neighbour has too. */
export class SquareFormat extends MVT {
  override readFeatures(source: ArrayBuffer, options?: ReadOptions): RenderFeature[] {
    const features = super.readFeatures(source, options);
    const square = options?.extent;
    if (square) for (const feature of features) squares.set(feature, square);
    return features;
  }
}

export function mostlyInTile(feature: FeatureLike, area_mu: number | undefined): boolean {
  if (area_mu === undefined || !(feature instanceof RenderFeature)) return true;
  const coordinates = feature.getFlatCoordinates();
  const ends = (feature.getEnds() ?? []) as number[] | number[][];
  const area = piecesArea(coordinates, ends.flat(), feature.getStride(), squares.get(feature));
  const latitude = 2 * Math.atan(Math.exp((coordinates[1] ?? 0) / EARTH)) - Math.PI / 2;
  return area * Math.cos(latitude) ** 2 > 0.5 * area_mu * SQUARE_METRES_A_MU;
}

/** Shoelace over all rings, of what lies within the square; holes run the other way and take themselves off. */
export function piecesArea(flat: readonly number[], ends: readonly number[], stride: number, square?: Extent): number {
  let total = 0;
  let start = 0;
  for (const end of ends) {
    const ring: number[] = [];
    for (let at = start; at < end; at += stride) ring.push(flat[at] ?? 0, flat[at + 1] ?? 0);
    total += twiceArea(square ? within(ring, square) : ring);
    start = end;
  }
  return Math.abs(total) / 2;
}

function twiceArea(ring: readonly number[]): number {
  let total = 0;
  for (let at = 0; at < ring.length; at += 2) {
    const next = at + 2 < ring.length ? at + 2 : 0;
    total += (ring[at] ?? 0) * (ring[next + 1] ?? 0) - (ring[next] ?? 0) * (ring[at + 1] ?? 0);
  }
  return total;
}

/** Sutherland and Hodgman: cut by one side of the square after the other; edges that run along a side add no area. */
function within(ring: number[], [west = 0, south = 0, east = 0, north = 0]: Extent): number[] {
  const sides: [axis: 0 | 1, limit: number, sign: 1 | -1][] = [[0, west, 1], [0, east, -1], [1, south, 1], [1, north, -1]];
  return sides.reduce((points, [axis, limit, sign]) => {
    const kept: number[] = [];
    for (let at = 0; at < points.length; at += 2) {
      const before = at === 0 ? points.length - 2 : at - 2;
      const [from, to] = [[points[before] ?? 0, points[before + 1] ?? 0], [points[at] ?? 0, points[at + 1] ?? 0]] as const;
      const [outside, inside] = [sign * (from[axis] - limit), sign * (to[axis] - limit)];
      if (outside < 0 !== inside < 0) {
        const part = outside / (outside - inside);
        kept.push(from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1]));
      }
      if (inside >= 0) kept.push(to[0], to[1]);
    }
    return kept;
  }, ring);
}
