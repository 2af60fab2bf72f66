/**
 * The business layers that lie over the parcels: colours, patterns and dashes by state, one table for map, legend and print.
 * Refuses colour alone: within a layer each state differs by pattern or dash too.
 */

import { t } from "../i18n";
import type { OverlayId } from "../state";
import type { Pattern } from "../themes";

export interface OverlayClass {
  key: string;
  label: string;
  fill: string;
  stroke: string;
  pattern: Pattern;
  ink: string;
  dash: number[];
  width: number;
}

/** What a tile says of a feature; `id` is what its card is asked for by. */
export interface OverlayFacts {
  id?: number;
  name?: string;
  title?: string;
  case_no?: string;
  cluster_no?: string;
  project_no?: string;
  adjustment_no?: string;
  area_mu?: number;
  progress?: string;
  state?: string;
  side?: string;
  closed_on?: string;
  result?: string;
}

export interface Overlay {
  id: OverlayId;
  title: string;
  /** The page with the same things as a list: the way without a pointer. */
  page: string;
  zIndex: number;
  classes: OverlayClass[];
  classOf(facts: OverlayFacts, overdue: ReadonlySet<string>): OverlayClass;
  nameOf(facts: OverlayFacts): string;
}

const BLUE = "#1c5fb8";
const VIOLET = "#8a2fb0";
const GREEN = "#0b6b4f";
const RED = "#b3321c";
const BROWN = "#8a5200";
const GREY = "#5b6670";
const MAGENTA = "#b0256a";
const TEAL = "#0a727a";

function look(key: string, label: string, colour: string, pattern: Pattern, dash: number[] = [], width = 2): OverlayClass {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return { key, label, fill: `rgba(${red}, ${green}, ${blue}, 0.14)`, stroke: colour, pattern, ink: colour, dash, width };
}

function pick(classes: readonly OverlayClass[], key: string): OverlayClass {
  return classes.find((one) => one.key === key) ?? (classes[0] as OverlayClass);
}

function ledger(id: "remediation" | "revitalisation", colour: string, pattern: Pattern, zIndex: number): Overlay {
  const classes = [look("credited", t("overlay.credited"), colour, pattern)];
  return {
    id,
    title: t(`overlay.${id}`),
    page: `/campaigns/${id}/`,
    zIndex,
    classes,
    classOf: () => pick(classes, "credited"),
    nameOf: ({ name, project_no }) => name ?? project_no ?? "",
  };
}

function projects(): Overlay {
  const classes = [
    look("open", t("overlay.projects.open"), GREEN, "none", [8, 4]),
    look("overdue", t("overlay.projects.overdue"), RED, "none", [3, 3], 2.6),
    look("done", t("overlay.projects.done"), GREEN, "level"),
  ];
  return {
    id: "projects",
    title: t("overlay.projects"),
    page: "/campaigns/",
    zIndex: 13,
    classes,
    classOf: ({ progress }) => pick(classes, progress ?? ""),
    nameOf: ({ name, project_no }) => name ?? project_no ?? "",
  };
}

function clusters(): Overlay {
  const classes = [
    look("proposed", t("overlay.clusters.proposed"), BROWN, "none", [6, 4]),
    look("confirmed", t("overlay.clusters.confirmed"), BROWN, "dots"),
  ];
  return {
    id: "clusters",
    title: t("overlay.clusters"),
    page: "/clusters/",
    zIndex: 12,
    classes,
    classOf: ({ state }) => pick(classes, state ?? ""),
    nameOf: ({ cluster_no }) => cluster_no ?? "",
  };
}

function cases(): Overlay {
  const classes = [
    look("found", t("overlay.cases.found"), GREY, "none", [6, 3]),
    look("disposing", t("overlay.cases.disposing"), BROWN, "back"),
    look("overdue", t("overlay.cases.overdue"), RED, "cross", [], 3),
    look("closed", t("overlay.cases.closed"), GREY, "level", [], 1.2),
  ];
  return {
    id: "idle-cases",
    title: t("overlay.cases"),
    page: "/idle-land/cases/",
    zIndex: 17,
    classes,
    classOf({ case_no, closed_on, result }, overdue) {
      if (closed_on) return pick(classes, "closed");
      if (overdue.has(case_no ?? "")) return pick(classes, "overdue");
      return pick(classes, result ? "disposing" : "found");
    },
    nameOf: ({ case_no }) => case_no ?? "",
  };
}

function adjustments(): Overlay {
  const classes = [
    look("out-under_way", t("overlay.adjustments.out"), MAGENTA, "back", [6, 4]),
    look("in-under_way", t("overlay.adjustments.in"), TEAL, "diagonal", [6, 4]),
    look("out-entered", t("overlay.adjustments.out_entered"), MAGENTA, "cross"),
    look("in-entered", t("overlay.adjustments.in_entered"), TEAL, "dots"),
  ];
  return {
    id: "line-adjustments",
    title: t("overlay.adjustments"),
    page: "/control-line/",
    zIndex: 14,
    classes,
    classOf: ({ side, state }) => pick(classes, `${side}-${state}`),
    nameOf: ({ title, adjustment_no }) => title ?? adjustment_no ?? "",
  };
}

export const OVERLAYS: readonly Overlay[] = [
  ledger("remediation", BLUE, "diagonal", 15),
  ledger("revitalisation", VIOLET, "back", 16),
  projects(),
  clusters(),
  cases(),
  adjustments(),
];

export function overlay(id: OverlayId): Overlay {
  const found = OVERLAYS.find((one) => one.id === id);
  if (!found) throw new Error(`no business layer is called ${id}`);
  return found;
}
