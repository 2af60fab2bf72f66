/**
 * Small pictures of survey shapes, north up, several at one scale, with what differs between two of them.
 * Refuses to measure: it draws what it is given.
 */

import type { SurveyShape } from "../types";

export type Extent = [minE: number, minN: number, maxE: number, maxN: number];

export interface PictureLayer {
  shapes: readonly SurveyShape[];
  /** Styled by the sheet: "is-mine", "is-theirs", "is-base". */
  look: string;
  /** Only what lies outside these shapes is drawn: the difference. */
  without?: readonly SurveyShape[];
  vertices?: boolean;
}

const NS = "http://www.w3.org/2000/svg";
const MARGIN = 10;
let made = 0;

export function extentOf(shapes: readonly SurveyShape[]): Extent | null {
  const points = shapes.flatMap((shape) => shape.coordinates.flat(2));
  if (!points.length) return null;
  const extent: Extent = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [e, n] of points) {
    extent[0] = Math.min(extent[0], e);
    extent[1] = Math.min(extent[1], n);
    extent[2] = Math.max(extent[2], e);
    extent[3] = Math.max(extent[3], n);
  }
  return extent;
}

export function shapePicture(layers: readonly PictureLayer[], label: string, width = 320, height = 240, extent?: Extent | null): SVGSVGElement {
  const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, class: "shape-picture", role: "img", "aria-label": label }) as SVGSVGElement;
  const frame = extent ?? extentOf(layers.flatMap((layer) => layer.shapes));
  if (!frame) return svg;
  const place = placer(frame, width, height);
  for (const layer of layers) {
    const path = node("path", { d: pathOf(layer.shapes, place), class: `shape ${layer.look}`, "fill-rule": "evenodd" });
    if (layer.without) {
      const id = `picture-${(made += 1)}`;
      const mask = node("mask", { id, maskUnits: "userSpaceOnUse", x: 0, y: 0, width, height });
      mask.append(
        node("rect", { width, height, fill: "#fff" }),
        node("path", { d: pathOf(layer.without, place), fill: "#000", "fill-rule": "evenodd" }),
      );
      svg.append(mask);
      path.setAttribute("mask", `url(#${id})`);
    }
    svg.append(path);
    if (layer.vertices) {
      for (const [e, n] of layer.shapes.flatMap((shape) => shape.coordinates.flatMap((rings) => rings.flatMap((ring) => ring.slice(1))))) {
        const [x, y] = place(e, n);
        svg.append(node("circle", { cx: x, cy: y, r: 2, class: `vertex ${layer.look}` }));
      }
    }
  }
  return svg;
}

type Place = (e: number, n: number) => [x: string, y: string];

function placer([minE, minN, maxE, maxN]: Extent, width: number, height: number): Place {
  const scale = Math.min((width - 2 * MARGIN) / Math.max(maxE - minE, 0.01), (height - 2 * MARGIN) / Math.max(maxN - minN, 0.01));
  const [dx, dy] = [(width - (maxE - minE) * scale) / 2, (height - (maxN - minN) * scale) / 2];
  return (e, n) => [(dx + (e - minE) * scale).toFixed(2), (height - dy - (n - minN) * scale).toFixed(2)];
}

function pathOf(shapes: readonly SurveyShape[], place: Place): string {
  const rings = shapes.flatMap((shape) => shape.coordinates.flat());
  return rings.map((ring) => `M${ring.map(([e, n]) => place(e, n).join(" ")).join("L")}Z`).join("");
}

function node(tag: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}
