/** A value that many parts watch. Refuses to notify when nothing changed. */

export type Listener<T> = (next: T, previous: T) => void;

export interface Store<T extends object> {
  get(): T;
  set(patch: Partial<T>): void;
  /** Calls back after each change; returns the way to stop. */
  subscribe(listener: Listener<T>): () => void;
  /** Calls back only when what `pick` returns changed (compared as values), and once at the start. */
  watch<V>(pick: (state: T) => V, react: (value: V) => void): () => void;
}

export function createStore<T extends object>(initial: T): Store<T> {
  let state = initial;
  const listeners = new Set<Listener<T>>();

  const subscribe = (listener: Listener<T>): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  return {
    get: () => state,
    set(patch) {
      const next = { ...state, ...patch };
      if (same(next, state)) return;
      const previous = state;
      state = next;
      for (const listener of [...listeners]) listener(next, previous);
    },
    subscribe,
    watch(pick, react) {
      let seen = pick(state);
      react(seen);
      return subscribe((next) => {
        const value = pick(next);
        if (same(value, seen)) return;
        seen = value;
        react(value);
      });
    },
  };
}

/** Equal as plain values; states are small and hold only text, numbers, flags, lists and records. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
