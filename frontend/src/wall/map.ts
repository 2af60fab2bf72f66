/**
 * The wall's map: towns by the light of a ledger, the ground of both ledgers, idle-land cases; linked to the figures by town.
 * Refuses to be measured on: shapes are simplified, and it knows nothing but what the document holds.
 */

import OlMap from "ol/Map";
import View from "ol/View";
import Feature from "ol/Feature";
import type { FeatureLike } from "ol/Feature";
import { getCenter, getHeight, getWidth, type Extent } from "ol/extent";
import GeoJSON from "ol/format/GeoJSON";
import MultiPolygon from "ol/geom/MultiPolygon";
import Point from "ol/geom/Point";
import Polygon from "ol/geom/Polygon";
import { defaults } from "ol/interaction/defaults";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { t } from "../i18n";
import { FONT } from "../map/styles";
import { LEDGERS, lightOf, type Ledger, type Placed, type WallData } from "./data";
import { extentShown } from "./extent";
import { placeLabels, type Box } from "./labels";
import { GROUND, LIGHTS } from "./looks";

const geojson = new GeoJSON({ dataProjection: "EPSG:4326", featureProjection: "EPSG:3857" });
const PADDING = 0.025;
const LETTERS = 1.05; // of the towns' names, in the wall's units
const MOST_PLACES = 150; // looked at for a name inside its town

export interface WallMap {
  map: OlMap;
  show(data: WallData): void;
  colourBy(ledger: Ledger): void;
  /** The town that the figures point at, and the one that is chosen; "" is none. */
  point(hovered: string, chosen: string): void;
  /** The whole territory in the space there is. */
  fit(): void;
  /** After the box changed its size: line widths and letters follow. */
  resize(): void;
}

export interface WallMapEvents {
  hover(town: string): void;
  choose(town: string): void;
  open(kind: Ledger | "cases", at: Placed): void;
}

