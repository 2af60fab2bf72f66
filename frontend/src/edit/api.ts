/**
 * Every request of the editing interface, typed, and its refusals as errors that carry what the screen needs.
 * Refuses to send a change twice by itself: what failed is said, and the person decides.
 */

import { ApiError, cookie, saidBy, send } from "../api";
import type {
  AttachmentOut,
  ChangeSetIn,
  ChangeSetOut,
  CodeLists,
  Conflict,
  DocumentIn,
  ExactParcels,
  Finding,
  InputShapes,
  Lineage,
  Saved,
  SurveyShape,
  Values,
} from "./types";

/** West, south, east, north in the survey CRS, metres. */
export type Box = [minE: number, minN: number, maxE: number, maxN: number];

/** 412: somebody else changed parcels that this draft stands on. */
export class ConflictError extends ApiError {
  constructor(
    message: string,
    readonly conflicts: Conflict[],
  ) {
    super(412, message);
  }
}

/** 422: rules of severity “error” are broken; nothing was saved. */
export class RulesError extends ApiError {
  constructor(
    message: string,
    readonly findings: Finding[],
  ) {
    super(422, message);
  }
}

/** 422: fields that can't be taken as they are; by field name, in words. */
export class FieldErrors extends ApiError {
  constructor(
    message: string,
    readonly fields: Record<string, string>,
  ) {
    super(422, message);
  }
}

/** 422: operation number `operation` (1-based) can't be done on what it meets. */
export class OperationError extends ApiError {
  constructor(
    message: string,
    readonly code: string,
    readonly operation: number,
    readonly field: string,
    readonly remedy: string,
  ) {
    super(422, message);
  }
}

/** 409: a change can't be reversed before those that came after it. */
export class LaterChangesError extends ApiError {
  constructor(
    message: string,
    readonly changes: ChangeSetRow[],
  ) {
    super(409, message);
  }
}

export interface ChangeSetRow {
  change_id: number;
  on: string;
  recorded_at: string;
  by: string;
  reason: string;
  events: { id: number; kind: string; title: string }[];
  parcels: string[];
  reversible?: boolean;
  reversed_by?: number | null;
}

export interface ChangeSetPage {
  total: number;
  page: number;
  items: ChangeSetRow[];
}

export interface ReverseIn {
  reason: string;
  document?: DocumentIn;
}

export interface PatchIn {
  values?: Values;
  geometry?: SurveyShape;
  reason: string;
  on?: string;
  how?: ChangeSetIn["how"];
  document?: DocumentIn;
  attachments?: number[];
  warnings_reason?: string;
}

export interface BulkIn {
  filter: Record<string, string>;
  values: Values;
  reason: string;
  document?: DocumentIn;
  token?: string;
}

export interface BulkOut {
  count: number;
  area_mu: number | string;
  sample: { code: string; before: Values; after: Values }[];
  unchanged: number;
  issues: { code: string; field: string; message: string }[];
  token: string;
  /** How many were changed; 0 in a preview. */
  changed?: number;
  change_id?: number | null;
}

export interface RegisterDates {
  first: string | null;
  last: string | null;
  days: { on: string; events: number }[];
}

export interface OtherEditor {
  parcel: string;
  username: string;
  name: string;
  since: string;
}

export interface EditApi {
  parcels(wanted: { codes: string[] } | { bbox: Box }, signal?: AbortSignal): Promise<ExactParcels>;
  preview(change: ChangeSetIn, signal?: AbortSignal): Promise<ChangeSetOut>;
  save(change: ChangeSetIn): Promise<Saved>;
  changeSets(query?: Record<string, string>, signal?: AbortSignal): Promise<ChangeSetPage>;
  changeSet(changeId: number, signal?: AbortSignal): Promise<ChangeSetRow>;
  reverse(changeId: number, body: ReverseIn): Promise<Saved>;
  patchParcel(code: string, version: number, body: PatchIn): Promise<Saved>;
  bulk(body: BulkIn, signal?: AbortSignal): Promise<BulkOut>;
  lineage(code: string, signal?: AbortSignal): Promise<Lineage>;
  dates(signal?: AbortSignal): Promise<RegisterDates>;
  presence(parcels: string[], signal?: AbortSignal): Promise<OtherEditor[]>;
  codeLists(): Promise<CodeLists>;
  /** A dropped file, or coordinates as typed or pasted. */
  geometry(input: File | string, signal?: AbortSignal): Promise<InputShapes>;
  upload(file: File, about: { kind: string; note?: string; parcel?: string }): Promise<AttachmentOut>;
  attachments(code: string, signal?: AbortSignal): Promise<AttachmentOut[]>;
}

export const attachmentUrl = (id: number): string => `/api/attachments/${id}`;
export const thumbnailUrl = (id: number): string => `/api/attachments/${id}/thumbnail`;

