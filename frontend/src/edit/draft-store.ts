/**
 * The draft on this machine, written at each step, so that a crash or a closed tab loses nothing.
 * Refuses a draft that another open tab is still working on.
 */

import type { DraftData } from "./session";
import type { Place } from "../state";

export interface StoredDraft extends DraftData {
  id: string;
  savedAt: string;
  /** The operations in words, as they read when they were done. */
  changes: string[];
  place: Place | null;
}

export interface DraftStore {
  /** False when the browser refuses to keep it. */
  write(draft: DraftData, changes: string[], place: Place | null): boolean;
  /** What earlier visits left, the newest first; without those that another tab holds open. */
  left(): Promise<StoredDraft[]>;
  /** Goes on with an earlier draft under its own name. */
  take(id: string): void;
  remove(id?: string): void;
  /** Lets go: what is kept can be offered again. */
  close(): void;
}

const PREFIX = "landgis.draft";
const nameOf = (county: string, user: string): string => `${PREFIX}.${county}.${user}.`;

/** What earlier visits left, the newest first, asked before anything is edited. */
export const draftsLeft = (county: string, user: string, storage: Storage = localStorage): Promise<StoredDraft[]> =>
  leftUnder(nameOf(county, user), storage);

export function draftStore(county: string, user: string, storage: Storage = localStorage): DraftStore {
  const own = nameOf(county, user);
  let id: string = crypto.randomUUID?.() ?? String(Date.now());
  let release = hold(own + id);

  return {
    write(draft, changes, place) {
      if (!draft.operations.length) {
        storage.removeItem(own + id);
        return true;
      }
      const stored: StoredDraft = { ...draft, id, changes, place, savedAt: new Date().toISOString() };
      // The steps are the draft; the shapes that they came to are a comfort that a full storage can do without.
      return put(storage, own + id, stored) || put(storage, own + id, { ...stored, parcels: undefined });
    },
    left: () => leftUnder(own, storage, own + id),
    take(other) {
      release();
      id = other;
      release = hold(own + id);
    },
    remove: (other = id) => storage.removeItem(own + other),
    close: () => release(),
  };
}

/** A draft that can't be read (another version's, cut off) is as good as none. */
export function readDraft(text: string | null): StoredDraft | null {
  try {
    const draft = JSON.parse(text ?? "") as Partial<StoredDraft>;
    const whole = Array.isArray(draft.operations) && draft.operations.length > 0 && typeof draft.cursor === "number";
    if (!whole || !draft.id || !draft.savedAt || !draft.versions) return null;
    return { ...(draft as StoredDraft), changes: draft.changes ?? [], decisions: draft.decisions ?? {}, input: draft.input ?? {} };
  } catch {
    return null;
  }
}

async function leftUnder(own: string, storage: Storage, mine = ""): Promise<StoredDraft[]> {
  const open = await heldNames();
  const found: StoredDraft[] = [];
  for (let at = 0; at < storage.length; at += 1) {
    const name = storage.key(at) ?? "";
    if (!name.startsWith(own) || name === mine || open.has(name)) continue;
    const draft = readDraft(storage.getItem(name));
    if (draft) found.push(draft);
  }
  return found.sort((a, b) => b.savedAt.localeCompare(a.savedAt));
}

function put(storage: Storage, name: string, stored: object): boolean {
  try {
    storage.setItem(name, JSON.stringify(stored));
    return true;
  } catch {
    return false;
  }
}

/** The browser lets go of a lock when the tab is gone, however it went. Without locks every draft is offered. */
function hold(name: string): () => void {
  let release = (): void => undefined;
  void navigator.locks
    ?.request(name, { ifAvailable: true }, () => new Promise<void>((done) => (release = done)))
    .catch(() => undefined);
  return () => release();
}

async function heldNames(): Promise<Set<string>> {
  const held = (await navigator.locks?.query().catch(() => null))?.held ?? [];
  return new Set(held.flatMap(({ name }) => (name ? [name] : [])));
}
