/** The map beside an adjustment: parcels, the control line, what goes out and comes in, and parcels that would do. Refuses to measure. */

import Feature from "ol/Feature";
import { createEmpty, extend, isEmpty } from "ol/extent";
import OlMap from "ol/Map";
import View from "ol/View";
import { defaults } from "ol/interaction/defaults";
import VectorLayer from "ol/layer/Vector";
import VectorTileLayer from "ol/layer/VectorTile";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import type { Geometry } from "../geojson";
import { controlLayer, countyLayer, readShape, tileSource, tileUrl } from "../map/layers";
import { gliding } from "../map/motion";
import { FONT, INK } from "../map/styles";
import type { Workspace } from "../types";

export type Role = "out" | "in" | "candidate" | "short";

export interface Shown {
  role: Role;
  label: string;
  geometry: Geometry;
}

export interface AdjustmentMap {
  map: OlMap;
  show(shapes: readonly Shown[]): void;
  /** What is shown, or what of it plays these roles; the county where there is nothing. */
  fit(roles?: readonly Role[]): void;
}

const MARGIN = 48;
const CLOSEST = 17;
const PARCEL = new Style({ fill: new Fill({ color: "#f4f1ea" }), stroke: new Stroke({ color: "#c3bcae", width: 0.7 }) });

export function adjustmentMap(target: HTMLElement, workspace: Workspace): AdjustmentMap {
  const county = transformExtent(workspace.county.bbox, "EPSG:4326", "EPSG:3857");
  const source = new VectorSource();
  const tiles = tileSource(tileUrl("parcels", { year: workspace.year, on: null, v: workspace.data_version }));
  const map = new OlMap({
    target,
    view: new View({ projection: "EPSG:3857", minZoom: 8, maxZoom: 20.5, constrainResolution: false }),
    controls: [],
    interactions: defaults({ altShiftDragRotate: false, pinchRotate: false, zoomDuration: gliding(180), onFocusOnly: false }),
    layers: [
      countyLayer(workspace.county.boundary),
      new VectorTileLayer({ source: tiles, zIndex: 10, style: PARCEL }),
      controlLayer(),
      new VectorLayer({ source, zIndex: 30, style: styleOf, declutter: "grounds" }),
    ],
  });
  map.once("rendercomplete", () => (target.dataset["ready"] = "true"));

  const fit = (roles?: readonly Role[]): void => {
    const extent = createEmpty();
    for (const feature of source.getFeatures()) {
      const shape = feature.getGeometry();
      if (shape && (!roles || roles.includes(feature.get("role") as Role))) extend(extent, shape.getExtent());
    }
    if (isEmpty(extent)) extend(extent, county);
    map.getView().fit(extent, { size: map.getSize() ?? [800, 450], padding: [MARGIN, MARGIN, MARGIN, MARGIN], maxZoom: CLOSEST });
  };
  return {
    map,
    show(shapes) {
      source.clear();
      source.addFeatures(
        shapes.map(({ role, label, geometry }) => {
          const feature = new Feature(readShape(geometry));
          feature.setProperties({ role, label });
          return feature;
        }),
      );
      target.dataset["shown"] = shapes.map(({ role }) => role).join(" ");
    },
    fit,
  };
}

/** What the legend's swatches and the map share; a dash tells the two kinds of parcel apart without colour. */
export const LOOKS: Record<Role, { fill: string; line: string; dash?: number[] }> = {
  out: { fill: "rgba(198,40,40,.28)", line: "#b71c1c" },
  in: { fill: "rgba(21,101,192,.26)", line: "#0d47a1" },
  candidate: { fill: "rgba(46,125,50,.24)", line: "#1b5e20" },
  short: { fill: "rgba(255,255,255,.45)", line: "#1b5e20", dash: [5, 4] },
};

function styleOf(feature: { get(key: string): unknown }): Style {
  const look = LOOKS[feature.get("role") as Role];
  return new Style({
    fill: new Fill({ color: look.fill }),
    stroke: new Stroke({ color: look.line, width: 2.2, ...(look.dash ? { lineDash: look.dash } : {}) }),
    text: new Text({
      text: String(feature.get("label") ?? ""),
      font: `600 13px ${FONT}`,
      fill: new Fill({ color: INK }),
      stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 4 }),
      overflow: true,
    }),
  });
}
