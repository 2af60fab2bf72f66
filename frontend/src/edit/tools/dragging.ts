/**
 * Vertices in the hand: every parcel that has them follows at once, and faults show before they are let go.
 * Refuses to change the draft while the button is down: one gesture is one operation.
 */

import { crossingsAt } from "../faults";
import { areaWords, changeWords, edgeWords } from "../figures";
import { bearing, distance, planarArea, samePoint } from "../geometry";
import { changedShapes } from "../local";
import type { ParcelKey, Point, SurveyShape } from "../types";
import { parcelName } from "../words";
import { moveVertices, type Move } from "../vertices";
import type { Pointer, Sketch, ToolContext } from "./tool";

export interface Drag {
  froms: readonly Point[];
  moveTo(tos: readonly Point[]): void;
  sketch(): Sketch;
  readout(active: ParcelKey): string[];
  /** Hands the operation over; nothing when nothing moved or a ring would cross itself. */
  drop(): Promise<boolean>;
}

/** More parcels than this beside the cursor would hide the map. */
const MOST_TOLD = 4;

export function startDrag(context: ToolContext, froms: readonly Point[], only: readonly ParcelKey[] | null): Drag {
  const { scene, session } = context;
  const before = new Map<ParcelKey, SurveyShape>();
  for (const key of changedShapes(scene, froms, only, (shape) => (moveVertices(shape, still(froms)) ? shape : null)).keys()) {
    const one = scene.get(key);
    if (one) before.set(key, one.shape);
  }
  let moves: Move[] = still(froms);
  let now = before;
  let faults: Point[] = [];

  return {
    froms,
    moveTo(tos) {
      moves = froms.map((from, at) => ({ from, to: tos[at] ?? from }));
      now = new Map([...before].map(([key, shape]) => [key, moveVertices(shape, moves) ?? shape]));
      faults = [...now.values()].flatMap((shape) => crossingsAt(shape, tos));
    },
    sketch: () => ({
      areas: [...now.values()].map((shape) => ({ shape, look: faults.length ? ("bad" as const) : ("moved" as const) })),
      points: [
        ...moves.map(({ to }) => ({ at: to, look: "focus" as const })),
        ...faults.map((at) => ({ at, look: "bad" as const })),
      ],
    }),
    readout(active) {
      const first = moves[0];
      const keys = now.has(active) ? [active] : [...now.keys()].slice(0, MOST_TOLD);
      return [
        ...(first ? [edgeWords(distance(first.from, first.to), bearing(first.from, first.to))] : []),
        ...keys.flatMap((key) => {
          const [shape, was] = [now.get(key), before.get(key)];
          if (!shape || !was) return [];
          const [area, change] = [areaWords(planarArea(shape)), changeWords(planarArea(shape) - planarArea(was))];
          return key === active ? [area, change] : [`${parcelName(key, () => scene.get(key)?.code ?? "")}　${area}　${change}`];
        }),
      ];
    },
    async drop() {
      const real = moves.filter(({ from, to }) => !samePoint(from, to));
      if (!real.length) return false;
      return session.apply({ kind: "move_vertices", moves: real, parcels: only ? [...only] : null });
    },
  };
}

const still = (froms: readonly Point[]): Move[] => froms.map((from) => ({ from, to: from }));

export function nearestVertex(vertices: readonly Point[], pointer: Pointer): Point | null {
  let best: Point | null = null;
  let least = pointer.reach;
  for (const vertex of vertices) {
    const away = distance(vertex, pointer.raw);
    if (away <= least) [best, least] = [vertex, away];
  }
  return best;
}
