/** What a change will be in the register, in a sentence each: said before anything is saved. Refuses to leave out what ends. */

import { t } from "../../i18n";
import type { EventPreview, WorkingParcel } from "../types";
import { parcelName } from "./facts";

const KNOWN = [
  "registration",
  "subdivision",
  "consolidation",
  "reallotment",
  "boundary_adjustment",
  "resurvey",
  "correction",
  "attribute_change",
  "retirement",
  "restoration",
  "reversal",
] as const;

type Kind = (typeof KNOWN)[number];

export function eventWords(event: EventPreview, parcels: readonly WorkingParcel[]): string {
  const names = (keys: readonly string[]): string => shortened(keys.map((key) => parcelName(key, parcels)));
  const kind = KNOWN.find((one) => one === event.kind);
  // A kind that came later than this table speaks in the server's own words.
  if (!kind) return event.title;
  return t(`event.say.${kind}`, {
    parents: names(event.parents),
    children: names(event.children),
    n: event.children.length,
    m: event.parents.length,
    all: names([...new Set([...event.parents, ...event.children])]),
  });
}

export function eventTitle(kind: string, title = ""): string {
  const known = KNOWN.find((one): one is Kind => one === kind);
  return known ? t(`event.${known}`) : title || kind;
}

/** Whether the officer says how a shape changed that keeps its code. */
export function asksHow(events: readonly EventPreview[]): boolean {
  return events.some((one) => ["boundary_adjustment", "resurvey", "correction"].includes(one.kind));
}

function shortened(names: readonly string[], most = 4): string {
  return names.length > most ? t("names.more", { names: names.slice(0, most).join("、"), n: names.length }) : names.join("、");
}
