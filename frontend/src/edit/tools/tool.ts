/**
 * What a tool is: it hears the pointer and the keys while it is in hand, and says what to draw of its sketch.
 * Refuses to draw or to ask the server itself: it returns a sketch and hands operations to the session.
 */

import type { Key } from "../../i18n";
import type { IconName } from "../../ui/icons";
import type { Scene } from "../scene";
import type { CoreSession } from "../session";
import type { Snap, SnapAsk } from "../snap";
import type { ParcelKey, Point, SurveyShape } from "../types";

export type EditToolId =
  | "pick"
  | "draw"
  | "vertices"
  | "boundary"
  | "split"
  | "merge"
  | "subdivide"
  | "hole"
  | "measure"
  | "adjust";

/** Where the hand is: on the screen, in survey coordinates as it points, and where a vertex would come to lie. */
export interface Pointer {
  pixel: [x: number, y: number];
  raw: Point;
  at: Point;
  snap: Snap | null;
  shift: boolean;
  /** Survey metres that a hand's reach on the screen holds (12 pixels). */
  reach: number;
}

export type SketchLook = "draw" | "bad" | "moved" | "hover" | "cut" | "guide" | "input";
export type PointLook = "vertex" | "focus" | "first" | "bad";

export interface Sketch {
  areas?: { shape: SurveyShape; look: SketchLook }[];
  lines?: { points: readonly Point[]; look: SketchLook }[];
  points?: { at: Point; look: PointLook }[];
  labels?: { at: Point; text: string }[];
}

export interface Tool {
  hint(): string;
  /** Fields of the tool, beside the hint. */
  options?(): HTMLElement | null;
  move?(pointer: Pointer): void;
  /** True takes the drag: the map stays where it is. */
  down?(pointer: Pointer): boolean;
  drag?(pointer: Pointer): void;
  up?(pointer: Pointer): void;
  click?(pointer: Pointer): void;
  double?(pointer: Pointer): void;
  /** Enter, the right button. */
  finish?(more: boolean): void;
  /** True when the key was the tool's. */
  key?(event: KeyboardEvent): boolean;
  /** True when there was a point to take back or to bring back; else the session's step is undone. */
  undo?(): boolean;
  redo?(): boolean;
  /** Esc: true when something in hand was dropped, false when the tool itself is to be put away. */
  drop(): boolean;
  sketch(pointer: Pointer | null): Sketch;
  /** What snapping should know; null switches it off. */
  snapping(): Partial<SnapAsk> | null;
  readout?(pointer: Pointer): string[];
  /** The point from which a typed length and angle count; null when none can be typed now. */
  from?(): Point | null;
  /** The direction of the edge before, for right angles. */
  before?(): Point | null;
  /** In the middle of a sketch: digits are lengths then, not tools. */
  sketching?(): boolean;
  end?(): void;
}

export interface ToolContext {
  session: CoreSession;
  scene: Scene;
  /** The parcel under a point: the smallest where several lie on each other. */
  at(point: Point): ParcelKey;
  redraw(): void;
  say(text: string): void;
  use(tool: EditToolId): void;
  /** Shows the options anew. */
  refresh(): void;
}

export interface ToolKind {
  id: EditToolId;
  key: string;
  icon: IconName;
  title: Key;
  /** Why it can't be used now, or null. */
  barred(context: ToolContext): Key | null;
  start(context: ToolContext): Tool;
}
