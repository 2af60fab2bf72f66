/**
 * The vertices of the chosen parcel: drag, add, remove, by mouse or by keyboard; neighbours that share them follow.
 * Refuses to tear a shared boundary apart unless “only this parcel” says so.
 */

import { t } from "../../i18n";
import { h } from "../../ui/dom";
import { distance, nearestOnEdge, samePoint } from "../geometry";
import type { Point, SurveyShape } from "../types";
import { edgesOf, verticesOf } from "../vertices";
import { nearestVertex, startDrag, type Drag } from "./dragging";
import type { Pointer, Tool, ToolContext, ToolKind } from "./tool";

const ARROWS: Record<string, Point> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export const verticesTool: ToolKind = {
  id: "vertices",
  key: "3",
  icon: "vertices",
  title: "edit.tool.vertices",
  barred: ({ session }) => (session.store.get().active ? null : "edit.bar.parcel"),
  start: (context) => verticesInHand(context),
};

/** Metres that an arrow key moves: Shift for more, Ctrl for less. */
export const nudge = (event: Pick<KeyboardEvent, "shiftKey" | "ctrlKey" | "metaKey">): number =>
  event.shiftKey ? 1 : event.ctrlKey || event.metaKey ? 0.01 : 0.1;

/** To the tenth of a millimetre: 0.1 + 0.2 would otherwise leave its dust in the register. */
export function nudged(point: Point, direction: Point, by: number): Point {
  const at = (value: number, step: number): number => (step === 0 ? value : Number((value + step * by).toFixed(4)));
  return [at(point[0], direction[0]), at(point[1], direction[1])];
}

function verticesInHand(context: ToolContext): Tool {
  const { session } = context;
  let focus: Point | null = null;
  let drag: Drag | null = null;
  let hover: Point | null = null;
  const alone = h("input", { type: "checkbox", class: "form-check-input", id: "edit-alone" });
  const options = h("label", { class: "edit-option" }, alone, h("span", {}, t("edit.vertices.alone")));

  const active = (): string => session.store.get().active;
  const shape = (): SurveyShape => session.shapeOf(active()) ?? { type: "MultiPolygon", coordinates: [] };
  const all = (): Point[] => verticesOf(shape());
  const only = (): string[] | null => (alone.checked ? [active()] : null);
  const focused = (): Point | null => (focus && all().some((one) => samePoint(one, focus as Point)) ? focus : null);

  const insertAt = async (edge: [Point, Point], at: Point): Promise<void> => {
    if (await session.apply({ kind: "insert_vertex", edge, at })) focus = at;
    context.redraw();
  };
  const remove = async (at: Point): Promise<void> => {
    const vertices = all();
    const next = vertices[(vertices.findIndex((one) => samePoint(one, at)) + 1) % vertices.length] ?? null;
    if (await session.apply({ kind: "delete_vertex", at, parcels: only() })) focus = next;
    context.redraw();
  };
  const move = async (from: Point, to: Point): Promise<void> => {
    const parcels = only();
    if (await session.apply({ kind: "move_vertices", moves: [{ from, to }], parcels }, `nudge ${parcels?.[0] ?? "all"}`)) focus = to;
    context.redraw();
  };
  const step = (by: number): void => {
    const vertices = all();
    const now = focused();
    const at = now ? vertices.findIndex((one) => samePoint(one, now)) : by > 0 ? -1 : 0;
    focus = vertices[(at + by + vertices.length) % vertices.length] ?? null;
    context.redraw();
  };

  return {
    hint: () => t("edit.hint.vertices"),
    options: () => options,
    snapping: () => (drag ? { except: drag.froms } : null),
    sketching: () => drag !== null,
    move(pointer) {
      hover = nearestVertex(all(), pointer);
    },
    down(pointer) {
      const vertex = nearestVertex(all(), pointer);
      if (!vertex) return false;
      focus = vertex;
      drag = startDrag(context, [vertex], only());
      return true;
    },
    drag(pointer) {
      drag?.moveTo([pointer.at]);
    },
    up(pointer) {
      const held = drag;
      drag = null;
      void held?.drop().then((done) => {
        if (done) focus = pointer.at;
        context.redraw();
      });
    },
    click(pointer) {
      if (nearestVertex(all(), pointer)) return;
      const other = context.at(pointer.raw);
      if (other && other !== active() && !onEdge(pointer)) session.setActive(other);
      focus = null;
    },
    double(pointer) {
      const near = onEdge(pointer);
      if (near && !nearestVertex(all(), pointer)) void insertAt(near.edge, near.at);
    },
    key(event) {
      const now = focused();
      const arrow = ARROWS[event.key];
      if (event.key === "Tab" && all().length) step(event.shiftKey ? -1 : 1);
      else if (arrow && now) void move(now, nudged(now, arrow, nudge(event)));
      else if ((event.key === "Delete" || event.key === "Backspace") && now) void remove(now);
      else if (event.key === "Insert" && now) {
        const edge = edgesOf(shape()).find((one) => samePoint(one.edge[0], now));
        if (edge) void insertAt(edge.edge, middle(...edge.edge));
      } else return false;
      return true;
    },
    drop() {
      const had = drag !== null || focus !== null;
      drag = null;
      focus = null;
      return had;
    },
    sketch() {
      if (drag) return drag.sketch();
      const now = focused();
      return {
        points: [
          ...(hover ? [{ at: hover, look: "first" as const }] : []),
          ...(now ? [{ at: now, look: "focus" as const }] : []),
        ],
      };
    },
    readout: () => drag?.readout(active()) ?? [],
  };

  function onEdge(pointer: Pointer): { edge: [Point, Point]; at: Point } | null {
    let best: { edge: [Point, Point]; at: Point } | null = null;
    let least = pointer.reach;
    for (const { edge } of edgesOf(shape())) {
      const foot = nearestOnEdge(pointer.raw, ...edge);
      if (foot.distance <= least) [best, least] = [{ edge, at: foot.at }, foot.distance];
    }
    return best && distance(best.at, best.edge[0]) > 0 && distance(best.at, best.edge[1]) > 0 ? best : null;
  }
}

const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
