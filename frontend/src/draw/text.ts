/** What stands in the form's field, and the polygons on the map. Refuses to guess: text that isn't GeoJSON is left to the server. */

import type { Geometry, Polygon } from "../geojson";

/** One polygon as it is; several as features, since they may touch or overlap before the server puts them together. */
export function textOf(polygons: readonly Polygon[]): string {
  if (!polygons.length) return "";
  if (polygons.length === 1) return JSON.stringify(polygons[0]);
  const features = polygons.map((geometry) => ({ type: "Feature", properties: {}, geometry }));
  return JSON.stringify({ type: "FeatureCollection", features });
}

/** The polygons of a field's text; null where it is something else, [] where it is empty. */
export function polygonsOf(text: string): Polygon[] | null {
  if (!text.trim()) return [];
  try {
    return parts(JSON.parse(text));
  } catch {
    return null;
  }
}

interface Json {
  type?: string;
  features?: Json[];
  geometries?: Json[];
  geometry?: Json;
  coordinates?: unknown;
}

function parts(said: Json): Polygon[] {
  if (said.type === "FeatureCollection") return (said.features ?? []).flatMap(parts);
  if (said.type === "GeometryCollection") return (said.geometries ?? []).flatMap(parts);
  if (said.type === "Feature" && said.geometry) return parts(said.geometry);
  return polygonsIn(said as Geometry);
}

export function polygonsIn(shape: Geometry): Polygon[] {
  if (shape.type === "Polygon") return [shape];
  if (shape.type === "MultiPolygon") return shape.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }));
  throw new TypeError("not an area");
}
