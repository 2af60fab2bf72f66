/**
 * A boundary that parcels share: drag one of its vertices or a whole edge, and all parcels on it follow.
 * Refuses to leave one behind: whoever has the identical vertex moves.
 */

import { t } from "../../i18n";
import { areaWords } from "../figures";
import { distance, moved, nearestOnEdge, planarArea } from "../geometry";
import { parcelName } from "../words";
import type { ParcelKey, Point, SurveyShape } from "../types";
import { edgesOf, hasEdge, hasVertex, verticesOf } from "../vertices";
import { nearestVertex, startDrag, type Drag } from "./dragging";
import type { Pointer, ToolContext, ToolKind } from "./tool";

type Grip = { vertex: Point; edge: null } | { vertex: null; edge: [Point, Point] };

export const boundaryTool: ToolKind = {
  id: "boundary",
  key: "4",
  icon: "boundary",
  title: "edit.tool.boundary",
  barred: () => null,
  start(context) {
    let grip: Grip | null = null;
    let drag: Drag | null = null;
    let start: Point = [0, 0];

    const on = (): { key: ParcelKey; shape: SurveyShape; code: string }[] => (grip ? parcelsOn(context, grip) : []);
    return {
      hint: () => t("edit.hint.boundary"),
      snapping: () => (drag ? { except: drag.froms } : null),
      sketching: () => drag !== null,
      move(pointer) {
        grip = gripAt(context, pointer);
      },
      down(pointer) {
        grip = gripAt(context, pointer);
        if (!grip) return false;
        start = grip.vertex ?? nearestOnEdge(pointer.raw, ...grip.edge).at;
        drag = startDrag(context, grip.vertex ? [grip.vertex] : grip.edge, null);
        return true;
      },
      drag(pointer) {
        if (!drag || !grip) return;
        if (grip.vertex) return drag.moveTo([pointer.at]);
        const by: Point = [pointer.at[0] - start[0], pointer.at[1] - start[1]];
        const along = pointer.shift ? acrossEdge(by, grip.edge) : by;
        drag.moveTo(grip.edge.map((end) => moved(end, along)));
      },
      up() {
        const held = drag;
        drag = null;
        grip = null;
        void held?.drop().then(() => context.redraw());
      },
      click(pointer) {
        if (!gripAt(context, pointer)) context.session.setActive(context.at(pointer.raw));
      },
      drop() {
        const had = drag !== null;
        drag = null;
        grip = null;
        return had;
      },
      sketch() {
        if (drag) return drag.sketch();
        if (!grip) return {};
        return {
          areas: on().map(({ shape }) => ({ shape, look: "hover" as const })),
          lines: grip.edge ? [{ points: grip.edge, look: "input" as const }] : [],
          points: grip.vertex ? [{ at: grip.vertex, look: "focus" as const }] : [],
        };
      },
      readout() {
        if (drag) return drag.readout("");
        return on().map(({ key, code, shape }) => `${parcelName(key, () => code)}　${areaWords(planarArea(shape))}`);
      },
    };
  },
};

function gripAt({ scene }: ToolContext, { raw, reach, ...rest }: Pointer): Grip | null {
  const near = scene.search([raw[0] - reach, raw[1] - reach, raw[0] + reach, raw[1] + reach]);
  const vertex = nearestVertex(
    near.flatMap(({ shape }) => verticesOf(shape)),
    { ...rest, raw, reach },
  );
  if (vertex) return { vertex, edge: null };
  let best: [Point, Point] | null = null;
  let least = reach;
  for (const { shape } of near) {
    for (const { edge } of edgesOf(shape)) {
      const away = distance(nearestOnEdge(raw, ...edge).at, raw);
      if (away < least) [best, least] = [edge, away];
    }
  }
  return best && { vertex: null, edge: best };
}

function parcelsOn({ scene }: ToolContext, grip: Grip): { key: ParcelKey; shape: SurveyShape; code: string }[] {
  const [a, b] = grip.vertex ? [grip.vertex, grip.vertex] : grip.edge;
  const box: [number, number, number, number] = [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  return scene.search(box).filter(({ shape }) => (grip.vertex ? hasVertex(shape, grip.vertex) : hasEdge(shape, grip.edge)));
}

/** Only the part of a movement that is square to the edge: it keeps its direction and its length. */
export function acrossEdge(by: Point, [a, b]: readonly [Point, Point]): Point {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy) || 1;
  const normal: Point = [-dy / length, dx / length];
  const along = by[0] * normal[0] + by[1] * normal[1];
  return [normal[0] * along, normal[1] * along];
}
