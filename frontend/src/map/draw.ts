/**
 * The polygon that figures are asked for: draw, take back, finish, stop.
 * Refuses to show an area of its own: the map's sphere would be wrong by 0.1 %.
 */

import Feature from "ol/Feature";
import OlPolygon, { fromExtent } from "ol/geom/Polygon";
import Draw from "ol/interaction/Draw";
import VectorLayer from "ol/layer/Vector";
import type OlMap from "ol/Map";
import { toLonLat } from "ol/proj";
import VectorSource from "ol/source/Vector";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import type { Polygon, Position } from "../geojson";
import { ACCENT } from "./styles";

export interface PolygonTool {
  start(): void;
  stop(): void;
  /** Closes what is drawn so far; false while there are too few corners. */
  finish(): void;
  takeBack(): void;
  /** The polygon of what the map shows now: the way for the keyboard. */
  takeView(): void;
  clear(): void;
}

export function polygonTool(map: OlMap, surface: HTMLElement, done: (geometry_4490: Polygon) => void): PolygonTool {
  const source = new VectorSource();
  map.addLayer(new VectorLayer({ source, zIndex: 45, style: SHAPE }));
  let draw: Draw | null = null;

  const take = (shape: OlPolygon): void => {
    source.clear();
    source.addFeature(new Feature(shape));
    done(toGeoJson(shape));
  };

  const stop = (): void => {
    if (draw) map.removeInteraction(draw);
    draw = null;
    surface.classList.remove("is-drawing");
  };

  return {
    start() {
      if (draw) return;
      source.clear();
      draw = new Draw({ type: "Polygon", style: SKETCH, stopClick: true });
      draw.on("drawstart", () => source.clear());
      draw.on("drawend", (event) => take(event.feature.getGeometry() as OlPolygon));
      map.addInteraction(draw);
      surface.classList.add("is-drawing");
    },
    stop,
    finish: () => draw?.finishDrawing(),
    takeBack: () => draw?.removeLastPoint(),
    takeView() {
      draw?.abortDrawing();
      take(fromExtent(map.getView().calculateExtent(map.getSize())));
    },
    clear: () => source.clear(),
  };
}

function toGeoJson(shape: OlPolygon): Polygon {
  const ring = shape.getCoordinates()[0] ?? [];
  return { type: "Polygon", coordinates: [ring.map((point) => toLonLat(point) as Position)] };
}

const SHAPE = [
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 5, lineJoin: "round" }) }),
  new Style({
    fill: new Fill({ color: "rgba(11,107,203,.10)" }),
    stroke: new Stroke({ color: ACCENT, width: 2, lineDash: [8, 5] }),
  }),
];

const SKETCH = [
  ...SHAPE,
  new Style({
    image: new CircleStyle({
      radius: 5,
      fill: new Fill({ color: "#fff" }),
      stroke: new Stroke({ color: ACCENT, width: 2 }),
    }),
  }),
];
