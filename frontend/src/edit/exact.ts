/**
 * The exact parcels around the view, kept by code and found by place: what snapping, picking and local edits stand on.
 * Refuses half a view: an answer that was cut off is kept, but its area isn't taken as read.
 */

import RBush from "rbush";
import { isAborted } from "../api";
import type { Box, EditApi } from "./api";
import { boxesMeet, boxOf } from "./geometry";
import type { ExactParcel } from "./types";

export interface ExactBook {
  get(code: string): ExactParcel | undefined;
  search(box: Box): ExactParcel[];
  /** Reads what the box lacks; the answer of an older box is given up. */
  load(box: Box): Promise<void>;
  loadCodes(codes: readonly string[]): Promise<ExactParcel[]>;
  /** A parcel that came another way (a conflict's present state). */
  put(parcels: readonly ExactParcel[]): void;
  drop(code: string): void;
  /** Everything may have changed: forgets areas, and reads anew when the next box is asked for. */
  outdate(): void;
  /** True when the last box held more than one answer can. */
  truncated(): boolean;
  size(): number;
  /** Returns the way to stop. */
  onChange(listener: () => void): () => void;
}

interface Leaf {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  code: string;
}

/** More than this many aren't kept: those far from the view go first. */
const MOST_KEPT = 20_000;
const MOST_AREAS = 40;
/** An address can only be so long. */
const MOST_CODES = 100;
/** How much further than the view is read, as a share of its size. */
const AROUND = 0.3;

export function exactBook(api: Pick<EditApi, "parcels">, inUse: (code: string) => boolean = () => false): ExactBook {
  const parcels = new Map<string, ExactParcel>();
  const leaves = new Map<string, Leaf>();
  const tree = new RBush<Leaf>();
  const listeners = new Set<() => void>();
  let areas: Box[] = [];
  let cut = false;
  let reading: { box: Box; stop: AbortController; done: Promise<void> } | null = null;

  const drop = (code: string): void => {
    const leaf = leaves.get(code);
    if (leaf) tree.remove(leaf);
    leaves.delete(code);
    parcels.delete(code);
  };
  const keep = (fresh: readonly ExactParcel[]): void => {
    const added: Leaf[] = [];
    for (const parcel of fresh) {
      if (leaves.has(parcel.code)) drop(parcel.code);
      const [minX, minY, maxX, maxY] = boxOf(parcel.geometry);
      const leaf = { minX, minY, maxX, maxY, code: parcel.code };
      leaves.set(parcel.code, leaf);
      parcels.set(parcel.code, parcel);
      added.push(leaf);
    }
    tree.load(added);
  };
  const tell = (): void => listeners.forEach((listener) => listener());
  const find = (box: Box): string[] =>
    tree.search({ minX: box[0], minY: box[1], maxX: box[2], maxY: box[3] }).map(({ code }) => code);

  const makeRoom = (around: Box): void => {
    if (parcels.size <= MOST_KEPT) return;
    const near = new Set(find(around));
    for (const code of [...parcels.keys()]) if (!near.has(code) && !inUse(code)) drop(code);
    areas = areas.filter((area) => within(area, around));
  };

  const read = async (box: Box, signal: AbortSignal): Promise<void> => {
    let wide = widened(box);
    let answer = await api.parcels({ bbox: wide }, signal);
    if (answer.truncated) {
      wide = box;
      answer = await api.parcels({ bbox: wide }, signal);
    }
    const present = new Set(answer.parcels.map(({ code }) => code));
    cut = answer.truncated;
    if (!cut) {
      // What the area no longer holds was retired meanwhile.
      for (const code of find(wide)) if (!present.has(code) && !inUse(code) && boxesMeet(boxOfLeaf(leaves.get(code)), wide)) drop(code);
      areas = [...areas.slice(1 - MOST_AREAS), wide];
    }
    keep(answer.parcels.filter(({ code, version }) => parcels.get(code)?.version !== version));
    makeRoom(widened(wide, 2));
    tell();
  };

  return {
    get: (code) => parcels.get(code),
    search: (box) => find(box).flatMap((code) => parcels.get(code) ?? []),
    async load(box) {
      if (areas.some((area) => within(box, area))) return;
      if (reading && within(box, widened(reading.box))) return reading.done;
      reading?.stop.abort();
      const stop = new AbortController();
      const done = read(box, stop.signal).catch((error: unknown) => {
        if (!isAborted(error)) throw error;
      });
      reading = { box, stop, done };
      try {
        await done;
      } finally {
        if (reading?.stop === stop) reading = null;
      }
    },
    async loadCodes(codes) {
      if (!codes.length) return [];
      const portions = Array.from({ length: Math.ceil(codes.length / MOST_CODES) }, (_, at) =>
        codes.slice(at * MOST_CODES, (at + 1) * MOST_CODES),
      );
      const answers = await Promise.all(portions.map((portion) => api.parcels({ codes: [...portion] })));
      const fresh = answers.flatMap((answer) => answer.parcels);
      keep(fresh);
      tell();
      return fresh;
    },
    put(fresh) {
      keep(fresh);
      tell();
    },
    drop(code) {
      drop(code);
      tell();
    },
    outdate() {
      areas = [];
      reading?.stop.abort();
      reading = null;
    },
    truncated: () => cut,
    size: () => parcels.size,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const within = (inner: Box, outer: Box): boolean =>
  inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];

function widened(box: Box, by = AROUND): Box {
  const [dx, dy] = [(box[2] - box[0]) * by, (box[3] - box[1]) * by];
  return [box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy];
}

const boxOfLeaf = (leaf: Leaf | undefined): Box =>
  leaf ? [leaf.minX, leaf.minY, leaf.maxX, leaf.maxY] : [Infinity, Infinity, -Infinity, -Infinity];
