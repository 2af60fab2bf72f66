/**
 * How the editing layers look: state and severity by outline and pattern as much as by colour.
 * Refuses colour alone: what is new, changed, ended or wrong can be told apart in grey as well.
 */

import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import RegularShape from "ol/style/RegularShape";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { fillStyle } from "../map/patterns";
import { FONT, INK } from "../map/styles";
import type { SnapKind } from "./snap";
import type { PointLook, SketchLook } from "./tools/tool";
import type { WorkingParcel } from "./types";

const BLUE = "#0b62b8";
const RED = "#c02717";
const AMBER = "#9a5a00";
const GREEN = "#11734b";
const VIOLET = "#6b3fa0";

const casing = (width: number): Style =>
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.92)", width, lineJoin: "round" }) });

function area(stroke: string, fill: string, width = 2, lineDash?: number[]): Style[] {
  return [
    casing(width + 2.5),
    new Style({
      fill: new Fill({ color: fill }),
      stroke: new Stroke({ color: stroke, width, lineJoin: "round", ...(lineDash ? { lineDash } : {}) }),
    }),
  ];
}

/** The exact outlines of stored parcels: one style for thousands. */
export const STORED = new Style({ stroke: new Stroke({ color: "rgba(61,75,87,.72)", width: 1 }) });

export const GHOST = new Style({
  fill: new Fill({ color: fillStyle({ fill: "rgba(255,255,255,.55)", pattern: "back", ink: "rgba(102,114,125,.45)" }) }),
  stroke: new Stroke({ color: "#66727d", width: 1.2, lineDash: [3, 4] }),
});

export const WORKING: Record<WorkingParcel["state"], Style[]> = {
  new: area(GREEN, "rgba(17,115,75,.16)", 2.2),
  changed: area(BLUE, "rgba(11,98,184,.14)", 2.2),
  restored: area(GREEN, "rgba(17,115,75,.10)", 2, [10, 4]),
  densified: [new Style({ stroke: new Stroke({ color: VIOLET, width: 1.6, lineDash: [2, 4] }) })],
  ended: [GHOST],
};

export const ACTIVE: Style[] = [casing(6.5), new Style({ stroke: new Stroke({ color: INK, width: 3, lineJoin: "round" }) })];
export const PICKED: Style[] = [
  casing(6),
  new Style({
    fill: new Fill({ color: "rgba(20,34,46,.12)" }),
    stroke: new Stroke({ color: INK, width: 2.4, lineDash: [8, 4] }),
  }),
];

export const VERTEX = new Style({
  image: new RegularShape({
    points: 4,
    radius: 5,
    angle: Math.PI / 4,
    fill: new Fill({ color: "#fff" }),
    stroke: new Stroke({ color: INK, width: 1.5 }),
  }),
});

export const ERROR_AREA: Style[] = [
  new Style({
    fill: new Fill({ color: fillStyle({ fill: "rgba(192,39,23,.14)", pattern: "cross", ink: "rgba(192,39,23,.8)" }) }),
    stroke: new Stroke({ color: RED, width: 2.4 }),
  }),
];
export const WARNING_AREA: Style[] = [
  new Style({
    fill: new Fill({ color: fillStyle({ fill: "rgba(214,140,20,.12)", pattern: "dots", ink: "rgba(154,90,0,.85)" }) }),
    stroke: new Stroke({ color: AMBER, width: 2, lineDash: [6, 4] }),
  }),
];
/** An error is a cross in a square, a warning a triangle. */
export const ERROR_POINT: Style[] = [
  new Style({
    image: new RegularShape({ points: 4, radius: 9, angle: Math.PI / 4, fill: new Fill({ color: RED }), stroke: new Stroke({ color: "#fff", width: 1.5 }) }),
  }),
  new Style({ image: new RegularShape({ points: 4, radius: 6, radius2: 0, stroke: new Stroke({ color: "#fff", width: 2 }) }) }),
];
export const WARNING_POINT = new Style({
  image: new RegularShape({ points: 3, radius: 9, fill: new Fill({ color: "#f0a832" }), stroke: new Stroke({ color: "#5a3500", width: 1.5 }) }),
});

export const SKETCHES: Record<SketchLook, Style[]> = {
  draw: area(BLUE, "rgba(11,98,184,.14)", 2, [8, 4]),
  bad: area(RED, "rgba(192,39,23,.24)", 3),
  moved: area(BLUE, "rgba(11,98,184,.18)", 2.2),
  hover: [
    new Style({ fill: new Fill({ color: "rgba(11,98,184,.10)" }), stroke: new Stroke({ color: BLUE, width: 2 }) }),
  ],
  cut: [casing(5), new Style({ stroke: new Stroke({ color: VIOLET, width: 2.6, lineDash: [12, 5] }) })],
  guide: [new Style({ stroke: new Stroke({ color: "rgba(20,34,46,.6)", width: 1, lineDash: [2, 4] }) })],
  input: area(VIOLET, "rgba(107,63,160,.16)", 2.6),
};

const dot = (radius: number, fill: string, stroke: string, width = 2): Style =>
  new Style({ image: new CircleStyle({ radius, fill: new Fill({ color: fill }), stroke: new Stroke({ color: stroke, width }) }) });

export const POINTS: Record<PointLook, Style> = {
  vertex: dot(4, "#fff", BLUE),
  first: dot(6, "#fff", BLUE, 2.5),
  focus: dot(7, BLUE, "#fff", 2.5),
  bad: dot(9, "rgba(192,39,23,.35)", RED, 3),
};

const open = (points: number, radius: number, angle: number, radius2?: number): Style[] =>
  ["rgba(255,255,255,.95)", VIOLET].map(
    (color, at) =>
      new Style({
        image: new RegularShape({
          points,
          radius,
          angle,
          ...(radius2 === undefined ? {} : { radius2 }),
          stroke: new Stroke({ color, width: at === 0 ? 4.5 : 2.2 }),
        }),
      }),
  );

/** A square holds a vertex, a circle an edge, a cross a crossing, a triangle a right angle. */
export const SNAPS: Record<SnapKind, Style[]> = {
  vertex: open(4, 10, Math.PI / 4),
  edge: [dot(7, "rgba(255,255,255,.3)", "rgba(255,255,255,.95)", 4.5), dot(7, "rgba(255,255,255,.01)", VIOLET, 2.2)],
  crossing: open(4, 10, Math.PI / 4, 0),
  foot: open(3, 10, 0),
};

export function label(text: string, colour = INK): Style {
  return new Style({
    text: new Text({
      text,
      font: `600 12px ${FONT}`,
      fill: new Fill({ color: colour }),
      stroke: new Stroke({ color: "rgba(255,255,255,.92)", width: 3.5 }),
      // A narrow new parcel without its number would be nobody's.
      overflow: true,
    }),
  });
}

export function editorFlag(text: string): Style {
  return new Style({
    text: new Text({
      text,
      font: `600 12px ${FONT}`,
      padding: [3, 6, 2, 6],
      // Above the parcel's own label.
      offsetY: -30,
      fill: new Fill({ color: "#fff" }),
      backgroundFill: new Fill({ color: "rgba(107,63,160,.94)" }),
      overflow: true,
    }),
  });
}

export const CROSSHAIR: Style[] = open(4, 12, 0, 0);
