/**
 * What lies where at this step of the draft: stored parcels, and over them what the draft made of them.
 * Refuses to hold anything itself: it reads the exact parcels and the session's working ones.
 */

import type { Box } from "./api";
import type { ExactBook } from "./exact";
import { boxesMeet, boxOf, inShape } from "./geometry";
import type { ParcelKey, Point, SurveyShape, Values, WorkingParcel } from "./types";

export interface SceneParcel {
  key: ParcelKey;
  code: string;
  shape: SurveyShape;
  state: WorkingParcel["state"] | "stored";
  values: Values;
  registered_area_m2: number | null;
}

export interface Scene {
  get(key: ParcelKey): SceneParcel | undefined;
  search(box: Box): SceneParcel[];
  at(point: Point): SceneParcel[];
  /** What the draft ended or replaced: stored shapes to be ghosted. */
  ghosts(): { code: string; shape: SurveyShape }[];
  /** Codes whose stored shape is no longer the one in force. */
  covered(): ReadonlySet<string>;
}

const boxes = new WeakMap<SurveyShape, Box>();

/** A shape is never changed in place, so its box is computed once. */
export function boxOfShape(shape: SurveyShape): Box {
  const known = boxes.get(shape);
  if (known) return known;
  const box = boxOf(shape);
  boxes.set(shape, box);
  return box;
}

export function sceneOf(exact: Pick<ExactBook, "get" | "search">, working: () => readonly WorkingParcel[]): Scene {
  const covered = (): Set<string> => new Set(working().map(({ key }) => key));
  const drawn = (): SceneParcel[] =>
    working().flatMap((one) => (one.state === "ended" || !one.geometry ? [] : [ofWorking(one, one.geometry)]));

  const search = (box: Box): SceneParcel[] => {
    const hidden = covered();
    const stored = exact.search(box).filter(({ code }) => !hidden.has(code));
    return [
      ...drawn().filter(({ shape }) => boxesMeet(boxOfShape(shape), box)),
      ...stored.map(
        ({ code, geometry, values, registered_area_m2 }): SceneParcel => ({
          key: code,
          code,
          shape: geometry,
          state: "stored",
          values,
          registered_area_m2,
        }),
      ),
    ];
  };

  return {
    search,
    get(key) {
      const one = working().find((parcel) => parcel.key === key);
      if (one) return one.state === "ended" || !one.geometry ? undefined : ofWorking(one, one.geometry);
      const stored = exact.get(key);
      return stored && { ...stored, key, shape: stored.geometry, state: "stored" };
    },
    at: (point) => search([point[0], point[1], point[0], point[1]]).filter(({ shape }) => inShape(point, shape)),
    ghosts: () =>
      working().flatMap((one) => {
        if (one.state !== "ended") return [];
        const shape = exact.get(one.key)?.geometry ?? one.geometry;
        return shape ? [{ code: one.code || one.key, shape }] : [];
      }),
    covered,
  };
}

function ofWorking(one: WorkingParcel, shape: SurveyShape): SceneParcel {
  return {
    key: one.key,
    code: one.code,
    shape,
    state: one.state,
    values: one.values,
    registered_area_m2: one.registered_area_m2,
  };
}
