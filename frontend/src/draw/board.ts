/**
 * The map of a form's field: the ground so far, the shapes beside it, and the tools. Refuses to be the only way: what it
 * draws stands in the field as text, and what is pasted there is drawn here.
 */

import Feature from "ol/Feature";
import GeoJSON from "ol/format/GeoJSON";
import OlPolygon from "ol/geom/Polygon";
import Draw from "ol/interaction/Draw";
import Modify from "ol/interaction/Modify";
import Snap from "ol/interaction/Snap";
import { defaults } from "ol/interaction/defaults";
import VectorLayer from "ol/layer/Vector";
import VectorTileLayer from "ol/layer/VectorTile";
import OlMap from "ol/Map";
import { isEmpty } from "ol/extent";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import View from "ol/View";
import type { EditApi } from "../edit/api";
import type { FeatureCollection, Polygon } from "../geojson";
import type { SurveyCrs } from "../map/crs";
import { controlLayer, readShape, tileSource, tileUrl } from "../map/layers";
import { gliding } from "../map/motion";
import { parcelsAround } from "./exact";
import { districtStyle, DRAWN, guideStyle, PARCEL, SKETCH } from "./looks";

export type DrawTool = "draw" | "take" | "modify";
export type Guides = FeatureCollection<{ kind: string; label: string }>;

export interface Board {
  map: OlMap;
  tool(tool: DrawTool): void;
  show(polygons_4490: readonly Polygon[]): void;
  polygons(): Polygon[];
  /** Takes back the last point of what is being drawn, else the last polygon. */
  back(): void;
  finish(): void;
  clear(): void;
  /** To what is drawn, else to the shapes beside it, else to the county. */
  home(): void;
}

export interface BoardOptions {
  target: HTMLElement;
  crs: SurveyCrs;
  bbox: number[];
  guides: Guides | null;
  api: Pick<EditApi, "parcels">;
  /** What is drawn changed; `sketch` is what the hand has drawn of a polygon that isn't closed yet. */
  changed(): void;
  sketched(sketch: Polygon | null): void;
  parcels(state: "far" | "reading" | "ready" | "failed"): void;
}

const SNAP_PIXELS = 12;
const format = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });

export function drawBoard(options: BoardOptions): Board {
  const county = transformExtent(options.bbox, "EPSG:4326", "EPSG:3857");
  const drawn = new VectorSource();
  const beside = new VectorSource();
  const parcels = new VectorSource();
  if (options.guides) beside.addFeatures(format.readFeatures(options.guides));
  const map = new OlMap({
    target: options.target,
    controls: [],
    interactions: defaults({ altShiftDragRotate: false, pinchRotate: false, doubleClickZoom: false, zoomDuration: gliding(180) }),
    view: new View({ projection: "EPSG:3857", minZoom: 8, maxZoom: 21, constrainResolution: false }),
    layers: [
      new VectorTileLayer({ source: tileSource(tileUrl("parcels", {})), style: PARCEL, renderMode: "vector" }),
      controlLayer(),
      new VectorTileLayer({ source: tileSource(tileUrl("districts", {})), style: districtStyle, renderMode: "vector" }),
      new VectorLayer({ source: beside, style: guideStyle }),
      new VectorLayer({ source: drawn, style: DRAWN }),
    ],
  });
  const draw = new Draw({ type: "Polygon", source: drawn, style: SKETCH, stopClick: true, snapTolerance: SNAP_PIXELS });
  const modify = new Modify({ source: drawn, style: SKETCH });
  const hands = { draw: [draw], modify: [modify], take: [] as never[] };
  // Snapping comes after whoever draws, so that it moves the pointer first.
  const snaps = [parcels, beside, drawn].map((source) => new Snap({ source, pixelTolerance: SNAP_PIXELS }));
  let current: DrawTool = "draw";

  const toPolygon = (shape: OlPolygon): Polygon => format.writeGeometryObject(shape) as unknown as Polygon;
  draw.on("drawstart", ({ feature }) => {
    const shape = feature.getGeometry() as OlPolygon;
    shape.on("change", () => options.sketched(toPolygon(shape)));
  });
  draw.on("drawabort", () => options.sketched(null));
  draw.on("drawend", () => {
    options.sketched(null);
    // The source has the feature only after this.
    window.queueMicrotask(options.changed);
  });
  modify.on("modifyend", options.changed);
  map.on("singleclick", ({ coordinate }) => {
    if (current !== "take") return;
    const mine = drawn.getFeaturesAtCoordinate(coordinate)[0];
    const taken = parcels.getFeaturesAtCoordinate(coordinate)[0]?.getGeometry();
    if (mine) drawn.removeFeature(mine);
    else if (taken) drawn.addFeature(new Feature(taken.clone()));
    else return;
    options.changed();
  });
  const readParcels = parcelsAround(map, options.crs, parcels, options.api, options.parcels);

  const tool = (next: DrawTool): void => {
    current = next;
    for (const hand of [draw, modify, ...snaps]) map.removeInteraction(hand);
    for (const hand of [...hands[next], ...(next === "take" ? [] : snaps)]) map.addInteraction(hand);
    options.target.classList.toggle("is-drawing", next !== "modify");
  };
  const fit = (extent: number[]): void => map.getView().fit(extent, { padding: [40, 40, 40, 40], maxZoom: 19.5 });
  const board: Board = {
    map,
    tool,
    show(polygons) {
      drawn.clear();
      drawn.addFeatures(polygons.map((one) => new Feature(readShape(one))));
    },
    polygons: () => drawn.getFeatures().map((feature) => toPolygon(feature.getGeometry() as OlPolygon)),
    back() {
      const sketching = draw.getOverlay().getSource()?.getFeatures().some((one) => one.getGeometry() instanceof OlPolygon);
      if (current === "draw" && sketching) return draw.removeLastPoint();
      const last = drawn.getFeatures().at(-1);
      if (!last) return;
      drawn.removeFeature(last);
      options.changed();
    },
    finish: () => draw.finishDrawing(),
    clear() {
      draw.abortDrawing();
      drawn.clear();
      options.changed();
    },
    home() {
      const extent = [drawn, beside].map((source) => source.getExtent()).find((one) => one && !isEmpty(one));
      fit(extent ?? county);
    },
  };
  tool("draw");
  board.home();
  readParcels();
  return board;
}
