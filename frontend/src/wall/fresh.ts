/**
 * Keeps the wall fresh: asks for the version every few seconds and for the whole only when it changed.
 * Refuses to look fresh when it isn't: how old the data is, and why, is told at every beat.
 */

import { ApiError } from "../api";
import { readVersion, readWall, type WallData } from "./data";

const BEAT_MS = 10_000;
/** After the session ended only every so manieth beat looks whether somebody signed in again. */
const SIGNED_OUT_BEATS = 6;
/** Three beats missed are no accident. */
export const STALE_AFTER_MS = 3 * BEAT_MS + 5_000;

export type Freshness =
  | { state: "live" }
  | { state: "stale"; minutes: number }
  | { state: "offline" }
  | { state: "signed_out" }
  | { state: "failed"; message: string };

export interface Keeper {
  refresh(): Promise<void>;
}

export function keepFresh(
  on: string,
  show: (data: WallData) => void,
  tell: (freshness: Freshness, data: WallData | null) => void,
): Keeper {
  let data: WallData | null = null;
  let heardAt = 0;
  let running = false;
  let pause = 0;

  const beat = async (whole: boolean): Promise<void> => {
    if (running) return;
    running = true;
    pause = 0;
    try {
      if (!data || whole || (await readVersion(on)) !== data.version) {
        data = await readWall(on);
        show(data);
      }
      heardAt = Date.now();
      tell({ state: "live" }, data);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const found = judged(error, data === null, Date.now() - heardAt);
      if (found.state === "signed_out") pause = SIGNED_OUT_BEATS;
      tell(found, data);
    } finally {
      running = false;
    }
  };
  window.setInterval(() => {
    if (--pause <= 0) void beat(false);
  }, BEAT_MS);
  window.addEventListener("online", () => void beat(false));
  window.addEventListener("offline", () => tell({ state: "offline" }, data));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void beat(false);
  });
  return { refresh: () => beat(true) };
}

/** What a failed question means for whoever looks at the wall. */
export function judged(error: ApiError, nothingYet: boolean, silentMs: number): Freshness {
  if (error.status === 401) return { state: "signed_out" };
  if (nothingYet) return { state: "failed", message: error.message };
  if (error.status === 0 && !navigator.onLine) return { state: "offline" };
  return silentMs < STALE_AFTER_MS ? { state: "live" } : { state: "stale", minutes: Math.max(1, Math.round(silentMs / 60_000)) };
}
