/**
 * The edit session: a draft of operations with its cursor, shown at once and checked by the server behind.
 * Refuses to be a second register: what it shows is either the server's answer or a local guess that is soon replaced by it.
 */

import { ApiError, isAborted } from "../api";
import { t } from "../i18n";
import { createStore, type Store } from "../store";
import { ConflictError, OperationError, type EditApi } from "./api";
import type { ExactBook } from "./exact";
import { applyHere } from "./local";
import { isMade, isServerDone, joined } from "./operations";
import { sceneOf, type Scene } from "./scene";
import { settled } from "./settling";
import type { EditSession, SaveInput, SessionState } from "./slots";
import { createSteps } from "./steps";
import type { ChangeSetIn, ChangeSetOut, Operation, ParcelKey, Saved, Values, WorkingParcel } from "./types";
import { operationWords } from "./words";

export interface SessionOptions {
  api: EditApi;
  exact: ExactBook;
  crs: number;
  /** Milliseconds without a new operation before the server is asked. */
  wait?: number;
}

/** What the core keeps of a draft between two visits. */
export interface DraftData {
  operations: readonly Operation[];
  cursor: number;
  versions: Readonly<Record<string, number>>;
  decisions: Readonly<Record<string, string>>;
  input: SaveInput;
  /** What it came to: shown at once, and the “mine” of a conflict. */
  parcels?: readonly WorkingParcel[];
}

export interface CoreSession extends EditSession {
  readonly scene: Scene;
  draft(): DraftData;
  restore(draft: DraftData): Promise<void>;
  onSaved(listener: (saved: Saved) => void): void;
  /** Says why something couldn't be done, where the panel shows it. */
  fail(message: string): void;
}

const EMPTY: SessionState = {
  operations: [],
  cursor: 0,
  parcels: [],
  findings: [],
  facts: [],
  events: [],
  decisions: {},
  active: "",
  picked: [],
  busy: "",
  checked: true,
  canSave: false,
  error: "",
  conflicts: [],
  others: [],
  dirty: false,
  canUndo: false,
  canRedo: false,
  kept: true,
};

