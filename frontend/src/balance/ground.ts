/** The text of a form's field as the shapes in it, and back. Refuses to read anything but GeoJSON: typed coordinates are the server's to read. */

import type { Geometry, MultiPolygon, Polygon, Position } from "../geojson";

type Rings = Position[][];

/** The polygons in a field's text: none where it is empty, null where it holds something else than GeoJSON areas. */
export function polygonsIn(text: string): Rings[] | null {
  if (!text.trim()) return [];
  try {
    return areas(JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/** The field's text with one more polygon, and how many there are then; null where the text can't take it. */
export function withPolygon(text: string, drawn: Polygon): { text: string; count: number } | null {
  const there = polygonsIn(text);
  if (!there) return null;
  const whole: MultiPolygon = { type: "MultiPolygon", coordinates: [...there, drawn.coordinates] };
  return { text: JSON.stringify(whole), count: whole.coordinates.length };
}

/** The field's text as one shape to be drawn; null where there is none. */
export function shapeIn(text: string): Geometry | null {
  const there = polygonsIn(text);
  return there?.length ? { type: "MultiPolygon", coordinates: there } : null;
}

function areas(value: unknown): Rings[] | null {
  if (typeof value !== "object" || value === null) return null;
  const { type, coordinates, geometry, features } = value as Record<string, unknown>;
  if (type === "Polygon" && Array.isArray(coordinates)) return [coordinates as Rings];
  if (type === "MultiPolygon" && Array.isArray(coordinates)) return coordinates as Rings[];
  if (type === "Feature") return areas(geometry);
  if (type !== "FeatureCollection" || !Array.isArray(features)) return null;
  const found = features.map(areas);
  return found.every((one) => one !== null) ? found.flat() : null;
}
