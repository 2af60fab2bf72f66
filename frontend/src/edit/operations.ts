/**
 * The list of operations as a list: which parcels each names, joining two into one, taking some out.
 * Refuses to leave a key that points nowhere: what is taken out takes its descendants along, the rest is renumbered.
 */

import { samePoint } from "./geometry";
import type { Operation, ParcelKey } from "./types";

/** Only the server does these: they make parcels out of others. */
const SERVER_KINDS: ReadonlySet<Operation["kind"]> = new Set([
  "split",
  "subdivide",
  "merge",
  "cut_hole",
  "adjust",
  "restore",
]);

export const isServerDone = (operation: Operation): boolean => SERVER_KINDS.has(operation.kind);

export const isMade = (key: ParcelKey): boolean => key.startsWith("#");

/** Parcels that an operation names; those that it reaches by a shared vertex aren't among them. */
export function namedBy(operation: Operation): ParcelKey[] {
  if (operation.kind === "merge") return operation.parcels;
  if (operation.kind === "adjust") return [operation.parcel, ...(operation.neighbours ?? [])];
  if (operation.kind === "move_vertices" || operation.kind === "delete_vertex") return operation.parcels ?? [];
  return "parcel" in operation ? [operation.parcel] : [];
}

/** Two operations of one gesture as one (nudging a vertex, filling a form); null when they can't be joined. */
export function joined(first: Operation, second: Operation): Operation | null {
  if (first.kind === "attributes" && second.kind === "attributes" && first.parcel === second.parcel) {
    return { ...first, values: { ...first.values, ...second.values } };
  }
  if (first.kind === "move_vertices" && second.kind === "move_vertices" && first.moves.length === second.moves.length) {
    const moves = first.moves.map((move) => {
      const next = second.moves.find(({ from }) => samePoint(from, move.to));
      return next ? { from: move.from, to: next.to } : null;
    });
    if (moves.every((move) => move !== null)) return { ...first, moves };
  }
  return null;
}

/** Takes out the operations at these indexes (0-based) and all that work on what they made. */
export function without(operations: readonly Operation[], indexes: ReadonlySet<number>): Operation[] {
  const gone = new Set(indexes);
  operations.forEach((operation, at) => {
    if (namedBy(operation).some((key) => isMade(key) && gone.has(numberOf(key) - 1))) gone.add(at);
  });
  const place = new Map<number, number>();
  let kept = 0;
  operations.forEach((_, at) => {
    if (!gone.has(at)) place.set(at + 1, (kept += 1));
  });
  const renamed = (key: ParcelKey): ParcelKey =>
    isMade(key) ? `#${place.get(numberOf(key)) ?? numberOf(key)}.${key.split(".")[1] ?? "1"}` : key;
  return operations.flatMap((operation, at) => (gone.has(at) ? [] : [withKeys(operation, renamed)]));
}

/** The operation that made a key: `#3.2` is the second thing of number 3. */
export const numberOf = (key: ParcelKey): number => Number(/^#(\d+)\./.exec(key)?.[1] ?? 0);

function withKeys(operation: Operation, renamed: (key: ParcelKey) => ParcelKey): Operation {
  if (operation.kind === "merge") return { ...operation, parcels: operation.parcels.map(renamed) };
  if (operation.kind === "adjust") {
    return {
      ...operation,
      parcel: renamed(operation.parcel),
      neighbours: operation.neighbours?.map(renamed) ?? null,
    };
  }
  if (operation.kind === "move_vertices" || operation.kind === "delete_vertex") {
    return { ...operation, parcels: operation.parcels?.map(renamed) ?? null };
  }
  return "parcel" in operation ? { ...operation, parcel: renamed(operation.parcel) } : operation;
}
