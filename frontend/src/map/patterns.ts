/** Hatches for fills, drawn once and kept. Refuses to differ between map and legend: both draw from here. */

import type { Pattern } from "../themes";

export interface PatternFill {
  fill: string;
  pattern: Pattern;
  ink: string;
}

const SIZE = 8;
const kept = new Map<string, CanvasPattern | string>();

/** What a canvas takes as fill style at this pixel ratio. */
export function fillStyle(look: PatternFill, ratio = window.devicePixelRatio || 1): CanvasPattern | string {
  if (look.pattern === "none") return look.fill;
  const key = `${look.fill}|${look.pattern}|${look.ink}|${ratio}`;
  const known = kept.get(key);
  if (known) return known;
  const made = draw(look, ratio) ?? look.fill;
  kept.set(key, made);
  return made;
}

function draw(look: PatternFill, ratio: number): CanvasPattern | null {
  const size = Math.round(SIZE * ratio);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.fillStyle = look.fill;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = context.fillStyle = look.ink;
  context.lineWidth = 1.4 * ratio;
  strokes(context, look.pattern, size, ratio);
  return context.createPattern(canvas, "repeat");
}

function strokes(context: CanvasRenderingContext2D, pattern: Pattern, size: number, ratio: number): void {
  const line = (x1: number, y1: number, x2: number, y2: number): void => {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  };
  const half = size / 2;
  if (pattern === "diagonal" || pattern === "cross") {
    for (const shift of [-size, 0, size]) line(shift - 1, size + 1, shift + size + 1, -1);
  }
  if (pattern === "back" || pattern === "cross") {
    for (const shift of [-size, 0, size]) line(shift - 1, -1, shift + size + 1, size + 1);
  }
  if (pattern === "level") line(0, half, size, half);
  if (pattern === "dots") {
    for (const [x, y] of [
      [half / 2, half / 2],
      [half * 1.5, half * 1.5],
    ] as const) {
      context.beginPath();
      context.arc(x, y, 1.1 * ratio, 0, Math.PI * 2);
      context.fill();
    }
  }
}