export const editApi: EditApi = {
  parcels: (wanted, signal) => {
    const query = new URLSearchParams(
      "codes" in wanted ? { codes: wanted.codes.join(",") } : { bbox: wholeMetres(wanted.bbox).join(",") },
    );
    return read(`/api/editing/parcels?${query.toString()}`, signal);
  },
  preview: (change, signal) => post("/api/editing/preview", change, signal),
  save: (change) => post("/api/change-sets", change),
  changeSets: (query = {}, signal) => read(`/api/change-sets?${new URLSearchParams(query).toString()}`, signal),
  changeSet: (changeId, signal) => read(`/api/change-sets/${changeId}`, signal),
  reverse: (changeId, body) => post(`/api/change-sets/${changeId}/reverse`, body),
  patchParcel: (code, version, body) =>
    ask(parcelPath(code), {
      method: "PATCH",
      body: JSON.stringify(body),
      headers: { ...JSON_TYPE, ...guard(), "If-Match": `"${version}"` },
    }),
  bulk: (body, signal) => post("/api/parcels/attributes", body, signal),
  lineage: (code, signal) => read(`${parcelPath(code)}/lineage`, signal),
  dates: (signal) => read("/api/cadastre/dates", signal),
  presence: async (parcels, signal) =>
    (await post<{ editors: OtherEditor[] }>("/api/editing/presence", { parcels }, signal)).editors,
  codeLists: () => read("/api/editing/code-lists"),
  geometry: (input, signal) =>
    typeof input === "string"
      ? post("/api/editing/geometry", { text: input }, signal)
      : form("/api/editing/geometry", { file: input }, signal),
  upload: (file, about) => form("/api/attachments", { file, ...about }),
  attachments: async (code, signal) => {
    const answer = await read<AttachmentOut[] | { attachments: AttachmentOut[] }>(
      `${parcelPath(code)}/attachments`,
      signal,
    );
    return Array.isArray(answer) ? answer : answer.attachments;
  },
};

const JSON_TYPE = { "Content-Type": "application/json" };
const guard = (): Record<string, string> => ({ "X-CSRFToken": cookie("csrftoken") });
const parcelPath = (code: string): string => `/api/parcels/${encodeURIComponent(code)}`;

/** The next whole metres outwards: a box to look into needs no more. */
const wholeMetres = ([w, s, e, n]: Box): Box => [Math.floor(w), Math.floor(s), Math.ceil(e), Math.ceil(n)];

function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask(path, signal ? { signal } : {});
}

function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return ask(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { ...JSON_TYPE, ...guard() },
    ...(signal ? { signal } : {}),
  });
}

function form<T>(path: string, fields: Record<string, string | File | undefined>, signal?: AbortSignal): Promise<T> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.append(name, value);
  return ask(path, { method: "POST", body, headers: guard(), ...(signal ? { signal } : {}) });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await send(path, init);
  if (response.ok) return (await response.json()) as T;
  throw refusal(response.status, await response.json().catch(() => null));
}

interface RefusalBody {
  code?: string;
  message?: string;
  remedy?: string;
  operation?: number | null;
  field?: string | null;
  fields?: Record<string, string | string[]>;
  issues?: { field: string; message: string }[];
  detail?: { loc?: (string | number)[]; msg?: string }[] | string;
  conflicts?: Conflict[];
  findings?: Finding[];
  changes?: ChangeSetRow[];
}

/** What a status and its body mean to the screen. */
export function refusal(status: number, body: unknown): ApiError {
  const said = (typeof body === "object" && body !== null ? body : {}) as RefusalBody;
  const message = saidBy(body, status);
  if (status === 412 && said.conflicts) return new ConflictError(message, said.conflicts);
  if (status === 409 && said.changes) return new LaterChangesError(message, said.changes);
  if (status !== 422) return new ApiError(status, message);
  if (said.findings) return new RulesError(message, said.findings);
  if (typeof said.operation === "number") {
    return new OperationError(message, said.code ?? "", said.operation, said.field ?? "", said.remedy ?? "");
  }
  const fields = fieldsOf(said);
  return Object.keys(fields).length ? new FieldErrors(message, fields) : new ApiError(status, message);
}

function fieldsOf(said: RefusalBody): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, text] of Object.entries(said.fields ?? {})) found[name] = Array.isArray(text) ? text.join("") : text;
  for (const { field, message } of said.issues ?? []) found[field] = (found[field] ?? "") + message;
  if (said.field) found[said.field] ??= [said.message, said.remedy].filter(Boolean).join("");
  if (Array.isArray(said.detail)) {
    // The framework's own words for a value of the wrong kind: the place's last part is the field.
    for (const { loc, msg } of said.detail) found[String(loc?.at(-1) ?? "")] ??= msg ?? "";
  }
  return found;
}
