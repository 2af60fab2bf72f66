/**
 * The editing layers, drawn from the model: stored outlines, working shapes, ghosts, findings, sketch, snap mark.
 * Refuses to be read back: no coordinate on the screen ever becomes one of the register's.
 */

import Feature from "ol/Feature";
import type Geometry from "ol/geom/Geometry";
import LineString from "ol/geom/LineString";
import MultiPoint from "ol/geom/MultiPoint";
import MultiPolygon from "ol/geom/MultiPolygon";
import OlPoint from "ol/geom/Point";
import Polygon from "ol/geom/Polygon";
import VectorLayer from "ol/layer/Vector";
import VectorImageLayer from "ol/layer/VectorImage";
import type OlMap from "ol/Map";
import VectorSource from "ol/source/Vector";
import type Style from "ol/style/Style";
import { number } from "../format";
import { t } from "../i18n";
import type { OtherEditor } from "./api";
import type { Convert } from "./convert";
import { labelPoint, toMu } from "./geometry";
import * as looks from "./looks";
import type { Scene } from "./scene";
import type { SessionState } from "./slots";
import type { Snap } from "./snap";
import type { Sketch } from "./tools/tool";
import type { Finding, Point, SurveyShape } from "./types";
import { storedOutlines } from "./outlines";
import { verticesOf } from "./vertices";
import { parcelName } from "./words";

export interface EditLayers {
  /** The model changed: working shapes, ghosts, findings, the chosen ones. */
  draw(state: SessionState, scene: Scene): void;
  /** Outlines of the stored parcels in view; cheap when nothing new came into it. */
  drawStored(scene: Scene): void;
  sketch(sketch: Sketch, snap: Snap | null, crosshair: Point | null): void;
  /** Shapes of a dialog: what was read from a file, their version in a conflict. */
  show(shapes: readonly SurveyShape[]): void;
  flash(finding: Finding): void;
  vertices(on: boolean): void;
  remove(): void;
}

/** More vertices than this in view aren't drawn one by one. */
const MOST_VERTICES = 1500;

