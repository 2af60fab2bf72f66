/** A block of square parcels in survey coordinates, and a server that answers what it is told. */

import { vi, type Mock } from "vitest";
import type { EditApi } from "../../src/edit/api";
import { exactBook, type ExactBook } from "../../src/edit/exact";
import { createSession, type CoreSession } from "../../src/edit/session";
import type { ChangeSetIn, ChangeSetOut, ExactParcel, Point, SurveyShape, WorkingParcel } from "../../src/edit/types";

export const E0 = 506800.936463;
export const N0 = 3242522.830389;

export const at = (e: number, n: number): Point => [E0 + e, N0 + n];

export function square(e: number, n: number, size = 100): SurveyShape {
  const corners = [at(e, n), at(e + size, n), at(e + size, n + size), at(e, n + size), at(e, n)];
  return { type: "MultiPolygon", coordinates: [[corners]] };
}

/** Columns west to east (A, B, C …), rows south to north (1, 2, …): A1 touches B1 and A2. */
export function block(columns = 3, rows = 3, size = 100): ExactParcel[] {
  return Array.from({ length: columns * rows }, (_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const code = `${String.fromCharCode(65 + column)}${row + 1}`;
    return {
      code,
      version: 1,
      geometry: square(column * size, row * size, size),
      registered_area_m2: size * size,
      planar_area_m2: size * size,
      values: { code, location: `甲路${index}号` },
      editors: [],
    };
  });
}

export function working(key: string, shape: SurveyShape, more: Partial<WorkingParcel> = {}): WorkingParcel {
  return {
    key,
    code: key.startsWith("#") ? "" : key,
    state: key.startsWith("#") ? "new" : "changed",
    version: key.startsWith("#") ? null : 1,
    sources: [],
    geometry: shape,
    planar_area_m2: 0,
    area_mu: 0,
    registered_area_m2: null,
    values: {},
    ...more,
  };
}

export function answer(parcels: WorkingParcel[], more: Partial<ChangeSetOut> = {}): ChangeSetOut {
  return { crs: 4549, on: "2026-01-01", parcels, findings: [], facts: [], events: [], can_save: true, ...more };
}

export interface Fixture {
  session: CoreSession;
  exact: ExactBook;
  api: EditApi;
  preview: Mock<(change: ChangeSetIn, signal?: AbortSignal) => Promise<ChangeSetOut>>;
  save: Mock<EditApi["save"]>;
}

/** A session over a block of parcels that are all read already; `wait` is long so that only asked checks happen. */
export async function fixture(parcels = block(), wait = 1_000_000): Promise<Fixture> {
  const known = parcels;
  const preview = vi.fn<(change: ChangeSetIn, signal?: AbortSignal) => Promise<ChangeSetOut>>(() => Promise.resolve(answer([])));
  const save = vi.fn<EditApi["save"]>(() => Promise.resolve({ change_id: 7, on: "2026-01-01", events: [], parcels: [], findings: [] }));
  const api = {
    preview,
    save,
    parcels: (wanted: { codes: string[] } | { bbox: number[] }) =>
      Promise.resolve({
        crs: 4549,
        truncated: false,
        parcels: "codes" in wanted ? known.filter(({ code }) => wanted.codes.includes(code)) : known,
      }),
  } as unknown as EditApi;
  const exact = exactBook(api);
  await exact.load([E0, N0, E0 + 300, N0 + 300]);
  return { session: createSession({ api, exact, crs: 4549, wait }), exact, api, preview, save };
}
