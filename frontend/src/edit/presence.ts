/**
 * Who else is editing: says each 20 seconds which parcels are open here, and hears who has which.
 * Refuses to lock anybody out: it is a courtesy, the versions guard the register.
 */

import { settle } from "../ui/dom";
import type { EditApi, OtherEditor } from "./api";

const BEAT_MS = 20_000;

export interface Presence {
  /** The parcels open here changed: said soon, not at every click. */
  tell(): void;
  stop(): void;
}

export function startPresence(
  api: Pick<EditApi, "presence">,
  parcels: () => string[],
  heard: (others: OtherEditor[]) => void,
): Presence {
  let stopped = false;
  const beat = async (): Promise<void> => {
    if (stopped) return;
    try {
      const others = await api.presence(parcels());
      if (!stopped) heard(others);
    } catch {
      // A beat that got lost is no news: the next one comes.
    }
  };
  const soon = settle(() => void beat(), 400);
  const timer = window.setInterval(() => void beat(), BEAT_MS);
  void beat();
  return {
    tell: soon,
    stop() {
      stopped = true;
      window.clearInterval(timer);
      api.presence([]).catch(() => undefined);
    },
  };
}
