/** The map's layers and where their features come from. Refuses sources outside this server. */

import Feature from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import type Geometry from "ol/geom/Geometry";
import Polygon from "ol/geom/Polygon";
import VectorLayer from "ol/layer/Vector";
import VectorTileLayer from "ol/layer/VectorTile";
import VectorSource from "ol/source/Vector";
import VectorTileSource from "ol/source/VectorTile";
import Fill from "ol/style/Fill";
import Style from "ol/style/Style";
import type { Geometry as GeoJsonGeometry } from "../geojson";
import { SquareFormat } from "./labels";
import { controlStyle, COUNTY_STYLES, foundStyle, hoverStyle, OUTLINE_STYLES, OUTSIDE, pinStyle, selectedStyle, platformStyle, townStyle } from "./styles";

/** From this tile level on, a feature is one parcel with its code; below, groups of a class. */
export const DETAIL_ZOOM = 13;
/** Deeper views stretch this level: at 0.15 m a tile unit it is finer than a screen needs. */
const DEEPEST_TILE = 16;

const geojson = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });

export const TILE_ROOT = "/ogc/collections";

export function tileUrl(collection: string, query: Record<string, string | number | null>): string {
  const text = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)]])),
  ).toString();
  return `${TILE_ROOT}/${collection}/tiles/WebMercatorQuad/{z}/{y}/{x}${text ? `?${text}` : ""}`;
}

export function tileSource(url: string): VectorTileSource {
  return new VectorTileSource({
    format: new SquareFormat(),
    url,
    maxZoom: DEEPEST_TILE,
    tileSize: 256,
    // The nearest level: parcels are told apart half a level earlier, and shapes are as fine as the screen.
    zDirection: 0,
    cacheSize: 256,
    transition: 120,
  });
}

export function parcelLayers(source: VectorTileSource, hovered: () => string): {
  fills: VectorTileLayer;
  edges: VectorTileLayer;
  labels: VectorTileLayer;
  hover: VectorTileLayer;
} {
  return {
    fills: new VectorTileLayer({ source, zIndex: 10 }),
    edges: new VectorTileLayer({ source, zIndex: 11, renderMode: "vector" }),
    // Labels and highlight redraw without the fills: they share the tiles, not the picture.
    labels: new VectorTileLayer({ source, zIndex: 40, declutter: "parcels", renderMode: "vector" }),
    hover: new VectorTileLayer({ source, zIndex: 30, renderMode: "vector", style: hoverStyle(hovered) }),
  };
}

/** The line of a day; "" is today. */
export const controlUrl = (on: string, version: string | number | null): string =>
  tileUrl("control-lines", { on: on || null, v: version });

export function controlLayer(): VectorTileLayer {
  const source = tileSource(controlUrl("", null));
  return new VectorTileLayer({ source, zIndex: 20, renderMode: "vector", style: controlStyle() });
}

export function townLayer(): VectorLayer {
  return new VectorLayer({ source: new VectorSource(), zIndex: 22, style: townStyle(), declutter: "towns" });
}

/** Above the towns' names, which give way to theirs. */
export function platformLayer(): VectorLayer {
  return new VectorLayer({ source: new VectorSource(), zIndex: 23, style: platformStyle(), declutter: "towns" });
}

/** The county as a lit sheet: its boundary drawn, all around it veiled. */
export function countyLayer(boundary: GeoJsonGeometry | null): VectorLayer {
  const source = new VectorSource();
  if (boundary) {
    const shape = readShape(boundary);
    const around = new Feature(outside(shape));
    around.setStyle(new Style({ fill: new Fill({ color: OUTSIDE }) }));
    const edge = new Feature(shape);
    edge.setStyle(COUNTY_STYLES);
    source.addFeatures([around, edge]);
  }
  return new VectorLayer({ source, zIndex: 5 });
}

/** Everything but one town, veiled: the town filter at scales where tiles don't know the town. */
export function veilLayer(): VectorLayer {
  const style = new Style({ fill: new Fill({ color: "rgba(240,242,243,.72)" }) });
  return new VectorLayer({ source: new VectorSource(), zIndex: 24, style });
}

/** A relative or an earlier version of the chosen parcel, while it is pointed at in its history. */
export function outlineLayer(): VectorLayer {
  return new VectorLayer({ source: new VectorSource(), zIndex: 37, style: OUTLINE_STYLES });
}

export function selectionLayer(): VectorLayer {
  return new VectorLayer({ source: new VectorSource(), zIndex: 35, style: selectedStyle });
}

/** Where a list's row lies, while shapes are too small to light up. */
export function pinLayer(): VectorLayer {
  return new VectorLayer({ source: new VectorSource(), zIndex: 36, style: pinStyle });
}

/** What a text filter found, at scales where single parcels aren't drawn. */
export function foundLayer(): VectorLayer {
  return new VectorLayer({ source: new VectorSource(), zIndex: 29, style: foundStyle });
}

export function readShape(geometry_4490: GeoJsonGeometry): Geometry {
  const shape = geojson.readGeometry(geometry_4490);
  if (!shape) throw new Error("the server sent a shape without coordinates");
  return shape;
}

/** The square of the Web Mercator world with the shape as holes. */
export function outside(shape: Geometry): Polygon {
  const edge = 20037508.34;
  const world = [
    [-edge, -edge],
    [edge, -edge],
    [edge, edge],
    [-edge, edge],
    [-edge, -edge],
  ];
  const written = geojson.writeGeometryObject(shape, {
    dataProjection: "EPSG:3857",
    featureProjection: "EPSG:3857",
  }) as { type: string; coordinates: number[][][] | number[][][][] };
  const polygons =
    written.type === "MultiPolygon" ? (written.coordinates as number[][][][]) : [written.coordinates as number[][][]];
  return new Polygon([world, ...polygons.flatMap((rings) => (rings[0] ? [rings[0]] : []))]);
}
