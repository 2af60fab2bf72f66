/**
 * The light kilometre grid (方里网) in survey coordinates. Refuses to draw when the county's CRS is unknown here:
 * a grid of the screen's Mercator metres would be wrong by the latitude.
 */

import Feature from "ol/Feature";
import type { Extent } from "ol/extent";
import LineString from "ol/geom/LineString";
import Point from "ol/geom/Point";
import LayerGroup from "ol/layer/Group";
import VectorLayer from "ol/layer/Vector";
import type OlMap from "ol/Map";
import { fromLonLat, toLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import type { SurveyCrs } from "./crs";
import { FONT } from "./styles";

const STEPS_M = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
/** Pixels: clear of the scale bar and the coordinates at the map's foot. */
const ABOVE_FOOT = 48;
const IN_MARGIN = 8;
const LINE = new Style({ stroke: new Stroke({ color: "rgba(90,106,120,.26)", width: 1 }) });

/** Lines lie under everything, their figures over everything. */
export function gridLayer(map: OlMap, crs: SurveyCrs | null): LayerGroup {
  const lines = new VectorSource();
  const figures = new VectorSource();
  const layer = new LayerGroup({
    visible: false,
    layers: [new VectorLayer({ source: lines, zIndex: 6 }), new VectorLayer({ source: figures, zIndex: 46 })],
  });
  const draw = (): void => {
    lines.clear();
    figures.clear();
    const size = map.getSize();
    const resolution = map.getView().getResolution();
    if (!crs || !size || !resolution || !layer.getVisible()) return;
    const extent = map.getView().calculateExtent(size);
    const drawn = gridFeatures(extent, resolution, crs);
    lines.addFeatures(drawn.lines);
    figures.addFeatures(drawn.figures);
  };
  map.on("moveend", draw);
  layer.on("change:visible", draw);
  return layer;
}

/** The step that leaves about a hand's breadth between lines. */
export function gridStep(metresAPixel: number): number {
  return STEPS_M.find((step) => step / metresAPixel >= 110) ?? 100_000;
}

function gridFeatures(extent: Extent, resolution: number, crs: SurveyCrs): { lines: Feature[]; figures: Feature[] } {
  const [west = 0, south = 0, east = 0, north = 0] = extent;
  const corners = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ].map((corner) => {
    const [lon = 0, lat = 0] = toLonLat(corner);
    return crs.fromLonLat(lon, lat);
  });
  const norths = corners.map((corner) => corner.north);
  const easts = corners.map((corner) => corner.east);
  const [, latitude = 0] = toLonLat([west, (south + north) / 2]);
  const step = gridStep(resolution * Math.cos((latitude * Math.PI) / 180));
  const place = (n: number, e: number): number[] => fromLonLat(crs.toLonLat(n, e));
  const [n0, n1, e0, e1] = [Math.min(...norths), Math.max(...norths), Math.min(...easts), Math.max(...easts)];
  const lines: Feature[] = [];
  const figures: Feature[] = [];
  for (let e = Math.ceil(e0 / step) * step; e <= e1; e += step) {
    const line = sampled((share) => place(n0 + (n1 - n0) * share, e));
    lines.push(styled(new LineString(line), LINE));
    figures.push(label(line, step, e, 0, south + ABOVE_FOOT * resolution));
  }
  for (let n = Math.ceil(n0 / step) * step; n <= n1; n += step) {
    const line = sampled((share) => place(n, e0 + (e1 - e0) * share));
    lines.push(styled(new LineString(line), LINE));
    figures.push(label(line, step, n, 1, west + IN_MARGIN * resolution));
  }
  return { lines, figures };
}

/** Grid lines are slightly curved in Mercator. */
function sampled(at: (share: number) => number[]): number[][] {
  return Array.from({ length: 9 }, (_, index) => at(index / 8));
}

function styled(geometry: LineString | Point, style: Style): Feature {
  const feature = new Feature(geometry);
  feature.setStyle(style);
  return feature;
}

/** Kilometres, in the margin; `across` is the axis that the label keeps to the map's edge. */
function label(line: number[][], step: number, value: number, across: 0 | 1, edge: number): Feature {
  const first = line[0] ?? [0, 0];
  const at = across === 0 ? [first[0] ?? 0, edge] : [edge, first[1] ?? 0];
  const text = (value / 1000).toFixed(step < 1000 ? (step < 100 ? 2 : 1) : 0);
  const style = new Style({
    text: new Text({
      text,
      font: `11px ${FONT}`,
      textAlign: across === 0 ? "center" : "left",
      offsetY: across === 0 ? 0 : -8,
      fill: new Fill({ color: "#5f6b76" }),
      stroke: new Stroke({ color: "rgba(255,255,255,.85)", width: 3 }),
    }),
  });
  return styled(new Point(at), style);
}
