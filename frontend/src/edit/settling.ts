/**
 * A conflict decided: the draft without what it did to “their” parcels, or on top of what is stored now.
 * Refuses to drop a step silently that nobody chose to drop.
 */

import { same } from "../store";
import type { ExactBook } from "./exact";
import { isMade, isServerDone, namedBy, without } from "./operations";
import type { Choice, SessionState } from "./slots";
import type { Steps } from "./steps";
import type { Operation, WorkingParcel } from "./types";

export interface Settled {
  operations: Operation[];
  versions: Record<string, number>;
  /** “Mine” as plain shapes and facts, for when the steps no longer fit; null when there is no such way. */
  fallback: Operation[] | null;
}

export interface SettleFrom {
  state: Pick<SessionState, "operations" | "cursor" | "parcels" | "conflicts">;
  steps: Pick<Steps, "get">;
  exact: Pick<ExactBook, "get">;
  versions: Readonly<Record<string, number>>;
}

export function settled(choices: ReadonlyMap<string, Choice>, from: SettleFrom): Settled {
  const { state, exact } = from;
  const operations = state.operations.slice(0, state.cursor);
  const theirs = [...choices].filter(([, choice]) => choice === "theirs").map(([code]) => code);
  const mine = [...choices].filter(([, choice]) => choice === "mine").map(([code]) => code);
  const dropped = new Set(operations.flatMap((_, at) => (theirs.some((code) => touches(at, code, from)) ? [at] : [])));
  const kept = without(operations, dropped);

  const versions = { ...from.versions };
  for (const code of theirs) delete versions[code];
  for (const { parcel, current } of state.conflicts) if (mine.includes(parcel)) versions[parcel] = current.version;

  const finals = mine.map((code) => state.parcels.find(({ key }) => key === code));
  const shaped = finals.every((one): one is WorkingParcel => one !== undefined && one.state === "changed");
  const onMine = operations.flatMap((operation, at) =>
    !dropped.has(at) && mine.some((code) => touches(at, code, from)) ? [{ at, operation }] : [],
  );
  if (!shaped || onMine.some(({ operation }) => isServerDone(operation))) return { operations: kept, versions, fallback: null };

  const rest = without(operations, new Set([...dropped, ...onMine.map(({ at }) => at)]));
  const plain = (finals as WorkingParcel[]).flatMap((one): Operation[] => {
    const before = exact.get(one.key);
    const values = Object.fromEntries(
      Object.entries(one.values).filter(([name, value]) => !same(value, before?.values[name as keyof typeof before.values])),
    );
    return [
      ...(one.geometry && !same(one.geometry, before?.geometry)
        ? [{ kind: "reshape", parcel: one.key, geometry: one.geometry } as const]
        : []),
      ...(Object.keys(values).length ? [{ kind: "attributes", parcel: one.key, values } as const] : []),
    ];
  });
  return { operations: kept, versions, fallback: [...rest, ...plain] };
}

/** By name, or because the parcel came out of the step otherwise than it went in. */
function touches(at: number, code: string, { state, steps }: SettleFrom): boolean {
  const operation = state.operations[at];
  if (!operation) return false;
  if (namedBy(operation).includes(code)) return true;
  const find = (cursor: number): WorkingParcel | undefined => steps.get(cursor)?.parcels.find(({ key }) => key === code);
  const [before, after] = [find(at), find(at + 1)];
  if (steps.get(at) && steps.get(at + 1)) {
    return after !== undefined && after.state !== "densified" && !same(after.geometry, before?.geometry ?? null);
  }
  // Steps of a restored draft may be unknown: then any vertex operation that reaches beyond names may have touched it.
  return !isMade(code) && (operation.kind === "move_vertices" || operation.kind === "delete_vertex") && operation.parcels === null;
}
