/**
 * One label a parcel although tiles cut it: only the piece that holds most of the parcel speaks.
 * Refuses to be an area to show: it works on the sphere and on rounded tile coordinates.
 */

import type { FeatureLike } from "ol/Feature";
import RenderFeature from "ol/render/Feature";

const EARTH = 6378137;
const SQUARE_METRES_A_MU = 10000 / 15;

export function mostlyInTile(feature: FeatureLike, area_mu: number | undefined): boolean {
  if (area_mu === undefined || !(feature instanceof RenderFeature)) return true;
  const coordinates = feature.getFlatCoordinates();
  const ends = (feature.getEnds() ?? []) as number[] | number[][];
  const area = piecesArea(coordinates, ends.flat(), feature.getStride());
  const latitude = 2 * Math.atan(Math.exp((coordinates[1] ?? 0) / EARTH)) - Math.PI / 2;
  return area * Math.cos(latitude) ** 2 > 0.5 * area_mu * SQUARE_METRES_A_MU;
}

/** Shoelace over all rings; holes run the other way and take themselves off. */
export function piecesArea(flat: readonly number[], ends: readonly number[], stride: number): number {
  let total = 0;
  let start = 0;
  for (const end of ends) {
    for (let at = start; at < end; at += stride) {
      const next = at + stride < end ? at + stride : start;
      total += (flat[at] ?? 0) * (flat[next + 1] ?? 0) - (flat[next] ?? 0) * (flat[at + 1] ?? 0);
    }
    start = end;
  }
  return Math.abs(total) / 2;
}
