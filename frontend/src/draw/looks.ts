/** How the drawing and what lies beside it look. Refuses colour alone: each kind has its own line. */

import type { FeatureLike } from "ol/Feature";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { fillStyle } from "../map/patterns";
import { ACCENT, FONT, INK, PLATFORM_LINE, TOWN_LINE } from "../map/styles";

export const PARCEL = new Style({
  fill: new Fill({ color: "#f4f6f7" }),
  stroke: new Stroke({ color: "#94a1ac", width: 1 }),
});

/** A town or a platform by the tile's word for it. */
export const districtStyle = (feature: FeatureLike): Style => (feature.get("kind") === "platform" ? PLATFORM_LINE : TOWN_LINE);

export const DRAWN = [
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 5, lineJoin: "round" }) }),
  new Style({
    fill: new Fill({ color: "rgba(11,107,203,.18)" }),
    stroke: new Stroke({ color: ACCENT, width: 2.4, lineJoin: "round" }),
  }),
];

export const SKETCH = [
  new Style({
    fill: new Fill({ color: "rgba(11,107,203,.10)" }),
    stroke: new Stroke({ color: ACCENT, width: 2, lineDash: [8, 5] }),
    image: new CircleStyle({ radius: 5, fill: new Fill({ color: "#fff" }), stroke: new Stroke({ color: ACCENT, width: 2 }) }),
  }),
];

/** `ground` is what may be drawn in, `held` is taken by somebody else. */
export function guideStyle(feature: FeatureLike, resolution: number): Style {
  const held = feature.get("kind") === "held";
  const label = resolution < 4 ? String(feature.get("label") ?? "") : "";
  return new Style({
    fill: new Fill({
      color: held ? fillStyle({ fill: "rgba(138,82,0,.10)", pattern: "diagonal", ink: "#8a5200" }) : "rgba(20,34,46,.03)",
    }),
    stroke: new Stroke({ color: held ? "#8a5200" : INK, width: held ? 1.4 : 2, lineDash: held ? [] : [10, 5] }),
    text: new Text({ text: label, font: `12px ${FONT}`, fill: new Fill({ color: INK }), stroke: new Stroke({ color: "#fff", width: 3 }) }),
  });
}
