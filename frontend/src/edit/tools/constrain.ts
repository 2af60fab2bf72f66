/**
 * Where the next point comes to lie when a length or an angle was typed, or Shift asks for right angles.
 * Refuses to bend a snapped vertex: a typed figure is stronger than snapping, a free hand is weaker.
 */

import { bearing, distance, pointAt } from "../geometry";
import type { Point } from "../types";

export interface Typed {
  /** Metres. */
  length: number | null;
  /** Degrees clockwise from grid north. */
  angle: number | null;
}

export const NOTHING_TYPED: Typed = { length: null, angle: null };

export function isTyped(typed: Typed): boolean {
  return typed.length !== null || typed.angle !== null;
}

export function constrained(from: Point, towards: Point, typed: Typed, square: boolean, before: Point | null): Point {
  let angle = typed.angle ?? bearing(from, towards);
  if (typed.angle === null && square) angle = nearestSquare(angle, before ? bearing(before, from) : 0);
  const turned = typed.angle !== null || square;
  const along = turned
    ? distance(from, towards) * Math.cos(((bearing(from, towards) - angle) * Math.PI) / 180)
    : distance(from, towards);
  return pointAt(from, typed.length ?? Math.max(along, 0), angle);
}

/** The multiple of 90° from the edge before that lies nearest. */
function nearestSquare(angle: number, base: number): number {
  return (base + Math.round((angle - base) / 90) * 90 + 360) % 360;
}
