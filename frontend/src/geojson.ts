/** The few GeoJSON shapes that the API sends and takes. Refuses coordinates in anything but EPSG:4490 lon, lat. */

export type Position = [number, number, ...number[]];

export interface Polygon {
  type: "Polygon";
  coordinates: Position[][];
}

export interface MultiPolygon {
  type: "MultiPolygon";
  coordinates: Position[][][];
}

export type Geometry = Polygon | MultiPolygon;

export interface Feature<P> {
  type: "Feature";
  geometry: Geometry | null;
  properties: P;
}

export interface FeatureCollection<P> {
  type: "FeatureCollection";
  features: Feature<P>[];
}
