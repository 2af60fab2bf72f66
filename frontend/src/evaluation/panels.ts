/**
 * Up to three maps of one county side by side, one a year: they share their view, so that they move together.
 * Refuses classes of their own: every panel is drawn by the one legend that it is given.
 */

import Feature, { type FeatureLike } from "ol/Feature";
import { getArea, getWidth, isEmpty, type Extent } from "ol/extent";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import VectorLayer from "ol/layer/Vector";
import OlMap from "ol/Map";
import { fromLonLat, toLonLat, transformExtent } from "ol/proj";
import VectorSource from "ol/source/Vector";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import View from "ol/View";
import type { FeatureCollection } from "../geojson";
import { t } from "../i18n";
import { countyLayer, readShape } from "../map/layers";
import { gliding } from "../map/motion";
import { fillStyle } from "../map/patterns";
import { scaleBar } from "../map/readout";
import { ACCENT, FONT, INK, TOWN } from "../map/styles";
import type { Place } from "../state";
import type { ThemeClass } from "../themes";
import type { Town, Workspace } from "../types";
import { h, replace } from "../ui/dom";
import { inkOn } from "./looks";

export interface PanelFacts {
  year: number;
  computed: boolean;
  /** What stands for the figures of a year that has none. */
  missing: string;
  outlines: FeatureCollection<Town>;
  lookOf: (code: string) => ThemeClass;
  /** The figure beside an area's name; "" for none. */
  figureOf: (code: string) => string;
  /** The line that tells an area's value. */
  told: (code: string) => string;
  labels: boolean;
  /** The areas cover the county without gaps: a white edge parts them, and their own tells nothing. */
  tiled: boolean;
}

export interface Panels {
  element: HTMLElement;
  /** `close`: “home” is where the areas are, not all of the towns. */
  show(facts: readonly PanelFacts[], towns: FeatureCollection<Town>, close: boolean): void;
  light(code: string): void;
  home(): void;
  goTo(place: Place): void;
  place(): Place | null;
  /** Draws anew at so many dots a pixel, and is done when everything is on the paper. */
  redraw(ratio: number): Promise<void>;
}

const MARGIN = [14, 14, 14, 14];

export function panels(workspace: Workspace, pointed: (code: string) => void, chosen: (code: string) => void): Panels {
  const element = h("div", { class: "atlas-panels" });
  const county = transformExtent(workspace.county.bbox, "EPSG:4326", "EPSG:3857");
  const view = new View({ projection: "EPSG:3857", minZoom: 7, maxZoom: 19, center: [0, 0], zoom: 9 });
  let maps: OlMap[] = [];
  let shown: readonly PanelFacts[] = [];
  let towns: FeatureCollection<Town> = { type: "FeatureCollection", features: [] };
  let lit = "";
  let readouts: HTMLElement[] = [];
  let extent: Extent = county;

  const build = (ratio: number): void => {
    for (const map of maps) {
      map.setTarget(undefined);
      map.setLayers([]);
    }
    readouts = [];
    element.dataset["panels"] = String(shown.length);
    const parts = shown.map((facts) => {
      const readout = h("output", { class: "atlas-readout" }, facts.computed ? t("atlas.readout.idle") : facts.missing);
      readouts.push(readout);
      const surface = h("div", { class: "atlas-map", data: { year: String(facts.year) }, attrs: { tabindex: 0, "aria-label": t("atlas.year", { year: facts.year }) } });
      const box = h("figure", { class: "atlas-panel" }, h("figcaption", {}, h("b", {}, t("atlas.year", { year: facts.year })), readout), surface);
      return { box, surface, facts };
    });
    replace(element, ...parts.map(({ box }) => box));
    maps = parts.map(({ surface, facts }) => map(surface, facts, ratio));
  };

  const map = (surface: HTMLElement, facts: PanelFacts, ratio: number): OlMap => {
    const areas = new VectorLayer({
      source: new VectorSource({ features: featuresOf(facts.outlines) }),
      zIndex: 10,
      style: (feature, resolution) => areaStyle(facts, String(feature.get("code")), ratio, resolution > COARSE),
    });
    const names = new VectorLayer({
      source: areas.getSource() as VectorSource,
      zIndex: 40,
      declutter: true,
      style: (feature, resolution) => labelStyle(facts, feature, resolution),
      visible: facts.labels,
    });
    const borders = new VectorLayer({ source: new VectorSource({ features: featuresOf(towns) }), zIndex: 20, style: BORDER });
    const light = new VectorLayer({
      source: areas.getSource() as VectorSource,
      zIndex: 30,
      style: (feature) => (lit && feature.get("code") === lit ? LIT : undefined),
    });
    const made = new OlMap({
      target: surface,
      view,
      controls: [],
      pixelRatio: ratio,
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, zoomDuration: gliding(180) }),
      layers: [countyLayer(workspace.county.boundary), areas, borders, light, names],
    });
    surface.append(scaleBar(made));
    const codeAt = (pixel: number[]): string =>
      String(made.forEachFeatureAtPixel(pixel, (feature) => feature.get("code") as string, { layerFilter: (layer) => layer === areas }) ?? "");
    made.on("pointermove", (event) => !event.dragging && pointed(codeAt(event.pixel)));
    made.on("singleclick", (event) => chosen(codeAt(event.pixel)));
    surface.addEventListener("mouseleave", () => pointed(""));
    made.once("rendercomplete", () => (surface.dataset["ready"] = "true"));
    return made;
  };

  return {
    element,
    show(facts, borders, close) {
      shown = facts;
      towns = borders;
      const all = new VectorSource({ features: (close ? facts.map(({ outlines }) => outlines) : [...facts.map(({ outlines }) => outlines), borders]).flatMap(featuresOf) });
      const found = all.getExtent();
      extent = found && !isEmpty(found) ? found : county;
      build(window.devicePixelRatio || 1);
    },
    light(code) {
      if (code === lit) return;
      lit = code;
      maps.forEach((one, index) => {
        for (const layer of one.getLayers().getArray()) if (layer.getZIndex() === 30) layer.changed();
        const facts = shown[index];
        const readout = readouts[index];
        if (facts?.computed && readout) readout.textContent = code ? facts.told(code) : t("atlas.readout.idle");
      });
    },
    home() {
      const first = maps[0];
      first?.updateSize();
      view.fit(extent, { padding: MARGIN, ...(first?.getSize() ? { size: first.getSize() as number[] } : {}) });
    },
    goTo(place) {
      view.setCenter(fromLonLat([place.lon, place.lat]));
      view.setZoom(place.z);
    },
    place() {
      const centre = view.getCenter();
      const zoom = view.getZoom();
      if (!centre || zoom === undefined) return null;
      const [lon = 0, lat = 0] = toLonLat(centre);
      return { z: Number(zoom.toFixed(2)), lon: Number(lon.toFixed(5)), lat: Number(lat.toFixed(5)) };
    },
    async redraw(ratio) {
      const kept = maps[0] ? view.calculateExtent(maps[0].getSize()) : null;
      build(ratio);
      for (const one of maps) one.updateSize();
      const size = maps[0]?.getSize();
      if (kept && size) view.fit(kept, { size });
      await Promise.all(maps.map((one) => new Promise<void>((done) => (one.once("rendercomplete", () => done()), one.render()))));
    },
  };
}

