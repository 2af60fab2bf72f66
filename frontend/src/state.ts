/** What the workspace shows: the part that the address bar holds, and the part that lives for a moment only. */

import type { Finding } from "./types";

export type ThemeId = "tax" | "idle" | "land";
export type LayerId = "parcels" | "labels" | "control" | "towns" | "platforms";
export type OverlayId = "remediation" | "revitalisation" | "projects" | "clusters" | "idle-cases" | "line-adjustments";
export type BaseId = "none" | "grid";
export type ToolId = "select" | "polygon" | "cluster";

export const THEME_IDS: readonly ThemeId[] = ["tax", "idle", "land"];
export const LAYER_IDS: readonly LayerId[] = ["parcels", "labels", "control", "towns", "platforms"];
/** By the names of their collections. */
export const OVERLAY_IDS: readonly OverlayId[] = [
  "remediation",
  "revitalisation",
  "projects",
  "clusters",
  "idle-cases",
  "line-adjustments",
];
export const BASE_IDS: readonly BaseId[] = ["none", "grid"];
export const FINDINGS: readonly Finding[] = [
  "idle_not_started",
  "idle_stopped",
  "overdue",
  "underinvested",
  "undetermined",
  "clear",
];
/** What the statute calls idle, or lets an officer call idle: the two headings of 第二条. */
export const IDLE_FINDINGS: readonly Finding[] = ["idle_not_started", "idle_stopped"];

export interface Filters {
  q: string;
  town: string;
  finding: Finding | "";
  landClass: string;
  minTax: number | null;
  maxTax: number | null;
}

export interface Place {
  z: number;
  lon: number;
  lat: number;
}

export interface ViewState {
  place: Place | null;
  theme: ThemeId;
  layers: LayerId[];
  /** The business layers that are switched on. */
  overlays: OverlayId[];
  base: BaseId;
  year: number | null;
  /** The day whose register is shown, as ISO text; "" is today. */
  on: string;
  filters: Filters;
  sort: string;
  page: number;
  inView: boolean;
  sel: string;
  /** A feature of a business layer whose card is open, as “projects.12”; "" is none. */
  pick: string;
}

/** Gone with the page: what is under the pointer and which tool is in hand. */
export interface Moment {
  hover: string;
  tool: ToolId;
  /** The pointer and the keys belong to the editing tools. */
  editing: boolean;
}

export const NO_FILTERS: Filters = { q: "", town: "", finding: "", landClass: "", minTax: null, maxTax: null };

export const DEFAULT_VIEW: ViewState = {
  place: null,
  theme: "tax",
  // Platforms lie over towns and lines: who wants to see them switches them on.
  layers: LAYER_IDS.filter((id) => id !== "platforms"),
  overlays: [],
  base: "none",
  year: null,
  on: "",
  filters: NO_FILTERS,
  sort: "code",
  page: 1,
  inView: false,
  sel: "",
  pick: "",
};
