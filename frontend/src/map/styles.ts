/**
 * How features look at each scale: fills from the theme, crisp outlines, dimming, highlight, labels.
 * Refuses to style by anything that the legend doesn't show.
 */

import type { FeatureLike } from "ol/Feature";
import { getCenter, getHeight, getWidth } from "ol/extent";
import type Geometry from "ol/geom/Geometry";
import Point from "ol/geom/Point";
import CircleStyle from "ol/style/Circle";
import Fill from "ol/style/Fill";
import Stroke from "ol/style/Stroke";
import Style from "ol/style/Style";
import Text from "ol/style/Text";
import { mu, number, shortCode } from "../format";
import { t } from "../i18n";
import { matches, type TileProperties } from "../filters";
import type { Filters, ThemeId } from "../state";
import { isPale, mix, type TaxClasses, type Theme, type ThemeClass } from "../themes";
import { mostlyInTile } from "./labels";
import { fillStyle } from "./patterns";

export const INK = "#14222e";
export const ACCENT = "#0b6bcb";
export const CONTROL = "#8a2f7d";
export const TOWN = "#6c7782";
export const PLATFORM = "#8f4a0c";
export const COUNTY = "#3d4852";
export const PAPER = "#fdfdfb";
export const OUTSIDE = "#eceff1";

/** "Noto Sans CJK SC" and others, as the page has it. */
export const FONT = '"PingFang SC","Microsoft YaHei UI","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif';

export interface ParcelLook {
  theme: Theme;
  filters: Filters;
  taxClasses: TaxClasses;
  /** Parcels that the server found for a text filter, or null. */
  codes: ReadonlySet<string> | null;
  /** Parcels that are drawn elsewhere: a draft of theirs lies over the tiles. */
  hidden?: ReadonlySet<string>;
  labels: boolean;
}

type StyleOf = (feature: FeatureLike, resolution: number) => Style | Style[] | undefined;

const DIMMED = new Style({ fill: new Fill({ color: "rgba(236,239,241,.75)" }), zIndex: 0 });
const DIMMED_EDGE = new Style({ stroke: new Stroke({ color: "#d3d9de", width: 0.6 }), zIndex: 0 });

/** Metres a pixel: below this, single parcels are drawn with their own outline. */
const OUTLINE_FROM = 24;
/** Above this a hovered row gets a ring: its shape is a few pixels, or part of a group. */
const PIN_FROM = 15;
const LABEL_FROM = 2.6;
const FIGURE_FROM = 1.3;

/** Fills, and from afar an edge of the same colour, darkened where it would be lost on the paper: a parcel of two pixels would vanish otherwise. */
export function parcelFill(look: ParcelLook): StyleOf {
  return byClass(look, DIMMED, (theClass, resolution) => {
    const style = new Style({ fill: new Fill({ color: fillStyle(theClass) }), zIndex: 1 });
    if (resolution >= OUTLINE_FROM) {
      const edge = isPale(theClass.fill) ? mix(theClass.fill, theClass.stroke, 0.4) : theClass.fill;
      style.setStroke(new Stroke({ color: edge, width: 1.2 }));
    }
    return style;
  });
}

/** Outlines apart from fills: these are drawn at the screen's own resolution, those as tiles without seams. */
export function parcelEdge(look: ParcelLook): StyleOf {
  const edges = byClass(look, DIMMED_EDGE, (theClass, resolution) => {
    const width = Math.min(1.4, Math.max(0.6, 6 / resolution));
    return new Style({ stroke: new Stroke({ color: theClass.stroke, width, lineJoin: "round" }), zIndex: 1 });
  });
  return (feature, resolution) => (resolution < OUTLINE_FROM ? edges(feature, resolution) : undefined);
}

/** One style object a class and scale, not one a feature. */
function byClass(look: ParcelLook, dimmed: Style, make: (theClass: ThemeClass, resolution: number) => Style): StyleOf {
  const made = new Map<string, Style>();
  return (feature, resolution) => {
    const facts = feature.getProperties() as TileProperties;
    if (facts.code !== undefined && look.hidden?.has(facts.code)) return undefined;
    if (!matches(facts, look.filters, look.taxClasses, look.codes)) return dimmed;
    const theClass = look.theme.classOf(facts);
    const key = `${theClass.key}|${resolution < OUTLINE_FROM ? Math.round(Math.log2(resolution)) : "far"}`;
    const style = made.get(key) ?? make(theClass, resolution);
    made.set(key, style);
    return style;
  };
}

/** Names beside the shapes: the end of the code, then the theme's figure when there is room for it. */
export function labelStyle(look: ParcelLook): StyleOf {
  return (feature, resolution) => {
    if (!look.labels || resolution > LABEL_FROM) return undefined;
    const facts = feature.getProperties() as TileProperties;
    if (!facts.code || look.hidden?.has(facts.code) || !mostlyInTile(feature, facts.area_mu)) return undefined;
    if (!matches(facts, look.filters, look.taxClasses, look.codes)) return undefined;
    const lines = [shortCode(facts.code)];
    if (resolution <= FIGURE_FROM) lines.push(figure(look.theme.id, facts));
    return new Style({
      text: new Text({
        text: lines.filter(Boolean).join("\n"),
        font: `${resolution <= FIGURE_FROM ? 12 : 11}px ${FONT}`,
        fill: new Fill({ color: INK }),
        stroke: new Stroke({ color: "rgba(255,255,255,.88)", width: 3 }),
        overflow: false,
      }),
    });
  };
}

