/** The found clusters and the picked parcels on the map, and which parcel a click means. Refuses to pick what can't be told apart. */

import Feature from "ol/Feature";
import VectorLayer from "ol/layer/Vector";
import VectorTileLayer from "ol/layer/VectorTile";
import { transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import type { Polygon } from "../geojson";
import { readShape } from "../map/layers";
import { ACCENT } from "../map/styles";
import type { WorkspaceMap } from "../map/workspace-map";
import type { Bbox } from "../types";

export interface ClusterLayer {
  showFound(hulls: readonly Polygon[], chosen: number): void;
  showPicked(codes: ReadonlySet<string>, hull: Polygon | null): void;
  fit(hull: Polygon): void;
  clear(): void;
}

const HULL = "#8a5200";
const found = (chosen: boolean): Style[] => [
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.85)", width: chosen ? 6 : 4 }) }),
  new Style({ stroke: new Stroke({ color: HULL, width: chosen ? 3 : 1.6, lineDash: chosen ? [] : [6, 4] }) }),
];
const PICKED = [
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 6, lineJoin: "round" }), zIndex: 1 }),
  new Style({
    fill: new Fill({ color: "rgba(11,107,203,.28)" }),
    stroke: new Stroke({ color: ACCENT, width: 2.6, lineJoin: "round" }),
    zIndex: 2,
  }),
];
const AROUND = new Style({
  stroke: new Stroke({ color: ACCENT, width: 1.6, lineDash: [2, 4] }),
  image: new CircleStyle({ radius: 4, fill: new Fill({ color: ACCENT }) }),
});

/** `toggle` hears the code of a clicked parcel; `chosen` the number of a clicked hull; `far` a click where parcels are grouped. */
export function clusterLayer(
  chart: WorkspaceMap,
  active: () => boolean,
  on: { toggle(code: string): void; chosen(at: number): void; far(): void },
): ClusterLayer {
  const { map } = chart;
  const hulls = new VectorSource();
  const around = new VectorSource();
  let picked: ReadonlySet<string> = new Set();
  const hullLayer = new VectorLayer({ source: hulls, zIndex: 31 });
  const aroundLayer = new VectorLayer({ source: around, zIndex: 33, style: AROUND });
  // It shares the parcels' tiles: a pick asks for nothing.
  const pickedLayer = new VectorTileLayer({
    source: chart.parcels.getSource() ?? undefined,
    zIndex: 32,
    renderMode: "vector",
    style: (feature) => (picked.has(String(feature.get("code"))) ? PICKED : undefined),
  });
  for (const layer of [hullLayer, pickedLayer, aroundLayer]) map.addLayer(layer);

  map.on("singleclick", ({ pixel }) => {
    if (!active()) return;
    const parcel = map.forEachFeatureAtPixel(pixel, (feature) => feature.getProperties(), {
      layerFilter: (layer) => layer === chart.parcels,
    });
    if (typeof parcel?.["code"] === "string") return on.toggle(parcel["code"]);
    const hull = map.forEachFeatureAtPixel(pixel, (feature) => feature.get("at") as number, {
      layerFilter: (layer) => layer === hullLayer,
      hitTolerance: 4,
    });
    if (hull !== undefined) on.chosen(hull);
    else if (parcel) on.far();
  });

  return {
    showFound(shapes, chosen) {
      hulls.clear();
      hulls.addFeatures(
        shapes.map((shape, at) => {
          const feature = new Feature(readShape(shape));
          feature.set("at", at);
          feature.setStyle(found(at === chosen));
          return feature;
        }),
      );
    },
    showPicked(codes, hull) {
      picked = codes;
      pickedLayer.changed();
      around.clear();
      if (hull) around.addFeature(new Feature(readShape(hull)));
    },
    fit: (hull) => chart.fit(transformExtent(readShape(hull).getExtent(), "EPSG:3857", "EPSG:4326") as Bbox, 17),
    clear() {
      hulls.clear();
      around.clear();
      picked = new Set();
      pickedLayer.changed();
    },
  };
}