/** `covered`: the legend over the map's lower left corner. */
export function wallMap(target: HTMLElement, covered: HTMLElement, events: WallMapEvents): WallMap {
  const drawn = { towns: source(), remediation: source(), revitalisation: source(), cases: source() };
  const sources = { ...drawn, names: source() };
  let data: WallData | null = null;
  let ledger: Ledger = "remediation";
  let [hovered, chosen] = ["", ""];

  const light = (town: string) => LIGHTS[lightOf(data?.rows.find((row) => row.code === town), ledger)];
  const towns = new VectorLayer({
    source: sources.towns,
    style: (feature) => {
      const { town_code: town } = facts(feature);
      const on = town === hovered || town === chosen;
      return new Style({
        zIndex: on ? 2 : 1,
        fill: new Fill({ color: light(town).fill }),
        stroke: new Stroke({ color: on ? "#0b62b8" : "#6b7885", width: unit() * (on ? 0.28 : 0.08) }),
      });
    },
  });
  // The names lie above all ground and marks: what they say is read from five metres.
  const names = new VectorLayer({
    source: sources.names,
    style: (feature) => {
      const { town_code: town, name = "" } = facts(feature);
      const on = town === hovered || town === chosen;
      const look = light(town);
      return new Style({
        zIndex: on ? 2 : 1,
        text: new Text({
          text: `${look.sign} ${shortName(name)}`,
          font: `${on ? 700 : 600} ${(unit() * (on ? 1.25 : LETTERS)).toFixed(1)}px ${FONT}`,
          fill: new Fill({ color: look.ink }),
          stroke: new Stroke({ color: "rgba(255,255,255,0.92)", width: unit() * 0.28 }),
          overflow: true,
        }),
      });
    },
  });
  const grounds = LEDGERS.map(
    (one) =>
      new VectorLayer({
        source: sources[one],
        // At the county's scale a parcel is a speck: the outline keeps it in sight.
        style: () =>
          new Style({
            fill: new Fill({ color: GROUND[one].fill }),
            stroke: new Stroke({ color: GROUND[one].ink, width: unit() * 0.2 }),
          }),
      }),
  );
  const cases = new VectorLayer({ source: sources.cases, style: caseStyle });
  const view = new View({ projection: "EPSG:3857", minZoom: 6, maxZoom: 18 });
  const map = new OlMap({
    target,
    view,
    layers: [towns, ...grounds, cases, names],
    controls: [],
    interactions: defaults({ altShiftDragRotate: false, pinchRotate: false, keyboard: false }),
    pixelRatio: Math.max(2, window.devicePixelRatio), // paper shows more than the screen
  });
  target.setAttribute("aria-label", t("wall.map"));
  map.on("rendercomplete", () => (target.dataset["ready"] = "true"));

  let fitted = false;
  const fit = (): void => {
    const extent = extentShown(
      sources.towns.getExtent(),
      [...LEDGERS, "cases" as const].map((kind) => sources[kind].getExtent()),
    );
    if (!extent) return;
    fitted = true;
    const [width = 0, height = 0] = map.getSize() ?? [];
    const edge = Math.min(width, height) * PADDING;
    // The legend lies over the map: the land keeps clear of it on the side where it stays larger.
    const beside = resolutionIn(extent, width - covered.offsetWidth - 2 * edge, height - 2 * edge);
    const above = resolutionIn(extent, width - 2 * edge, height - covered.offsetHeight - 2 * edge);
    const [bottom, left] = beside <= above ? [0, covered.offsetWidth] : [covered.offsetHeight, 0];
    view.fit(extent, { padding: [edge, edge, edge + bottom, edge + left] });
  };
  const label = (): void => {
    const scale = view.getResolution();
    if (!scale) return;
    const [size, mark] = [unit() * LETTERS * 1.25, unit() * 1.3];
    const towns = sources.towns.getFeatures().map((feature) => {
      const w = ((shortName(facts(feature).name ?? "").length + 1.5) * size) / 1.2;
      return { feature, w, places: placesIn(feature, size * scale, w * scale) };
    });
    const pixels = ([x = 0, y = 0]: number[]): [number, number] => [x / scale, -y / scale];
    const marksOf = (from: VectorSource): Box[] =>
      from.getFeatures().flatMap((feature) => {
        const extent = feature.getGeometry()?.getExtent();
        if (!extent) return [];
        const [[x, y], least] = [pixels(getCenter(extent)), from === sources.cases ? mark : 0];
        return [{ x, y, w: Math.max(getWidth(extent) / scale, least), h: Math.max(getHeight(extent) / scale, least) }];
      });
    const found = placeLabels(
      towns.map(({ feature, w, places }) => ({
        town: facts(feature).town_code,
        places: places.map(pixels),
        w,
        h: size,
      })),
      [marksOf(sources.cases), LEDGERS.flatMap((one) => marksOf(sources[one]))],
    );
    sources.names.clear();
    sources.names.addFeatures(
      towns.flatMap(({ feature, places }) => {
        const at = places[found.get(facts(feature).town_code) ?? 0];
        return at ? [new Feature({ ...facts(feature), geometry: new Point(at) })] : [];
      }),
    );
  };
  map.on("moveend", label);
  map.on("pointermove", (event) => {
    if (event.dragging) return;
    const found = map.forEachFeatureAtPixel(event.pixel, (feature) => facts(feature).town_code) ?? "";
    target.style.cursor = found ? "pointer" : "";
    events.hover(found);
  });
  target.addEventListener("pointerleave", () => events.hover(""));
  map.on("singleclick", (event) => {
    const ground = map.forEachFeatureAtPixel(
      event.pixel,
      (feature, layer) => {
        const at = LEDGERS.find((_, index) => grounds[index] === layer);
        return layer === cases ? ({ kind: "cases", feature } as const) : at && { kind: at, feature };
      },
      { layerFilter: (layer) => layer !== towns && layer !== names, hitTolerance: 3 },
    );
    if (ground) return events.open(ground.kind, facts(ground.feature));
    events.choose(map.forEachFeatureAtPixel(event.pixel, (feature) => facts(feature).town_code) ?? "");
  });

  return {
    map,
    show(fresh) {
      data = fresh;
      for (const [name, features] of Object.entries(drawn)) {
        features.clear();
        features.addFeatures(geojson.readFeatures(fresh.map[name as keyof typeof drawn]) as Feature[]);
      }
      if (!fitted) fit();
      label();
    },
    colourBy(chosenLedger) {
      ledger = chosenLedger;
      towns.changed();
      names.changed();
    },
    point(over, picked) {
      if (over === hovered && picked === chosen) return;
      [hovered, chosen] = [over, picked];
      towns.changed();
      names.changed();
    },
    fit,
    resize() {
      map.updateSize();
      fit();
      label();
      for (const layer of [towns, ...grounds, cases, names]) layer.changed();
    },
  };
}

