/**
 * The map that the workspace holds: layers put together, and each reaction to the store in one place.
 * Refuses to keep a state of its own beside the store, the loaded tiles excepted.
 */

import OlMap from "ol/Map";
import View from "ol/View";
import { containsExtent, getCenter, isEmpty, type Extent } from "ol/extent";
import Feature from "ol/Feature";
import Point from "ol/geom/Point";
import { defaults as defaultInteractions } from "ol/interaction/defaults";
import type VectorLayer from "ol/layer/Vector";
import type VectorTileLayer from "ol/layer/VectorTile";
import { fromLonLat, toLonLat, transformExtent } from "ol/proj";
import type { Found } from "../found";
import type { FeatureCollection, Geometry } from "../geojson";
import { t } from "../i18n";
import type { Place, ViewState } from "../state";
import type { TaxClasses, Theme } from "../themes";
import type { Bbox, Town, Workspace } from "../types";
import { overlayLayers, type OverlayLayers } from "../overlays/layers";
import type { SurveyCrs } from "./crs";
import { gridLayer } from "./grid";
import * as layers from "./layers";
import { gliding } from "./motion";
import { labelStyle, parcelEdge, parcelFill } from "./styles";

export interface WorkspaceMap {
  map: OlMap;
  parcels: VectorTileLayer;
  /** What lies over the parcels: ledgers, projects, clusters, cases, adjustments. */
  overlays: OverlayLayers;
  /** `found`: what a text filter found, or null. `hidden`: parcels that a draft covers; tiles leave them out. */
  showView(
    view: ViewState,
    theme: Theme,
    taxClasses: TaxClasses,
    found: Found | null,
    hidden?: ReadonlySet<string>,
  ): void;
  /** Themes step back while parcels are edited. */
  showEditing(on: boolean): void;
  /** `bbox` is where the parcel lies, for scales at which tiles don't know it. */
  showHover(code: string, bbox: Bbox | null): void;
  showSelection(geometry_4490: Geometry | null): void;
  /** `own`: the towns are all that this person answers for, so “home” is there. */
  showTowns(towns: FeatureCollection<Town>, own: boolean): void;
  showPlatforms(platforms: FeatureCollection<Town>): void;
  /** A relative or an earlier shape beside the selection; null takes it away. */
  showOutline(geometry_4490: Geometry | null): void;
  setYear(year: number | null): void;
  /** The day whose register the tiles show; "" is today. */
  setDay(on: string): void;
  /** After the register changed: tiles of the old state are left behind. */
  setVersion(version: string | number): void;
  goTo(place: Place): void;
  fit(bbox: Bbox, closest?: number): void;
  fitTown(code: string): void;
  home(duration?: number): void;
  shows(bbox: Bbox): boolean;
  selectionBox(): Bbox | null;
  onTileTrouble(tell: () => void): void;
  reloadTiles(): void;
  place(): Place | null;
  bbox(): Bbox | null;
}

const COUNTY_MARGIN = 1.6;

