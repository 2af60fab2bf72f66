/** A parcel that isn't in the register any more, or wasn't on the day shown: since when, and what it became. Refuses to pretend that it never was. */

import { parcelCode } from "../format";
import type { Geometry } from "../geojson";
import { t } from "../i18n";
import type { ParcelDetail } from "../types";
import type { Lineage, LineageEvent } from "../edit/types";
import { eventTitle } from "../edit/ui/event-words";
import { h } from "../ui/dom";
import { icon } from "../ui/icons";
import type { Former } from "../ui/side";
import { dayNumber, isoDay } from "./days";
import { lineageParts, type LineageOptions } from "./lineage";

export function formerParcel(lineage: Lineage, on: string, options: LineageOptions): Former {
  const last = [...lineage.versions].sort((a, b) => b.version - a.version)[0];
  const end = endOf(lineage);
  const inForce = lineage.versions.some((one) => one.valid_to === null);
  const next = lineage.descendants.filter((one) => one.generation === 1).map((one) => one.code);
  const heirs = end?.children.length ? end.children : next;
  const says = inForce && on ? t("former.not_then", { on }) : t("former.ended", { on: end?.on ?? last?.valid_to ?? "" });
  const how = end ? t("former.by", { kind: eventTitle(end.kind, end.title), by: end.by }) : "";
  return {
    title: inForce && on ? t("former.title.then") : t("former.title"),
    geometry: (last?.geometry as Geometry | undefined) ?? null,
    body: [
      formerNotice(says, how, heirs, end?.on ?? "", options),
      ...lineageParts(lineage, options),
    ],
  };
}

/** The same over a detail that shows the last state of an ended parcel; null while it is in force. */
export function endedNotice(parcel: ParcelDetail, options: Ways): HTMLElement | null {
  if (parcel.in_force !== false) return null;
  const on = parcel.valid_to ?? "";
  return formerNotice(t("former.ended", { on }), "", parcel.successors ?? [], on, options);
}

type Ways = Pick<LineageOptions, "open" | "showDay">;

function formerNotice(says: string, how: string, heirs: readonly string[], ended: string, { open, showDay }: Ways): HTMLElement {
  const links = heirs.map((code) => linkButton(parcelCode(code), () => open(code), "mono"));
  return h(
    "div",
    { class: "former", attrs: { role: "status" } },
    icon("history"),
    h(
      "div",
      {},
      h("strong", {}, says),
      how ? h("span", {}, how) : null,
      links.length ? h("p", {}, t("former.heirs"), ...links) : null,
      ended ? linkButton(t("former.before"), () => showDay(isoDay(dayNumber(ended) - 1))) : null,
    ),
  );
}

/** The event that ended it and wasn't taken back. */
export function endOf({ code, events }: Lineage): LineageEvent | null {
  const ended = events.filter((one) => one.reversed_by === null && (one.parents.includes(code) || one.kind === "retirement"));
  return ended.sort((a, b) => b.on.localeCompare(a.on) || b.id - a.id)[0] ?? null;
}

function linkButton(label: string, click: () => void, look = ""): HTMLElement {
  return h("button", { type: "button", class: `link-button ${look}`.trim(), on: { click } }, label);
}
