/** Colours and signs of the wall: the one table that map, legend and figures read. Refuses colour without a sign beside it. */

import type { Ledger, Light } from "./data";

/** Told apart by colour-blind eyes too: bluish green, amber, vermilion; each with a shape of its own. */
export const LIGHTS: Record<Light, { ink: string; fill: string; sign: string }> = {
  green: { ink: "#0f6b50", fill: "rgba(34, 145, 110, 0.34)", sign: "●" },
  yellow: { ink: "#8a5a00", fill: "rgba(236, 178, 32, 0.42)", sign: "▲" },
  red: { ink: "#b3321c", fill: "rgba(208, 74, 40, 0.34)", sign: "■" },
  none: { ink: "#596772", fill: "rgba(140, 152, 163, 0.22)", sign: "○" },
};

export const GROUND: Record<Ledger | "cases", { ink: string; fill: string }> = {
  remediation: { ink: "#1c5fb8", fill: "rgba(28, 95, 184, 0.9)" },
  revitalisation: { ink: "#8a2fb0", fill: "rgba(138, 47, 176, 0.9)" },
  cases: { ink: "#14222e", fill: "#ffffff" },
};

export const OUTLOOKS = ["reached", "on_track", "will_miss", "missed"] as const;
export type Outlook = (typeof OUTLOOKS)[number] | "unknown";

export const outlookOf = (text: string | null | undefined): Outlook =>
  OUTLOOKS.find((one) => one === text) ?? "unknown";

/** The sign that says whether the target will be met, by shape as well as by colour. */
export const OUTLOOK_LIGHT: Record<Outlook, Light> = {
  reached: "green",
  on_track: "green",
  will_miss: "red",
  missed: "red",
  unknown: "none",
};
