/**
 * 沿革: what became of a parcel, event by event, from whom it came and into what it went; each drawn on the map under the pointer.
 * Refuses to hide a reversed event: it stays in its place, struck through.
 */

import { date, mu, parcelCode, squareMetres } from "../format";
import type { Geometry } from "../geojson";
import { t } from "../i18n";
import type { EditApi } from "../edit/api";
import { toMu } from "../edit/geometry";
import type { Lineage, LineageEvent, PastVersion, Relative } from "../edit/types";
import { moment } from "../edit/ui/conflict";
import { eventTitle } from "../edit/ui/event-words";
import { attachmentParts } from "../edit/ui/uploads";
import { h, replace } from "../ui/dom";
import { section } from "../ui/facts";
import { icon } from "../ui/icons";
import { notice } from "../ui/notice";
import { reverseDialog } from "./reverse";

export interface LineageOptions {
  api: Pick<EditApi, "lineage" | "reverse">;
  open(code: string): void;
  /** Draws an outline on the map; null takes it away. */
  outline(geometry_4490: Geometry | null): void;
  /** Shows the register of a day. */
  showDay(on: string): void;
  mayEdit: boolean;
  /** After a change was taken back. */
  changed(): void;
}

export function lineageSection(code: string, options: LineageOptions): HTMLElement {
  const box = h("div", {}, h("p", { class: "waiting" }, t("lineage.loading")));
  const load = async (): Promise<void> => {
    try {
      replace(box, ...lineageParts(await options.api.lineage(code), options));
    } catch (error) {
      replace(box, notice(error instanceof Error ? error.message : String(error), () => void load()));
    }
  };
  void load();
  return section("lineage", t("lineage.title"), box);
}

export function lineageParts(lineage: Lineage, options: LineageOptions): HTMLElement[] {
  const shapes = new Map<string, Geometry>();
  for (const one of [...lineage.ancestors, ...lineage.descendants]) shapes.set(one.code, one.geometry as Geometry);
  const link = (code: string): HTMLElement => parcelLink(code, shapes.get(code) ?? null, options, code === lineage.code);
  const events = [...lineage.events].sort((a, b) => b.on.localeCompare(a.on) || b.id - a.id);
  return [
    relatives(t("lineage.ancestors"), lineage.ancestors, link),
    relatives(t("lineage.descendants"), lineage.descendants, link),
    events.length
      ? h("ol", { class: "timeline" }, ...events.map((one) => eventItem(one, link, options)))
      : h("p", { class: "nothing" }, t("lineage.none")),
    versionTable(lineage.versions, options),
  ].filter((one): one is HTMLElement => one !== null);
}

function eventItem(event: LineageEvent, link: (code: string) => HTMLElement, options: LineageOptions): HTMLElement {
  const { kind, no, date: on } = event.document;
  const paper = [kind && documentTitle(kind), no, on].filter(Boolean).join(" ");
  const gone = event.reversed_by !== null;
  const reverse = h(
    "button",
    {
      type: "button",
      class: "link-button",
      on: {
        click: () => void reverseDialog(options.api, event).then((saved) => saved && options.changed()),
      },
    },
    icon("undo"),
    t("reverse.button"),
  );
  return h(
    "li",
    { class: gone ? "is-reversed" : "", data: { event: String(event.id), kind: event.kind } },
    h(
      "p",
      { class: "timeline-head" },
      h("button", { type: "button", class: "link-button", title: t("lineage.show_day"), on: { click: () => options.showDay(event.on) } }, event.on),
      h("strong", {}, eventTitle(event.kind, event.title)),
      gone ? h("span", { class: "tag" }, t("lineage.reversed")) : null,
    ),
    codes(t("lineage.from"), event.parents, link),
    codes(t("lineage.to"), event.children, link),
    codes(t("lineage.with"), event.others, link),
    h("p", { class: "timeline-who" }, t("lineage.who", { by: event.by, at: moment(event.recorded_at) })),
    event.reason ? h("p", {}, event.reason) : null,
    paper ? h("p", { class: "note" }, paper) : null,
    event.attachments.length
      ? h("ul", { class: "attachments" }, ...event.attachments.map((file) => h("li", { class: "attachment" }, ...attachmentParts(file))))
      : null,
    options.mayEdit && event.reversible && !gone ? reverse : null,
  );
}

function codes(title: string, all: readonly string[], link: (code: string) => HTMLElement): HTMLElement | null {
  return all.length ? h("p", { class: "timeline-codes" }, h("span", { class: "muted" }, title), ...all.map(link)) : null;
}

function relatives(title: string, all: readonly Relative[], link: (code: string) => HTMLElement): HTMLElement | null {
  if (!all.length) return null;
  const sorted = [...all].sort((a, b) => a.generation - b.generation || a.code.localeCompare(b.code));
  return h(
    "div",
    { class: "relatives" },
    h("h4", {}, title),
    h(
      "ul",
      {},
      ...sorted.map((one) =>
        h("li", {}, link(one.code), h("small", { class: "muted" }, span(one))),
      ),
    ),
  );
}

function parcelLink(code: string, geometry: Geometry | null, options: LineageOptions, self: boolean): HTMLElement {
  if (self) return h("span", { class: "mono" }, parcelCode(code));
  const draw = (): void => options.outline(geometry);
  const clear = (): void => options.outline(null);
  return h(
    "button",
    {
      type: "button",
      class: "link-button mono",
      title: t("list.open", { code }),
      on: { click: () => (clear(), options.open(code)), mouseenter: draw, mouseleave: clear, focus: draw, blur: clear },
    },
    parcelCode(code),
  );
}

function versionTable(versions: readonly PastVersion[], options: LineageOptions): HTMLElement | null {
  if (versions.length < 2) return null;
  const head = (text: string, num = false): HTMLElement => h("th", { class: num ? "num" : "", attrs: { scope: "col" } }, text);
  const sorted = [...versions].sort((a, b) => b.version - a.version);
  return h(
    "table",
    { class: "mini versions" },
    h("caption", {}, t("lineage.versions")),
    h("thead", {}, h("tr", {}, head(t("lineage.period")), head(t("lineage.by")), head(t("area.planar"), true))),
    h(
      "tbody",
      {},
      ...sorted.map((one) =>
        h(
          "tr",
          {
            on: { mouseenter: () => options.outline(one.geometry as Geometry), mouseleave: () => options.outline(null) },
          },
          h(
            "td",
            {},
            h(
              "button",
              {
                type: "button",
                class: "link-button",
                title: t("lineage.show_day"),
                on: {
                  click: () => options.showDay(one.valid_from),
                  focus: () => options.outline(one.geometry as Geometry),
                  blur: () => options.outline(null),
                },
              },
              span(one),
            ),
          ),
          h("td", {}, eventTitle(one.event_kind) || t("lineage.delivered")),
          h(
            "td",
            { class: "num" },
            `${squareMetres(one.planar_area_m2)} ${t("sqm")}`,
            h("small", {}, `${mu(toMu(one.planar_area_m2))} ${t("unit.mu")}`),
          ),
        ),
      ),
    ),
  );
}

function span({ valid_from, valid_to }: { valid_from: string; valid_to: string | null }): string {
  return t("lineage.span", { from: date(valid_from), to: valid_to ? date(valid_to) : t("lineage.now") });
}

const PAPERS = ["contract", "approval", "survey_report", "photo", "other"] as const;

function documentTitle(kind: string): string {
  const known = PAPERS.find((one) => one === kind);
  return known ? t(`attachment.${known}`) : kind;
}