export function editLayers(map: OlMap, convert: Convert): EditLayers {
  const source = (): VectorSource => new VectorSource({ useSpatialIndex: false });
  const stored = new VectorSource();
  const layers = {
    stored: new VectorImageLayer({ source: stored, zIndex: 25, style: looks.STORED, imageRatio: 1.4 }),
    ghosts: new VectorLayer({ source: source(), zIndex: 26, style: looks.GHOST }),
    working: new VectorLayer({
      source: source(),
      zIndex: 27,
      declutter: "working",
      updateWhileAnimating: true,
      updateWhileInteracting: true,
    }),
    findings: new VectorLayer({ source: source(), zIndex: 37 }),
    chosen: new VectorLayer({ source: source(), zIndex: 41 }),
    input: new VectorLayer({ source: source(), zIndex: 43, style: looks.SKETCHES.input }),
    sketch: new VectorLayer({ source: source(), zIndex: 47, updateWhileAnimating: true, updateWhileInteracting: true }),
  };
  const all = Object.values(layers);
  all.forEach((layer) => map.addLayer(layer));
  const outlines = storedOutlines(stored, convert, map);
  let withVertices = false;
  let last: { state: SessionState; scene: Scene } | null = null;

  const fill = (layer: VectorLayer, features: Feature[]): void => {
    const into = layer.getSource();
    into?.clear(true);
    into?.addFeatures(features);
  };
  const shaped = (shape: SurveyShape, style: Style | Style[]): Feature =>
    styled(new MultiPolygon(convert.shapeToScreen(shape)), style);
  const pointed = (at: Point, style: Style | Style[]): Feature => styled(new OlPoint(convert.toScreen(at)), style);

  const chosen = (state: SessionState, scene: Scene): Feature[] => {
    const found = [...new Set([...state.picked, ...(state.active ? [state.active] : [])])].flatMap((key) => {
      const one = scene.get(key);
      if (!one) return [];
      return [shaped(one.shape, key === state.active ? looks.ACTIVE : looks.PICKED)];
    });
    const active = state.active ? scene.get(state.active) : undefined;
    if (active && withVertices) {
      const vertices = verticesOf(active.shape);
      if (vertices.length <= MOST_VERTICES) found.push(styled(new MultiPoint(vertices.map(convert.toScreen)), looks.VERTEX));
    }
    return found;
  };

  return {
    draw(state, scene) {
      last = { state, scene };
      const drawn = state.parcels.filter((one) => one.geometry && one.state !== "ended");
      fill(layers.ghosts, scene.ghosts().map(({ shape }) => shaped(shape, looks.GHOST)));
      fill(
        layers.working,
        drawn.map((one) => {
          const text = `${parcelName(one.key, () => one.code)}\n${number(toMu(one.planar_area_m2), 3)} ${t("unit.mu")}`;
          const style = looks.WORKING[one.state];
          // What only got a vertex keeps the tile's fill and label.
          return shaped(one.geometry as SurveyShape, one.state === "densified" ? style : [...style, looks.label(text)]);
        }),
      );
      fill(layers.findings, [
        ...state.findings.flatMap((finding) => findingFeatures(finding, convert)),
        ...flags(state.others, scene, pointed),
      ]);
      fill(layers.chosen, chosen(state, scene));
    },
    drawStored: outlines,
    sketch(sketch, snap, crosshair) {
      fill(layers.sketch, [
        ...(sketch.areas ?? []).map(({ shape, look }) => shaped(shape, looks.SKETCHES[look])),
        ...(sketch.lines ?? []).map(({ points, look }) =>
          styled(new LineString(points.map((point) => convert.toScreen(point))), looks.SKETCHES[look]),
        ),
        ...(sketch.points ?? []).map(({ at, look }) => pointed(at, looks.POINTS[look])),
        ...(sketch.labels ?? []).map(({ at, text }) => pointed(at, looks.label(text))),
        ...(snap ? [pointed(snap.at, looks.SNAPS[snap.kind])] : []),
        ...(crosshair ? [pointed(crosshair, looks.CROSSHAIR)] : []),
      ]);
    },
    show: (shapes) => fill(layers.input, shapes.map((shape) => shaped(shape, looks.SKETCHES.input))),
    flash(finding) {
      const features = findingFeatures(finding, convert);
      fill(layers.input, features);
      window.setTimeout(() => layers.input.getSource()?.clear(), 1400);
    },
    vertices(on) {
      withVertices = on;
      if (last) fill(layers.chosen, chosen(last.state, last.scene));
    },
    remove: () => all.forEach((layer) => map.removeLayer(layer)),
  };
}

function styled(geometry: Geometry, style: Style | Style[]): Feature {
  const feature = new Feature(geometry);
  feature.setStyle(style);
  return feature;
}

function findingFeatures(finding: Finding, convert: Convert): Feature[] {
  const error = finding.severity === "error";
  const shape = finding.geometry && geometryOf(finding.geometry, convert);
  const at = finding.at;
  return [
    ...(shape ? [styled(shape, error ? looks.ERROR_AREA : looks.WARNING_AREA)] : []),
    ...(at ? [styled(new OlPoint(convert.toScreen(at)), error ? looks.ERROR_POINT : looks.WARNING_POINT)] : []),
  ];
}

/** Findings lie in points, lines or areas; what can't be drawn stays a line in the panel. */
function geometryOf(geometry: NonNullable<Finding["geometry"]>, convert: Convert): Geometry | null {
  const { type, coordinates } = geometry;
  if (type === "Point") return new OlPoint(convert.toScreen(coordinates as Point));
  if (type === "LineString") return new LineString((coordinates as Point[]).map(convert.toScreen));
  if (type === "Polygon") return new Polygon((coordinates as Point[][]).map((ring) => ring.map(convert.toScreen)));
  if (type === "MultiPolygon") return new MultiPolygon(convert.shapeToScreen(geometry as SurveyShape));
  return null;
}

/** Who else is working on a parcel in sight. */
function flags(others: readonly OtherEditor[], scene: Scene, pointed: (at: Point, style: Style) => Feature): Feature[] {
  return others.flatMap(({ parcel, name }) => {
    const one = scene.get(parcel);
    const at = one && labelPoint(one.shape);
    return at ? [pointed(at, looks.editorFlag(name))] : [];
  });
}