export function createMap(
  target: HTMLElement,
  workspace: Workspace,
  crs: SurveyCrs | null,
  hovered: () => string,
): WorkspaceMap {
  const countyExtent = transformExtent(workspace.county.bbox, "EPSG:4326", "EPSG:3857");
  const view = new View({
    projection: "EPSG:3857",
    minZoom: 8,
    maxZoom: 20.5,
    constrainResolution: false,
    extent: widened(countyExtent, COUNTY_MARGIN),
    constrainOnlyCenter: true,
  });
  const map = new OlMap({
    target,
    view,
    controls: [],
    interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, zoomDuration: gliding(180) }),
    moveTolerance: 3,
  });
  target.setAttribute("aria-label", t("map.label"));

  let year = workspace.year;
  let day = "";
  let version = workspace.data_version ?? null;
  const url = (): string => layers.tileUrl("parcels", { year, on: day || null, v: version });
  let homeExtent: Extent = countyExtent;
  const source = layers.tileSource(url());
  const parcel = layers.parcelLayers(source, hovered);
  const control = layers.controlLayer();
  const towns = layers.townLayer();
  const platforms = layers.platformLayer();
  const veil = layers.veilLayer();
  const selection = layers.selectionLayer();
  const pin = layers.pinLayer();
  const dots = layers.foundLayer();
  const outline = layers.outlineLayer();
  const grid = gridLayer(map, crs);
  for (const layer of [layers.countyLayer(workspace.county.boundary), grid, parcel.fills, parcel.edges, control, towns, platforms, veil]) {
    map.addLayer(layer);
  }
  for (const layer of [dots, parcel.hover, selection, pin, outline, parcel.labels]) map.addLayer(layer);

  const overlays = overlayLayers(map, target, version);
  control.getSource()?.setUrl(layers.controlUrl(day, version));

  map.once("rendercomplete", () => {
    target.dataset["ready"] = "true";
  });
  /** Tiles of another state of the register: says when they are all on the screen. */
  const readTiles = (): void => {
    source.setUrl(url());
    control.getSource()?.setUrl(layers.controlUrl(day, version));
    overlays.setDay(day);
    overlays.setVersion(version);
    target.dataset["tiles"] = "waiting";
    map.once("postrender", () => map.once("rendercomplete", () => (target.dataset["tiles"] = "drawn")));
  };

  const fit = (bbox: Bbox, closest = 17): void => {
    const extent = transformExtent(bbox, "EPSG:4326", "EPSG:3857");
    view.fit(extent, { padding: [64, 64, 64, 64], maxZoom: closest, duration: gliding(320) });
  };

  return {
    map,
    parcels: parcel.fills,
    overlays,
    showView(state, theme, taxClasses, found, hidden = new Set()) {
      const look = { theme, filters: state.filters, taxClasses, codes: found?.codes ?? null, hidden, labels: true };
      dots.getSource()?.clear();
      dots.getSource()?.addFeatures((found?.places ?? []).map(pointOf));
      parcel.fills.setStyle(parcelFill(look));
      parcel.edges.setStyle(parcelEdge(look));
      parcel.labels.setStyle(labelStyle(look));
      const shown = new Set(state.layers);
      for (const layer of [parcel.fills, parcel.edges, parcel.hover, dots]) layer.setVisible(shown.has("parcels"));
      parcel.labels.setVisible(shown.has("parcels") && shown.has("labels"));
      overlays.show(state.overlays);
      control.setVisible(shown.has("control"));
      towns.setVisible(shown.has("towns"));
      platforms.setVisible(shown.has("platforms"));
      grid.setVisible(state.base === "grid");
      veilAllBut(state.filters.town, towns, veil);
    },
    showEditing(on) {
      parcel.fills.setOpacity(on ? 0.45 : 1);
      selection.setVisible(!on);
      parcel.hover.setOpacity(on ? 0 : 1);
    },
    showHover(code, bbox) {
      target.dataset["hover"] = code;
      parcel.hover.changed();
      const drawn = pin.getSource();
      drawn?.clear();
      if (bbox) drawn?.addFeature(pointOf(bbox));
    },
    showSelection(geometry) {
      const drawn = selection.getSource();
      drawn?.clear();
      if (geometry) drawn?.addFeature(new Feature(layers.readShape(geometry)));
    },
    showOutline(geometry) {
      const drawn = outline.getSource();
      drawn?.clear();
      if (geometry) drawn?.addFeature(new Feature(layers.readShape(geometry)));
    },
    showTowns(collection, own) {
      towns.getSource()?.addFeatures(districtsOf(collection));
      const extent = towns.getSource()?.getExtent();
      if (own && extent && !isEmpty(extent)) homeExtent = extent;
    },
    showPlatforms(collection) {
      platforms.getSource()?.addFeatures(districtsOf(collection));
    },
    setYear(next) {
      if (next === year) return;
      year = next;
      readTiles();
    },
    setDay(next) {
      if (next === day) return;
      day = next;
      readTiles();
    },
    setVersion(next) {
      version = next;
      readTiles();
    },
    goTo(place) {
      view.setCenter(fromLonLat([place.lon, place.lat]));
      view.setZoom(place.z);
    },
    fit,
    fitTown(code) {
      const extent = townOf(towns, code)?.getGeometry()?.getExtent();
      if (extent) view.fit(extent, { padding: [40, 40, 40, 40], duration: gliding(320) });
    },
    home: (duration = gliding(320)) => view.fit(homeExtent, { padding: [20, 24, 20, 24], duration }),
    shows(bbox) {
      const extent = transformExtent(bbox, "EPSG:4326", "EPSG:3857");
      return containsExtent(view.calculateExtent(map.getSize()), extent);
    },
    selectionBox() {
      const extent = selection.getSource()?.getExtent();
      return extent && !isEmpty(extent) ? (transformExtent(extent, "EPSG:3857", "EPSG:4326") as Bbox) : null;
    },
    onTileTrouble: (tell) => source.on("tileloaderror", tell),
    reloadTiles: () => source.refresh(),
    place() {
      const centre = view.getCenter();
      const zoom = view.getZoom();
      if (!centre || zoom === undefined) return null;
      const [lon = 0, lat = 0] = toLonLat(centre);
      return { z: Number(zoom.toFixed(2)), lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)) };
    },
    bbox() {
      const size = map.getSize();
      return size ? (transformExtent(view.calculateExtent(size), "EPSG:3857", "EPSG:4326") as Bbox) : null;
    },
  };
}

const pointOf = (bbox: Bbox): Feature => new Feature(new Point(getCenter(transformExtent(bbox, "EPSG:4326", "EPSG:3857"))));

/** The town filter at scales where tiles are grouped and don't know their town. */
function veilAllBut(town: string, towns: VectorLayer, veil: VectorLayer): void {
  const source = veil.getSource();
  source?.clear();
  const shape = town ? townOf(towns, town)?.getGeometry() : undefined;
  if (shape) source?.addFeature(new Feature(layers.outside(shape)));
}

function districtsOf(collection: FeatureCollection<Town>): Feature[] {
  return collection.features.flatMap(({ geometry, properties }) => {
    if (!geometry) return [];
    const feature = new Feature(layers.readShape(geometry));
    feature.setProperties({ code: properties.code, name: properties.name, type: properties.type ?? "" });
    return [feature];
  });
}

function townOf(towns: VectorLayer, code: string): Feature | undefined {
  return towns.getSource()?.getFeatures().find((feature) => feature.get("code") === code);
}

function widened(extent: number[], factor: number): number[] {
  const [west = 0, south = 0, east = 0, north = 0] = extent;
  const [dx, dy] = [((east - west) * (factor - 1)) / 2, ((north - south) * (factor - 1)) / 2];
  return [west - dx, south - dy, east + dx, north + dy];
}
