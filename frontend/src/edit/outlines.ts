/**
 * The exact outlines of stored parcels in view, made into features in small portions.
 * Refuses to hold up the map: thousands of shapes are converted between frames, and only at scales where they tell.
 */

import Feature from "ol/Feature";
import MultiPolygon from "ol/geom/MultiPolygon";
import type OlMap from "ol/Map";
import type VectorSource from "ol/source/Vector";
import type { Convert } from "./convert";
import type { Scene, SceneParcel } from "./scene";
import type { SurveyShape } from "./types";

/** Mercator metres a pixel: a tile is 0.15 m fine, so from further away its outline is the same to the eye. */
const EXACT_FROM = 0.6;
/** Milliseconds of converting at a time: well below what a hand on the mouse notices. */
const PORTION_MS = 8;
const MOST_FEATURES = 12_000;

export function storedOutlines(source: VectorSource, convert: Convert, map: OlMap): (scene: Scene) => void {
  const made = new Map<string, { shape: SurveyShape; feature: Feature }>();
  /** What was converted once isn't again, although the view moved on before it was drawn. */
  const converted = new WeakMap<SurveyShape, Feature>();
  let running = 0;

  const forget = (code: string): void => {
    const known = made.get(code);
    if (known) source.removeFeature(known.feature);
    made.delete(code);
  };

  return (scene) => {
    running += 1;
    const run = running;
    const size = map.getSize();
    const resolution = map.getView().getResolution() ?? Infinity;
    if (!size || resolution > EXACT_FROM) {
      made.clear();
      source.clear(true);
      return;
    }
    const inView = scene.search(convert.boxFromScreen(map.getView().calculateExtent(size)));
    const stored = new Map(inView.filter(({ state }) => state === "stored").map((one) => [one.key, one]));
    const covered = scene.covered();
    for (const [code, { shape }] of [...made]) {
      const now = stored.get(code);
      if (covered.has(code) || (now && now.shape !== shape)) forget(code);
    }
    if (made.size > MOST_FEATURES) for (const code of [...made.keys()]) if (!stored.has(code)) forget(code);
    const waiting = [...stored.values()].filter(({ key }) => !made.has(key));

    const ready: SceneParcel[] = [];
    const portion = (): void => {
      if (run !== running) return;
      const until = performance.now() + PORTION_MS;
      while (waiting.length && performance.now() < until) {
        const one = waiting.pop() as SceneParcel;
        if (!converted.has(one.shape)) converted.set(one.shape, new Feature(new MultiPolygon(convert.shapeToScreen(one.shape))));
        ready.push(one);
      }
      if (waiting.length) return void window.setTimeout(portion);
      // The picture is drawn once, when all are there: each change would draw all of it again.
      const fresh = ready.map((one) => {
        const feature = converted.get(one.shape) as Feature;
        made.set(one.key, { shape: one.shape, feature });
        return feature;
      });
      if (fresh.length) source.addFeatures(fresh);
    };
    portion();
  };
}
