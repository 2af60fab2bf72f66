/**
 * The polygon that figures are asked for: draw, take back, bring back, finish, stop. Refuses to close a ring that
 * crosses itself, and to drop it: the corner at fault can be taken back.
 */

import Feature, { type FeatureLike } from "ol/Feature";
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
import { cursorReadout, type CursorReadout } from "../edit/readout";
import type { Polygon, Position } from "../geojson";
import type { SurveyCrs } from "./crs";
import { crossesItself } from "./simple";
import { sketchLines } from "./sketch";
import { ACCENT } from "./styles";

export interface PolygonTool {
  start(): void;
  stop(): void;
  /** Closes what is drawn so far; nothing happens while there are too few corners. */
  finish(): void;
  takeBack(): void;
  bringBack(): void;
  /** The polygon of what the map shows now: the way for the keyboard. */
  takeView(): void;
  clear(): void;
}

export interface PolygonToolOptions {
  map: OlMap;
  surface: HTMLElement;
  crs: SurveyCrs | null;
  done(geometry_4490: Polygon): void;
  /** It was to be closed and crosses itself. */
  crossing(): void;
}

type Corner = number[];

export function polygonTool({ map, surface, crs, done, crossing }: PolygonToolOptions): PolygonTool {
  const source = new VectorSource();
  map.addLayer(new VectorLayer({ source, zIndex: 45, style: SHAPE }));
  let draw: Draw | null = null;
  let readout: CursorReadout | null = null;
  /** The corners so far and the cursor's place; none while nothing is in hand. */
  let line: Corner[] = [];
  let takenBack: Corner[] = [];
  let bringing = false;

  const take = (shape: OlPolygon): void => {
    source.clear();
    source.addFeature(new Feature(shape));
    done(toGeoJson(shape));
  };
  const drop = (): void => {
    line = [];
    readout?.show([], null);
  };
  const follow = (shape: OlPolygon): void => {
    // The ring ends with the cursor's place and the first corner again.
    const next = (shape.getCoordinates()[0] ?? []).slice(0, -1);
    if (next.length > line.length && !bringing) takenBack = [];
    line = next;
    const here = line.at(-1);
    const pixel = here ? (map.getPixelFromCoordinate(here) as [number, number] | null) : null;
    readout?.show(line.length > 1 ? sketchLines(line.map(lonLat), crs) : [], pixel);
  };
  const sound = (): boolean => {
    // The cursor's place is no corner yet.
    if (!crossesItself(line.slice(0, -1))) return true;
    crossing();
    return false;
  };
  const stop = (): void => {
    if (draw) map.removeInteraction(draw);
    draw = null;
    takenBack = [];
    line = [];
    readout?.remove();
    readout = null;
    surface.classList.remove("is-drawing");
  };

  return {
    start() {
      if (draw) return;
      source.clear();
      readout = cursorReadout(surface);
      draw = new Draw({ type: "Polygon", style: sketchStyle, stopClick: true, finishCondition: sound });
      draw.on("drawstart", ({ feature }) => {
        source.clear();
        const shape = feature.getGeometry() as OlPolygon;
        shape.on("change", () => follow(shape));
      });
      draw.on("drawabort", drop);
      draw.on("drawend", ({ feature }) => {
        drop();
        take(feature.getGeometry() as OlPolygon);
      });
      map.addInteraction(draw);
      surface.classList.add("is-drawing");
    },
    stop,
    finish() {
      if (line.length > 3 && sound()) draw?.finishDrawing();
    },
    takeBack() {
      const last = line.at(-2);
      if (!last) return;
      takenBack.push(last);
      draw?.removeLastPoint();
    },
    bringBack() {
      const corner = takenBack.pop();
      if (!corner) return;
      bringing = true;
      draw?.appendCoordinates([corner]);
      bringing = false;
    },
    takeView() {
      draw?.abortDrawing();
      take(fromExtent(map.getView().calculateExtent(map.getSize())));
    },
    clear: () => source.clear(),
  };
}

const lonLat = (point: Corner): Position => toLonLat(point) as Position;

function toGeoJson(shape: OlPolygon): Polygon {
  const ring = shape.getCoordinates()[0] ?? [];
  return { type: "Polygon", coordinates: [ring.map(lonLat)] };
}

const HALO = new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 5, lineJoin: "round" }) });
const outline = (stroke: string, fill: string): Style =>
  new Style({ fill: new Fill({ color: fill }), stroke: new Stroke({ color: stroke, width: 2, lineDash: [8, 5] }) });

const SHAPE = [HALO, outline(ACCENT, "rgba(11,107,203,.10)")];
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
const FAULTY = [HALO, outline("#c62828", "rgba(198,40,40,.14)")];

/** Red at once where the ring, closed as it is, would cross itself. */
function sketchStyle(feature: FeatureLike): Style[] {
  const shape = feature.getGeometry();
  const faulty = shape instanceof OlPolygon && crossesItself(shape.getCoordinates()[0] ?? []);
  return faulty ? FAULTY : SKETCH;
}
