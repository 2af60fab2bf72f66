/** A small register for the tests of forms and dialogs: two parcels, code lists, a session that does as it is told. */

import { vi } from "vitest";
import type { EditApi } from "../../src/edit/api";
import type { EditSession, SessionState } from "../../src/edit/slots";
import type { AttachmentOut, CodeLists, Conflict, ExactParcel, Finding, Lineage, LineageEvent, SurveyShape, Values, WorkingParcel } from "../../src/edit/types";
import { createStore } from "../../src/store";

export const TODAY = "2024-06-30";
export const CODE = "330782003015GB00223";

export function square(east: number, north: number, side: number): SurveyShape {
  return {
    type: "MultiPolygon",
    coordinates: [[[[east, north], [east + side, north], [east + side, north + side], [east, north + side], [east, north]]]],
  };
}

export const LISTS: CodeLists = {
  land_classes: [
    { set: "GB/T 21010-2017", code: "0601", name: "工业用地" },
    { set: "GB/T 21010-2017", code: "0602", name: "采矿用地" },
    { set: "国土空间 2023", code: "100101", name: "一类工业用地" },
  ],
  towns: [
    { code: "330782003", name: "稠江街道" },
    { code: "330782100", name: "佛堂镇" },
  ],
  tenures: ["出让", "划拨"],
  document_kinds: [{ code: "contract", title: "合同" }],
  event_kinds: [],
  rules: [],
};

export const VALUES: Values = {
  location: "苏福路308号",
  town_code: "330782003",
  land_class_code: "0601",
  land_class_set: "GB/T 21010-2017",
  tenure: "出让",
  registered_on: "2012-05-04",
  registered_area_m2: 10000,
  note: "",
  aliases: [],
  holders: [{ name: "金凯电子", uscc: "", share: 1 }],
};

export function exact(change: Partial<ExactParcel> = {}): ExactParcel {
  return { code: CODE, version: 7, geometry: square(500000, 3240000, 100), registered_area_m2: 10000, planar_area_m2: 10000, values: VALUES, editors: [], ...change };
}

export function working(change: Partial<WorkingParcel> = {}): WorkingParcel {
  return {
    key: CODE,
    code: CODE,
    state: "changed",
    version: 7,
    sources: [CODE],
    geometry: square(500000, 3240000, 100),
    planar_area_m2: 10000,
    area_mu: 15,
    registered_area_m2: 10000,
    values: VALUES,
    ...change,
  };
}

export function finding(change: Partial<Finding> = {}): Finding {
  return { rule: "gap", severity: "warning", parcels: [CODE], message: "与邻宗之间有 0.2 米缝隙。", remedy: "可用“贴合”工具消除。", at: null, geometry: null, value: 0.2, limit: 0.5, ...change };
}

export function conflict(change: Partial<Conflict["current"]> = {}): Conflict {
  return {
    parcel: CODE,
    yours: 7,
    current: {
      version: 9,
      in_force: true,
      geometry: square(500000, 3240000, 120),
      values: { ...VALUES, location: "苏福路 310 号" },
      planar_area_m2: 14400,
      by: "李红",
      at: "2024-06-30T09:12:00+08:00",
      reason: "复测",
      kind: "resurvey",
      ...change,
    },
    base: { geometry: square(500000, 3240000, 100), values: VALUES },
  };
}

export function attachment(change: Partial<AttachmentOut> = {}): AttachmentOut {
  return { id: 5, name: "合同.pdf", media_type: "application/pdf", bytes: 20480, sha256: "", kind: "contract", note: "", uploaded_by: "王明", uploaded_at: "2024-06-30T09:00:00+08:00", thumbnail: false, ...change };
}

const OUTLINE = { type: "Polygon", coordinates: [] };