export function createSession({ api, exact, crs, wait = 250 }: SessionOptions): CoreSession {
  const store: Store<SessionState> = createStore<SessionState>(EMPTY);
  const steps = createSteps();
  const scene = sceneOf(exact, () => store.get().parcels);
  const savers = new Set<(saved: Saved) => void>();
  let versions: Record<string, number> = {};
  let input: SaveInput = {};
  let lastTag = "";
  let timer = 0;
  /** A step that only the server can do is on its way: the next one waits for it. */
  let pending: Promise<boolean> | null = null;
  let asking: AbortController | null = null;

  const inForce = (): Operation[] => store.get().operations.slice(0, store.get().cursor);
  const versionOf = (code: string): number | null => versions[code] ?? exact.get(code)?.version ?? null;

  /** Puts the list and its cursor in place, with whatever is known of that step. */
  const place = (operations: readonly Operation[], cursor: number, more: Partial<SessionState> = {}): void => {
    const step = steps.get(cursor);
    const parcels = step?.parcels ?? store.get().parcels;
    for (const one of parcels) {
      if (isMade(one.key)) continue;
      if (one.state === "densified" && one.version !== null) {
        // Nobody looked at it here: it stands as the server saw it when it gave it the shared vertices.
        versions[one.key] = one.version;
      } else if (versions[one.key] === undefined) {
        const seen = exact.get(one.key)?.version ?? one.version;
        if (seen !== null) versions[one.key] = seen;
      }
    }
    const answer = step?.answer ?? null;
    const judged = answer
      ? { findings: answer.findings, facts: answer.facts, events: answer.events, canSave: cursor > 0 && answer.can_save }
      : cursor === 0
        ? { findings: [], facts: [], events: [], canSave: false }
        : { canSave: false };
    const { active, picked } = store.get();
    const alive = (key: ParcelKey): boolean =>
      isMade(key) ? parcels.some((one) => one.key === key) : !parcels.some((one) => one.key === key && one.state === "ended");
    store.set({
      operations,
      cursor,
      parcels,
      ...judged,
      checked: cursor === 0 || answer !== null,
      dirty: cursor > 0,
      canUndo: cursor > 0,
      canRedo: cursor < operations.length,
      active: active && !alive(active) ? "" : active,
      picked: picked.filter(alive),
      error: "",
      ...more,
    });
  };

  /** Which parcel was in hand at the step that is left. */
  const remember = (): void => {
    const { cursor, active } = store.get();
    const step = steps.get(cursor);
    if (step) steps.set(cursor, { ...step, active });
  };

  const ask = async (operations: readonly Operation[], signal?: AbortSignal): Promise<ChangeSetOut> =>
    api.preview(changeSetOf(operations), signal);

  const changeSetOf = (operations: readonly Operation[], extra: SaveInput = input): ChangeSetIn => {
    const { parcels, decisions, facts } = store.get();
    const chosen = facts.filter(({ fact }) => decisions[fact]).map(({ fact }) => ({ fact, to: decisions[fact] as string }));
    const seen: Record<string, number> = {};
    const known = steps.get(store.get().cursor) !== undefined;
    // A draft that comes back stands on all that it stood on, until the server has said what it touches.
    const touched = known ? parcels.flatMap(({ key, sources }) => [...(isMade(key) ? [] : [key]), ...sources]) : Object.keys(versions);
    const standsOn = new Set(touched);
    for (const operation of operations) {
      if (operation.kind !== "restore" && "parcel" in operation && !isMade(operation.parcel)) standsOn.add(operation.parcel);
      if (operation.kind === "merge") operation.parcels.filter((key) => !isMade(key)).forEach((key) => standsOn.add(key));
    }
    for (const code of standsOn) {
      const version = versionOf(code);
      if (version !== null) seen[code] = version;
    }
    return { ...extra, operations: [...operations], versions: seen, facts: chosen.length ? chosen : "default" };
  };

  const stopAsking = (): void => {
    window.clearTimeout(timer);
    asking?.abort();
    asking = null;
  };

  /** What a refused preview means for the draft as it stands. */
  const refused = (error: unknown, cursor: number): void => {
    if (error instanceof ConflictError) {
      store.set({ busy: "", conflicts: error.conflicts, error: error.message, canSave: false });
    } else if (error instanceof OperationError && error.operation === cursor && steps.get(cursor - 1)) {
      // The newest step can't be done: it goes, and the reason stays. Everything before it stands.
      steps.cut(cursor);
      place(store.get().operations.slice(0, cursor - 1), cursor - 1, { busy: "", error: error.message });
      if (!steps.get(cursor - 1)?.answer) void look();
    } else {
      store.set({ busy: "", error: messageOf(error), canSave: false });
    }
  };

  /** Asks the server about the step in force; an older question is given up. */
  const look = async (): Promise<void> => {
    stopAsking();
    const { cursor } = store.get();
    if (cursor === 0) return store.set({ busy: "" });
    const stop = (asking = new AbortController());
    const operations = inForce();
    store.set({ busy: "preview" });
    try {
      const answer = await ask(operations, stop.signal);
      if (asking !== stop) return;
      asking = null;
      steps.set(cursor, { ...steps.get(cursor), parcels: answer.parcels, answer });
      place(store.get().operations, cursor, { busy: "", conflicts: [] });
    } catch (error) {
      if (isAborted(error) || asking !== stop) return;
      asking = null;
      refused(error, cursor);
    }
  };
  const lookSoon = (): void => {
    stopAsking();
    timer = window.setTimeout(() => void look(), wait);
  };

  const go = (cursor: number): void => {
    const { operations } = store.get();
    const next = Math.min(Math.max(cursor, 0), operations.length);
    if (next === store.get().cursor) return;
    lastTag = "";
    stopAsking();
    remember();
    place(operations, next, { busy: "" });
    const { active } = steps.get(next) ?? {};
    if (active && scene.get(active)) store.set({ active, picked: [] });
    if (next > 0 && !steps.get(next)?.answer) void look();
  };

  const applyByServer = async (operation: Operation): Promise<boolean> => {
    const before = store.get();
    const operations = [...inForce(), operation];
    remember();
    stopAsking();
    const stop = (asking = new AbortController());
    store.set({ busy: "preview", error: "" });
    try {
      const answer = await ask(operations, stop.signal);
      if (asking !== stop) return false;
      asking = null;
      steps.cut(before.cursor + 1);
      steps.set(operations.length, { parcels: answer.parcels, answer });
      place(operations, operations.length, { busy: "" });
      return true;
    } catch (error) {
      if (isAborted(error) || asking !== stop) return false;
      asking = null;
      if (error instanceof ConflictError && !before.dirty) {
        // Nothing of the draft is at stake: the present state is read, and the step can be tried again.
        await exact.loadCodes(error.conflicts.map(({ parcel }) => parcel)).catch(() => undefined);
        for (const { parcel } of error.conflicts) delete versions[parcel];
        store.set({ busy: "", error: t("edit.stale", { by: error.conflicts[0]?.current.by ?? "" }) });
        return false;
      }
      const conflicts = error instanceof ConflictError ? error.conflicts : before.conflicts;
      store.set({ busy: "", error: messageOf(error), conflicts });
      if (!before.checked) lookSoon();
      return false;
    }
  };

  const applyLocally = (operation: Operation, tag: string): boolean => {
    const { cursor, operations: all } = store.get();
    const last = all[cursor - 1];
    const one = tag && tag === lastTag && cursor === all.length && last ? joined(last, operation) : null;
    const at = one ? cursor : cursor + 1;
    const next = applyHere(operation, at, store.get().parcels, scene, versionOf);
    if (typeof next === "string") {
      store.set({ error: t(next === "too few" ? "edit.too_few" : "edit.nothing_there") });
      return false;
    }
    remember();
    steps.cut(at);
    steps.set(at, { parcels: next, answer: null });
    place([...all.slice(0, at - 1), one ?? operation], at);
    lookSoon();
    return true;
  };

  const session: CoreSession = {
    store,
    api,
    crs,
    scene,
    async apply(operation, tag = "") {
      while (pending) await pending;
      if (store.get().busy === "save") return false;
      if (!isServerDone(operation)) {
        const shown = applyLocally(operation, tag);
        lastTag = shown ? tag : "";
        return shown;
      }
      lastTag = "";
      pending = applyByServer(operation).finally(() => (pending = null));
      return pending;
    },
    undo: () => go(store.get().cursor - 1),
    redo: () => go(store.get().cursor + 1),
    goTo: go,
    setValues: (parcel, values) => session.apply({ kind: "attributes", parcel, values }, `values ${parcel}`),
    valuesOf: (parcel): Values => {
      const one = store.get().parcels.find(({ key }) => key === parcel);
      return one?.values ?? exact.get(parcel)?.values ?? {};
    },
    shapeOf: (parcel) => scene.get(parcel)?.shape ?? null,
    storedShapeOf: (code) => exact.get(code)?.geometry ?? null,
    storedVersionOf: versionOf,
    setActive: (active, picked = true) => store.set({ active, picked: active && picked ? [active] : [] }),
    setPicked: (picked) => store.set({ picked, active: picked[picked.length - 1] ?? "" }),
    decide: (fact, to) => store.set({ decisions: { ...store.get().decisions, [fact]: to } }),
    changeSet: (more = {}) => changeSetOf(inForce(), { ...input, ...more }),
    async check(more = {}) {
      input = { ...input, ...more };
      steps.unjudge();
      await look();
    },
    async save(more) {
      input = { ...input, ...more };
      stopAsking();
      store.set({ busy: "save", error: "" });
      try {
        const saved = await api.save(changeSetOf(inForce()));
        session.discard();
        exact.outdate();
        savers.forEach((listener) => listener(saved));
        return saved;
      } catch (error) {
        const conflicts = error instanceof ConflictError ? error.conflicts : store.get().conflicts;
        store.set({ busy: "", error: messageOf(error), conflicts });
        if (error instanceof ConflictError) throw error;
        if (!store.get().checked) lookSoon();
        throw error;
      }
    },
    async settle(choices) {
      const next = settled(choices, { state: store.get(), steps, exact, versions });
      versions = next.versions;
      await exact.loadCodes([...choices.keys()]);
      steps.clear();
      store.set({ conflicts: [], parcels: [] });
      lastTag = "";
      place(next.operations, next.operations.length);
      await look();
      if (next.fallback && store.get().error && !store.get().conflicts.length) {
        // The steps no longer fit what is stored now: what came out of them takes their place.
        place(next.fallback, next.fallback.length);
        await look();
      }
    },
    words: (operation) => operationWords(operation, (key) => nameOf(key, store.get().parcels)),
    discard() {
      stopAsking();
      steps.clear();
      [versions, input, lastTag] = [{}, {}, ""];
      store.set({ ...EMPTY, others: store.get().others, kept: store.get().kept });
    },
    draft: () => {
      const { operations, cursor, decisions, parcels } = store.get();
      return { operations, cursor, decisions, versions, input, parcels };
    },
    async restore(draft) {
      session.discard();
      versions = { ...draft.versions };
      input = draft.input;
      store.set({ decisions: draft.decisions });
      await exact.loadCodes(Object.keys(draft.versions)).catch(() => undefined);
      if (draft.parcels) steps.set(draft.cursor, { parcels: draft.parcels, answer: null });
      place(draft.operations, draft.cursor);
      await look();
    },
    onSaved: (listener) => void savers.add(listener),
    fail: (message) => store.set({ error: message }),
  };
  return session;
}

function nameOf(key: ParcelKey, parcels: readonly WorkingParcel[]): string {
  return isMade(key) ? (parcels.find((one) => one.key === key)?.code ?? "") : key;
}

function messageOf(error: unknown): string {
  return error instanceof ApiError || error instanceof Error ? error.message : String(error);
}
