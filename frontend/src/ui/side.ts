/**
 * The panel on the right: a parcel, or the figures of a drawn polygon. Refuses to show one while another was asked for:
 * an answer that comes late is dropped.
 */

import { ApiError, isAborted, type Api } from "../api";
import { count, mu, parcelCode } from "../format";
import type { Geometry, Polygon } from "../geojson";
import { t } from "../i18n";
import { askCard, cardBody, type Pick as Picked } from "../overlays/card";
import type { ParcelDetail, PolygonResult } from "../types";
import { sheetButton } from "./area-sheet";
import { parcelDetail, panelHead, type DetailActions } from "./detail";
import { h, replace } from "./dom";
import { indicatorCards } from "./indicators";
import { notice } from "./notice";

export interface SideOptions {
  api: Api;
  mayFigures: boolean;
  year(): number | null;
  /** The day shown; "" is today. */
  on(): string;
  /** After the panel opened or closed: the map has another width. */
  resized(): void;
  shown(parcel: { geometry: Geometry | null }): void;
  closed(): void;
  zoom(): void;
  copyLink(): void;
  drawAgain(): void;
  more?: Pick<DetailActions, "notice" | "moreButtons" | "moreSections">;
  /** A parcel that the register has no longer, or not on the day shown; null when it never had it. */
  former?(code: string, signal: AbortSignal): Promise<Former | null>;
}

export interface Former {
  title: string;
  body: HTMLElement[];
  geometry: Geometry | null;
}

export interface Side {
  parcel(code: string): void;
  polygon(geometry_4490: Polygon): void;
  /** A feature of a business layer. */
  card(picked: Picked): void;
  /** A form about the parcel, in the place of its detail. */
  form(title: string, code: string, element: HTMLElement): void;
  /** The panel of a tool of the map. */
  tool(title: string, element: HTMLElement): void;
  close(): void;
  showing(): "" | Shown;
}

type Shown = "parcel" | "polygon" | "card" | "tool";

export function sidePanel(panel: HTMLElement, options: SideOptions): Side {
  let running: AbortController | null = null;
  let showing: "" | Shown = "";

  const open = (what: Shown): AbortSignal => {
    showing = what;
    running?.abort();
    running = new AbortController();
    if (panel.hidden) {
      panel.hidden = false;
      options.resized();
    }
    return running.signal;
  };
  const close = (): void => {
    showing = "";
    running?.abort();
    if (panel.hidden) return;
    panel.hidden = true;
    replace(panel);
    options.resized();
  };
  const shut = (): void => {
    close();
    options.closed();
  };
  const say = (title: string, under: string, ...body: (Node | string)[]): void => {
    replace(
      panel,
      ...[panelHead(title, under, [["close", t("detail.close"), shut]])],
      h("div", { class: "panel-body" }, ...body),
    );
  };
  const load = async <T>(
    what: Shown,
    title: string,
    waiting: string,
    ask: (signal: AbortSignal) => Promise<T>,
    show: (answer: T) => void,
    again: () => void,
    goneWords = t("detail.gone"),
  ): Promise<void> => {
    const signal = open(what);
    panel.setAttribute("aria-busy", "true");
    if (!panel.hasChildNodes()) say(title, "", h("p", { class: "waiting" }, waiting));
    try {
      show(await ask(signal));
      panel.querySelector(".panel-body")?.scrollTo({ top: 0 });
    } catch (error) {
      if (isAborted(error)) return;
      const gone = error instanceof ApiError && error.status === 404;
      say(title, "", gone ? notice(goneWords) : notice(messageOf(error), again));
    }
    panel.removeAttribute("aria-busy");
  };

  const actions: DetailActions = { close: shut, zoom: options.zoom, copyLink: options.copyLink, ...options.more };
  const askParcel = async (code: string, signal: AbortSignal): Promise<ParcelDetail | Former> => {
    try {
      return await options.api.parcel(code, options.year(), signal);
    } catch (error) {
      const gone = error instanceof ApiError && error.status === 404;
      const former = gone ? await options.former?.(code, signal) : null;
      if (former) return former;
      throw error;
    }
  };
  const side: Side = {
    parcel: (code) =>
      void load(
        "parcel",
        t("detail.label"),
        t("detail.loading"),
        (signal) => askParcel(code, signal),
        (parcel) => {
          if ("body" in parcel) say(parcel.title, parcelCode(code), ...parcel.body);
          else replace(panel, ...parcelDetail(parcel, options.mayFigures, actions));
          options.shown(parcel);
        },
        () => side.parcel(code),
      ),
    polygon: (geometry) =>
      void load(
        "polygon",
        t("poly.title"),
        t("poly.loading"),
        (signal) => options.api.polygon(geometry, options.year(), signal),
        (result) =>
          say(
            t("poly.title"),
            "",
            ...polygonBlocks(result, options.mayFigures),
            h("div", { class: "panel-actions" }, result.parcels ? sheetButton(geometry) : null, againButton(options.drawAgain)),
          ),
        () => side.polygon(geometry),
      ),
    card: (picked) =>
      void load(
        "card",
        t("overlay.card"),
        t("overlay.loading"),
        (signal) => askCard(picked, options.on(), signal),
        (card) => {
          replace(
            panel,
            panelHead(card.title, card.kind, [
              ["locate", t("detail.zoom"), options.zoom],
              ["link", t("detail.copy"), options.copyLink],
              ["close", t("detail.close"), shut],
            ]),
            h("div", { class: "panel-body" }, ...cardBody(card, options.on())),
          );
          options.shown(card);
        },
        () => side.card(picked),
        t("overlay.gone"),
      ),
    form(title, code, element) {
      open("parcel");
      panel.removeAttribute("aria-busy");
      say(title, parcelCode(code), element);
      element.querySelector<HTMLElement>("input, select, textarea")?.focus();
    },
    tool(title, element) {
      open("tool");
      panel.removeAttribute("aria-busy");
      say(title, "", element);
      element.querySelector<HTMLElement>("input")?.focus();
    },
    close,
    showing: () => showing,
  };
  return side;
}

function polygonBlocks(result: PolygonResult, mayFigures: boolean): (Node | string)[] {
  if (!result.parcels) return [h("p", { class: "nothing" }, t("poly.empty"))];
  const figure = (name: string, value: string, unit: string): HTMLElement =>
    h("div", {}, h("dt", {}, name), h("dd", {}, h("b", {}, value), h("span", { class: "unit" }, unit)));
  return [
    h(
      "dl",
      { class: "summary", data: { result: "polygon" } },
      figure(t("poly.land"), mu(result.land_mu), t("unit.mu")),
      figure(t("poly.parcels"), count(result.parcels), t("unit.parcels")),
    ),
    h("h3", { class: "visually-hidden" }, t("detail.indicators")),
    result.indicators.length
      ? indicatorCards(result.indicators)
      : h("p", { class: "nothing" }, t(mayFigures ? "ind.none" : "ind.forbidden")),
    h("p", { class: "note" }, t("poly.note")),
  ];
}

const againButton = (click: () => void): HTMLElement =>
  h("button", { type: "button", class: "btn", on: { click } }, t("poly.again"));

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
