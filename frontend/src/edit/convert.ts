/**
 * Survey coordinates on the screen's map and back. Refuses to be a way into the model: what the screen says is
 * read once, under the pointer; a shape that came from the server is never converted back.
 */

import { fromLonLat, toLonLat } from "ol/proj";
import type { SurveyCrs } from "../map/crs";
import type { Box } from "./api";
import type { Point, SurveyShape } from "./types";

export interface Convert {
  toScreen(point: Point): [x: number, y: number];
  fromScreen(coordinate: readonly number[]): Point;
  shapeToScreen(shape: SurveyShape): number[][][][];
  boxFromScreen(extent: readonly number[]): Box;
  boxToScreen(box: Box): [number, number, number, number];
  /** Survey metres a metre of the screen's Mercator holds at this place. */
  ground(coordinate: readonly number[]): number;
}

export function converter(crs: SurveyCrs): Convert {
  const toScreen = (point: Point): [number, number] =>
    fromLonLat(crs.toLonLat(point[1], point[0])) as [number, number];
  const fromScreen = (coordinate: readonly number[]): Point => {
    const [lon = 0, lat = 0] = toLonLat([...coordinate]);
    const { north, east } = crs.fromLonLat(lon, lat);
    return [east, north];
  };
  const corners = (box: readonly number[]): [number, number][] => {
    const [w = 0, s = 0, e = 0, n = 0] = box;
    return [[w, s], [e, s], [e, n], [w, n], [(w + e) / 2, s], [(w + e) / 2, n]];
  };
  const hull = (points: readonly (readonly number[])[]): Box => [
    Math.min(...points.map((point) => point[0] ?? 0)),
    Math.min(...points.map((point) => point[1] ?? 0)),
    Math.max(...points.map((point) => point[0] ?? 0)),
    Math.max(...points.map((point) => point[1] ?? 0)),
  ];
  return {
    toScreen,
    fromScreen,
    shapeToScreen: (shape) => shape.coordinates.map((rings) => rings.map((ring) => ring.map(toScreen))),
    boxFromScreen: (extent) => hull(corners(extent).map(fromScreen)),
    boxToScreen: (box) => hull(corners(box).map((corner) => toScreen(corner))),
    ground: (coordinate) => Math.cos(((toLonLat([...coordinate])[1] ?? 0) * Math.PI) / 180),
  };
}