function figure(theme: ThemeId, facts: TileProperties): string {
  if (theme === "tax" && typeof facts.tax_per_mu === "number") {
    return `${number(facts.tax_per_mu, 1)} ${t("unit.wan_per_mu")}`;
  }
  return facts.area_mu === undefined ? "" : `${mu(facts.area_mu)} ${t("unit.mu")}`;
}

/** The shape under the pointer or under the list's row. */
export function hoverStyle(code: () => string): StyleOf {
  const styles = [
    new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 6, lineJoin: "round" }), zIndex: 2 }),
    new Style({
      fill: new Fill({ color: "rgba(11,107,203,.16)" }),
      stroke: new Stroke({ color: ACCENT, width: 2.4, lineJoin: "round" }),
      zIndex: 3,
    }),
  ];
  return (feature) => (code() !== "" && feature.get("code") === code() ? styles : undefined);
}

/** The chosen parcel, in its exact geometry; from afar a ring marks where it is. */
export function selectedStyle(feature: FeatureLike, resolution: number): Style[] {
  const extent = feature.getGeometry()?.getExtent();
  return extent && Math.max(getWidth(extent), getHeight(extent)) / resolution < 14
    ? [...SELECTED, ring(INK, (shape) => new Point(getCenter(shape.getExtent())))]
    : SELECTED;
}

const SELECTED: Style[] = [
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 8, lineJoin: "round" }) }),
  new Style({
    fill: new Fill({ color: "rgba(20,34,46,.06)" }),
    stroke: new Stroke({ color: INK, width: 3, lineJoin: "round" }),
  }),
];

/** Dashed, so that it is told apart from the chosen shape below it without colour. */
export const OUTLINE_STYLES: Style[] = [
  new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 6, lineJoin: "round" }) }),
  new Style({
    fill: new Fill({ color: "rgba(11,107,203,.14)" }),
    stroke: new Stroke({ color: ACCENT, width: 2.4, lineDash: [7, 5], lineJoin: "round" }),
  }),
];

export function pinStyle(_: FeatureLike, resolution: number): Style | undefined {
  return resolution > PIN_FROM ? ring(ACCENT) : undefined;
}

const FOUND = new Style({
  image: new CircleStyle({
    radius: 4,
    fill: new Fill({ color: ACCENT }),
    stroke: new Stroke({ color: "#fff", width: 1.5 }),
  }),
});

export function foundStyle(_: FeatureLike, resolution: number): Style | undefined {
  return resolution > PIN_FROM ? FOUND : undefined;
}

function ring(colour: string, where?: (shape: Geometry) => Geometry): Style {
  const style = new Style({
    image: new CircleStyle({
      radius: 11,
      stroke: new Stroke({ color: colour, width: 3 }),
      fill: new Fill({ color: "rgba(255,255,255,.35)" }),
    }),
  });
  if (where) style.setGeometry((feature) => where(feature.getGeometry() as Geometry));
  return style;
}

/** A soft band carries the line over any fill; the dashes differ by level. */
export function controlStyle(): StyleOf {
  const halo = new Style({ stroke: new Stroke({ color: "rgba(255,255,255,.85)", width: 5, lineJoin: "round" }) });
  const band = new Style({
    fill: new Fill({ color: "rgba(138,47,125,.035)" }),
    stroke: new Stroke({ color: "rgba(138,47,125,.16)", width: 6, lineJoin: "round" }),
  });
  const first = new Style({ stroke: new Stroke({ color: CONTROL, width: 1.6, lineDash: [9, 4] }) });
  const second = new Style({ stroke: new Stroke({ color: CONTROL, width: 1.3, lineDash: [2.5, 3.5] }) });
  // Over a county a dashed line would hide the parcels that it runs round.
  const far = [new Style({ stroke: new Stroke({ color: "rgba(138,47,125,.38)", width: 0.8 }) })];
  return (feature, resolution) => {
    const line = feature.get("level") === "二级" ? second : first;
    return resolution > 40 ? far : [halo, band, line];
  };
}

export const TOWN_LINE = new Style({ stroke: new Stroke({ color: TOWN, width: 1, lineDash: [7, 4, 1.5, 4] }) });
export const PLATFORM_LINE = new Style({
  stroke: new Stroke({ color: PLATFORM, width: 1.6, lineDash: [2, 3] }),
  fill: new Fill({ color: "rgba(143,74,12,.05)" }),
});

export const townStyle = (): StyleOf => named(TOWN_LINE, "#4a5560", 6);
export const platformStyle = (): StyleOf => named(PLATFORM_LINE, PLATFORM, 1.5);

/** An outline with its name, down to the resolution at which the name would be all that is seen. */
function named(line: Style, ink: string, finest: number): StyleOf {
  return (feature, resolution) => {
    // What a platform is stands below its name where there is room.
    const below = resolution > 30 ? "" : String(feature.get("type") ?? "");
    const name = [String(feature.get("name") ?? ""), below].filter(Boolean).join("\n");
    const label = new Style({
      text: new Text({
        text: name,
        font: `600 ${resolution > 60 ? 11 : resolution > 30 ? 12 : 14}px ${FONT}`,
        fill: new Fill({ color: ink }),
        stroke: new Stroke({ color: "rgba(255,255,255,.9)", width: 4 }),
        overflow: true,
      }),
      zIndex: 5,
    });
    return resolution < finest ? [line] : [line, label];
  };
}

export const COUNTY_STYLES: Style[] = [
  new Style({ stroke: new Stroke({ color: "rgba(61,72,82,.14)", width: 9, lineJoin: "round" }) }),
  new Style({ stroke: new Stroke({ color: COUNTY, width: 1.6, lineDash: [10, 4, 2, 4], lineJoin: "round" }) }),
];
