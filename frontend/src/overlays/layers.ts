/**
 * The business layers on the map: one tile layer each, made when it is first switched on, and always of the day shown.
 * Refuses to ask for a layer that nobody looks at.
 */

import type { FeatureLike } from "ol/Feature";
import VectorTileLayer from "ol/layer/VectorTile";
import type OlMap from "ol/Map";
import type VectorTileSource from "ol/source/VectorTile";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import { tileSource, tileUrl } from "../map/layers";
import { fillStyle } from "../map/patterns";
import type { OverlayId } from "../state";
import { OVERLAYS, overlay, type Overlay, type OverlayClass, type OverlayFacts } from "./looks";

export interface OverlayHit {
  overlay: Overlay;
  look: OverlayClass;
  facts: OverlayFacts;
}

export interface OverlayLayers {
  show(ids: readonly OverlayId[]): void;
  setDay(on: string): void;
  setVersion(version: string | number | null): void;
  /** Numbers of the cases of which a step is overdue on the day. */
  setOverdue(cases: ReadonlySet<string>): void;
  at(pixel: number[]): OverlayHit | null;
}

/** Metres a pixel: above this a piece is a few pixels, so that its edge has to carry it. */
const FAR = 24;

export function overlayLayers(map: OlMap, surface: HTMLElement, version: string | number | null): OverlayLayers {
  const made = new Map<OverlayId, { layer: VectorTileLayer; source: VectorTileSource }>();
  let overdue: ReadonlySet<string> = new Set();
  let day = "";
  let state = version;

  const url = (id: OverlayId): string => tileUrl(id, { on: day || null, v: state });
  const make = (one: Overlay): VectorTileLayer => {
    const source = tileSource(url(one.id));
    const layer = new VectorTileLayer({ source, zIndex: one.zIndex, renderMode: "vector", style: styleOf(one, () => overdue) });
    map.addLayer(layer);
    made.set(one.id, { layer, source });
    return layer;
  };
  const read = (): void => {
    for (const [id, { source }] of made) source.setUrl(url(id));
  };

  return {
    show(ids) {
      for (const one of OVERLAYS) {
        const on = ids.includes(one.id);
        const layer = made.get(one.id)?.layer ?? (on ? make(one) : null);
        layer?.setVisible(on);
      }
      surface.dataset["overlays"] = ids.join(",");
    },
    setDay(on) {
      if (on === day) return;
      day = on;
      read();
    },
    setVersion(next) {
      if (next === state) return;
      state = next;
      read();
    },
    setOverdue(cases) {
      overdue = cases;
      made.get("idle-cases")?.layer.changed();
    },
    at(pixel) {
      const byLayer = new Map([...made].map(([id, { layer }]) => [layer as unknown, id]));
      let hit: OverlayHit | null = null;
      map.forEachFeatureAtPixel(
        pixel,
        (feature, layer) => {
          const one = overlay(byLayer.get(layer) as OverlayId);
          const facts = feature.getProperties() as OverlayFacts;
          hit = { overlay: one, look: one.classOf(facts, overdue), facts };
          return true;
        },
        { layerFilter: (layer) => byLayer.has(layer) && layer.getVisible(), hitTolerance: 2 },
      );
      return hit;
    },
  };
}

function styleOf(one: Overlay, overdue: () => ReadonlySet<string>): (feature: FeatureLike, resolution: number) => Style[] {
  const made = new Map<string, Style[]>();
  return (feature, resolution) => {
    const look = one.classOf(feature.getProperties() as OverlayFacts, overdue());
    const key = `${look.key}|${resolution > FAR ? "far" : "near"}`;
    const styles = made.get(key) ?? drawn(look, resolution > FAR);
    made.set(key, styles);
    return styles;
  };
}

/** A pale halo keeps the edge apart from any fill beneath. */
function drawn(look: OverlayClass, far: boolean): Style[] {
  if (far) {
    const stroke = new Stroke({ color: look.stroke, width: look.width + 1.5, lineJoin: "round" });
    return [new Style({ fill: new Fill({ color: look.stroke }), stroke })];
  }
  return [
    new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.85)", width: look.width + 2.4, lineJoin: "round" }) }),
    new Style({
      fill: new Fill({ color: fillStyle(look) }),
      stroke: new Stroke({ color: look.stroke, width: look.width, lineDash: look.dash, lineJoin: "round" }),
    }),
  ];
}