export function event(change: Partial<LineageEvent> = {}): LineageEvent {
  return {
    id: 1,
    change_id: 11,
    kind: "subdivision",
    title: "分割",
    on: "2019-06-30",
    recorded_at: "2019-07-02T10:00:00+08:00",
    by: "王明",
    reason: "分宗供地",
    document: { kind: "contract", no: "义土合〔2019〕12 号", date: "2019-06-20" },
    parents: ["A"],
    children: [CODE, "B"],
    others: [],
    attachments: [attachment()],
    reversible: true,
    reversed_by: null,
    ...change,
  };
}

export function lineage(change: Partial<Lineage> = {}): Lineage {
  return {
    code: CODE,
    events: [event()],
    ancestors: [{ code: "A", valid_from: "2010-01-01", valid_to: "2019-06-30", generation: 1, geometry: OUTLINE }],
    descendants: [],
    versions: [
      { valid_from: "2019-06-30", valid_to: "2021-01-01", version: 3, planar_area_m2: 10000, event_kind: "subdivision", geometry: OUTLINE },
      { valid_from: "2021-01-01", valid_to: null, version: 7, planar_area_m2: 10020, event_kind: "resurvey", geometry: OUTLINE },
    ],
    ...change,
  };
}

export function api(change: Partial<EditApi> = {}): EditApi {
  return {
    codeLists: () => Promise.resolve(LISTS),
    parcels: () => Promise.resolve({ crs: 4549, parcels: [exact()], truncated: false }),
    ...change,
  } as EditApi;
}

export const STATE: SessionState = {
  operations: [{ kind: "split", parcel: CODE, lines: [] }],
  cursor: 1,
  parcels: [],
  findings: [],
  facts: [],
  events: [],
  decisions: {},
  active: CODE,
  picked: [CODE],
  busy: "",
  checked: true,
  canSave: true,
  error: "",
  conflicts: [],
  others: [],
  dirty: true,
  canUndo: true,
  canRedo: false,
  kept: true,
};

export function session(state: Partial<SessionState> = {}, parts: Partial<EditSession> = {}): EditSession {
  const store = createStore<SessionState>({ ...STATE, ...state });
  const values: Record<string, Values> = {};
  return {
    store,
    api: api(),
    crs: 4549,
    apply: vi.fn(() => Promise.resolve(true)),
    setValues: vi.fn((parcel: string, next: Values) => {
      values[parcel] = { ...VALUES, ...values[parcel], ...next };
      store.set({ cursor: store.get().cursor + 1 });
      return Promise.resolve(true);
    }),
    valuesOf: (parcel: string) => values[parcel] ?? VALUES,
    shapeOf: () => square(500000, 3240000, 110),
    storedShapeOf: () => square(500000, 3240000, 100),
    storedVersionOf: (code: string) => (code.startsWith("#") ? null : 7),
    decide: (fact: string, to: string) => store.set({ decisions: { ...store.get().decisions, [fact]: to } }),
    check: vi.fn(() => Promise.resolve()),
    save: vi.fn(() => Promise.resolve({ change_id: 12, on: TODAY, events: [], parcels: [], findings: [] })),
    words: (operation: { kind: string }) => operation.kind,
    ...parts,
  } as unknown as EditSession;
}

export const soon = (ms = 0): Promise<void> => new Promise((done) => setTimeout(done, ms));

export function type(input: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string): void {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

export function press(target: Element, key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

export function buttonOf(root: ParentNode, label: string): HTMLButtonElement {
  const found = [...root.querySelectorAll("button")].find((one) => one.textContent?.includes(label) || one.title.includes(label));
  if (!found) throw new Error(`no button “${label}”`);
  return found;
}

/** Why the button can't be pressed; "" when it can. */
export function why(button: HTMLButtonElement): string {
  return button.getAttribute("aria-disabled") === "true" ? button.title || "busy" : "";
}

export function field(root: ParentNode, name: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(`.field[data-field="${name}"]`);
  if (!found) throw new Error(`no field ${name}`);
  return found;
}