function featuresOf(collection: FeatureCollection<Town>): Feature[] {
  return collection.features.flatMap(({ geometry, properties }) => {
    if (!geometry) return [];
    const feature = new Feature(readShape(geometry));
    feature.setProperties({ code: properties.code, name: properties.name });
    return [feature];
  });
}

const BORDER = new Style({ stroke: new Stroke({ color: TOWN, width: 0.9, lineDash: [7, 4, 1.5, 4] }) });
const LIT = [
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 6, lineJoin: "round" }) }),
  new Style({ stroke: new Stroke({ color: ACCENT, width: 2.6, lineJoin: "round" }) }),
];

/** Metres a pixel from where on a parcel's edge would be all that is seen of it: it is drawn in the colour of its inside. */
const COARSE = 12;
/** A letter of a name at its size. */
const LETTER_PX = 11;

function areaStyle(facts: PanelFacts, code: string, ratio: number, coarse: boolean): Style {
  const look = facts.lookOf(code);
  const edge = coarse && look.pattern === "none" ? look.fill : look.stroke;
  return new Style({
    fill: new Fill({ color: fillStyle(look, ratio) }),
    stroke: new Stroke({ color: facts.tiled ? "#ffffff" : edge, width: facts.tiled ? 1.4 : edge === look.stroke ? 0.6 : 1.2, lineJoin: "round" }),
  });
}

/** White on a dark area only where the name lies within it; of two names in one place the larger area's stays. */
function labelStyle(facts: PanelFacts, feature: FeatureLike, resolution: number): Style {
  const code = String(feature.get("code"));
  const look = facts.lookOf(code);
  const name = String(feature.get("name") ?? "");
  const extent = feature.getGeometry()?.getExtent() ?? [0, 0, 0, 0];
  const roomy = getWidth(extent) / resolution > name.length * LETTER_PX;
  const dark = roomy && look.pattern === "none" && inkOn(look.fill) === "#ffffff";
  return new Style({
    zIndex: Math.round(getArea(extent) / 10_000),
    text: new Text({
      text: [name, facts.figureOf(code)].filter(Boolean).join("\n"),
      font: `600 11px ${FONT}`,
      fill: new Fill({ color: dark ? "#ffffff" : INK }),
      stroke: new Stroke({ color: dark ? "rgba(20,34,46,.55)" : "rgba(255,255,255,.9)", width: 2.5 }),
      overflow: true,
    }),
  });
}