/** Places for a name inside a town, `step` apart: where all of its `length` lies inside first, near the middle first. */
function placesIn(feature: Feature, step: number, length: number): number[][] {
  const geometry = feature.getGeometry();
  const parts = geometry instanceof MultiPolygon ? geometry.getPolygons() : geometry instanceof Polygon ? [geometry] : [];
  const land = parts.sort((a, b) => b.getArea() - a.getArea())[0];
  if (!land) return [];
  const middle = land.getInteriorPoint().getCoordinates().slice(0, 2);
  const [west = 0, south = 0, east = 0, north = 0] = land.getExtent();
  const apart = Math.max(step, Math.sqrt(((east - west) * (north - south)) / MOST_PLACES));
  const places: number[][] = [];
  for (let x = west + apart / 2; x < east; x += apart)
    for (let y = south + apart / 2; y < north; y += apart) if (land.intersectsCoordinate([x, y])) places.push([x, y]);
  const within = ([x = 0, y = 0]: number[]): boolean =>
    [-length / 2, length / 2].every((to) => land.intersectsCoordinate([x + to, y]));
  const far = ([x = 0, y = 0]: number[]): number => Math.hypot(x - (middle[0] ?? 0), y - (middle[1] ?? 0));
  const near = [middle, ...places].sort((a, b) => far(a) - far(b));
  return [...near.filter(within), ...near.filter((at) => !within(at))];
}

/** What everybody calls a town: on a small map the kind of it is left out. */
const shortName = (name: string): string => (name.length > 2 ? name.replace(/(街道|镇|乡)$/, "") : name);

/** A case's ground, and a mark in its middle that five metres can see. */
function caseStyle(feature: FeatureLike): Style[] {
  const outline = new Stroke({ color: GROUND.cases.ink, width: unit() * 0.16 });
  const geometry = feature.getGeometry();
  const middle = geometry ? new Point(getCenter(geometry.getExtent())) : undefined;
  return [
    new Style({ fill: new Fill({ color: "rgba(20,34,46,0.25)" }), stroke: outline }),
    new Style({
      ...(middle ? { geometry: middle } : {}),
      image: new RegularShape({
        points: 4,
        radius: unit() * 0.6,
        fill: new Fill({ color: GROUND.cases.fill }),
        stroke: outline,
      }),
    }),
    new Style({
      ...(middle ? { geometry: middle } : {}),
      image: new CircleStyle({ radius: unit() * 0.16, fill: new Fill({ color: GROUND.cases.ink }) }),
    }),
  ];
}

function resolutionIn(extent: Extent, width: number, height: number): number {
  return Math.max(getWidth(extent) / Math.max(width, 1), getHeight(extent) / Math.max(height, 1));
}

const source = (): VectorSource => new VectorSource();
const facts = (feature: FeatureLike): Placed => feature.getProperties() as unknown as Placed;
/** The wall's own unit in pixels: everything on it is measured in it, letters on the map too. */
const unit = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
