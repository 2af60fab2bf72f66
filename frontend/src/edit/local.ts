/**
 * Operations that the browser can show at once, before the server has checked them.
 * Refuses what makes parcels out of others (split, merge, …): only the server does that, so that no part is lost.
 */

import { boxOfPoints, planarArea, toMu } from "./geometry";
import { isMade } from "./operations";
import type { Scene, SceneParcel } from "./scene";
import type { Operation, ParcelKey, Point, SurveyShape, WorkingParcel } from "./types";
import { deleteVertex, insertVertex, moveVertices, withoutDoubles } from "./vertices";

export type LocalProblem = "too few" | "nothing there";

/** The working parcels after operation number `n`, or why it can't be done. */
export function applyHere(
  operation: Operation,
  n: number,
  working: readonly WorkingParcel[],
  scene: Scene,
  versionOf: (code: string) => number | null,
): WorkingParcel[] | LocalProblem {
  const touched = (found: Map<ParcelKey, SurveyShape>): WorkingParcel[] | LocalProblem => {
    if (!found.size) return "nothing there";
    let next = [...working];
    for (const [key, shape] of found) {
      const one = scene.get(key);
      if (one) next = put(next, reshaped(next, one, shape, versionOf));
    }
    return next;
  };

  switch (operation.kind) {
    case "draw":
      return [...working, drawnParcel(`#${n}.1`, operation.geometry, operation.values)];
    case "reshape":
      return touched(new Map([[operation.parcel, operation.geometry]]));
    case "move_vertices": {
      const froms = operation.moves.map(({ from }) => from);
      return touched(
        changedShapes(scene, froms, operation.parcels, (shape) => {
          const next = moveVertices(shape, operation.moves);
          return next && withoutDoubles(next);
        }),
      );
    }
    case "insert_vertex":
      return touched(changedShapes(scene, operation.edge, null, (shape) => insertVertex(shape, operation.edge, operation.at)));
    case "delete_vertex": {
      let few = false;
      const found = changedShapes(scene, [operation.at], operation.parcels, (shape) => {
        const next = deleteVertex(shape, operation.at);
        if (next === "too few") few = true;
        return next === "too few" ? null : next;
      });
      return few ? "too few" : touched(found);
    }
    case "retire":
      return retired(working, scene.get(operation.parcel), versionOf);
    case "attributes": {
      const one = scene.get(operation.parcel);
      if (!one) return "nothing there";
      const now = reshaped(working, one, one.shape, versionOf);
      const registered = operation.values.registered_area_m2;
      return put(working, {
        ...now,
        values: { ...now.values, ...operation.values },
        registered_area_m2: registered === undefined ? now.registered_area_m2 : registered,
        code: isMade(now.key) ? operation.values.code || now.code : now.code,
      });
    }
    default:
      return "nothing there";
  }
}

/** Every parcel whose ring has one of the points and that the change touches; the parcels given, or all. */
export function changedShapes(
  scene: Scene,
  points: readonly Point[],
  only: readonly ParcelKey[] | null,
  change: (shape: SurveyShape) => SurveyShape | null,
): Map<ParcelKey, SurveyShape> {
  const found = new Map<ParcelKey, SurveyShape>();
  const seen = new Set<ParcelKey>();
  for (const point of points) {
    for (const { key, shape } of scene.search(boxOfPoints([point]))) {
      if (seen.has(key) || (only && !only.includes(key))) continue;
      seen.add(key);
      const next = change(shape);
      if (next) found.set(key, next);
    }
  }
  return found;
}

function put(working: readonly WorkingParcel[], one: WorkingParcel): WorkingParcel[] {
  const at = working.findIndex(({ key }) => key === one.key);
  return at < 0 ? [...working, one] : working.map((known, index) => (index === at ? one : known));
}

function reshaped(
  working: readonly WorkingParcel[],
  one: SceneParcel,
  shape: SurveyShape,
  versionOf: (code: string) => number | null,
): WorkingParcel {
  const known = working.find(({ key }) => key === one.key);
  const area = planarArea(shape);
  return {
    key: one.key,
    code: one.code,
    state: known && known.state !== "densified" ? known.state : "changed",
    version: known?.version ?? versionOf(one.key),
    sources: known?.sources ?? [one.code],
    geometry: shape,
    planar_area_m2: area,
    area_mu: toMu(area),
    registered_area_m2: one.registered_area_m2,
    values: one.values,
  };
}

function drawnParcel(key: ParcelKey, geometry: SurveyShape, values: WorkingParcel["values"]): WorkingParcel {
  const area = planarArea(geometry);
  return {
    key,
    code: values.code ?? "",
    state: "new",
    version: null,
    sources: [],
    geometry,
    planar_area_m2: area,
    area_mu: toMu(area),
    registered_area_m2: values.registered_area_m2 ?? null,
    values,
  };
}

/** A stored parcel ends; one that the draft itself made simply goes. */
function retired(
  working: readonly WorkingParcel[],
  one: SceneParcel | undefined,
  versionOf: (code: string) => number | null,
): WorkingParcel[] | LocalProblem {
  if (!one) return "nothing there";
  if (isMade(one.key)) return working.filter(({ key }) => key !== one.key);
  return put(working, { ...reshaped(working, one, one.shape, versionOf), state: "ended" });
}
