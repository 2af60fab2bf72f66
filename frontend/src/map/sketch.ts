/**
 * What a polygon in hand says beside the cursor: its last edge, its area, whether it crosses itself.
 * Refuses to guess a length where the survey CRS isn't known; the area is the ellipsoid's, as everywhere.
 */

import { groundArea } from "../draw/area";
import { edgeWords } from "../edit/figures";
import { bearing, distance, toMu } from "../edit/geometry";
import type { Point } from "../edit/types";
import { mu, squareMetres } from "../format";
import type { Position } from "../geojson";
import { t } from "../i18n";
import type { SurveyCrs } from "./crs";
import { crossesItself } from "./simple";

/** `line` is the corners so far and the place of the cursor, longitude and latitude. */
export function sketchLines(line: readonly Position[], crs: SurveyCrs | null): string[] {
  const lines: string[] = [];
  const [before, here] = line.slice(-2);
  if (crs && before && here) {
    const [from, to] = [surveyed(before, crs), surveyed(here, crs)];
    lines.push(edgeWords(distance(from, to), bearing(from, to)));
  }
  if (line.length > 2) {
    const area_m2 = groundArea([{ type: "Polygon", coordinates: [[...line, line[0] as Position]] }]);
    lines.push(t("draw.area", { mu: mu(toMu(area_m2)), m2: squareMetres(area_m2) }));
  }
  if (crossesItself(line)) lines.push(t("edit.figure.crosses"));
  return lines;
}

function surveyed([lon, lat]: Position, crs: SurveyCrs): Point {
  const { north, east } = crs.fromLonLat(lon, lat);
  return [east, north];
}
