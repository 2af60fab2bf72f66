/** The workspace's skeleton: totals, left panel, map with its corners, list, detail. Refuses content: parts fill it. */

import { t } from "../i18n";
import type { ViewState } from "../state";
import type { Store } from "../store";
import type { Workspace } from "../types";
import { h, replace } from "./dom";
import { icon } from "./icons";
import type { ParcelList } from "./list";
import { notice, toast } from "./notice";
import { splitBar } from "./split";

export interface Frame {
  totals: HTMLElement;
  panel: HTMLElement;
  middle: HTMLElement;
  mapBox: HTMLElement;
  map: HTMLElement;
  sheet: HTMLElement;
  detail: HTMLElement;
  /** Corners over the map. */
  toolbox: HTMLElement;
  zoombox: HTMLElement;
  hint: HTMLElement;
  footline: HTMLElement;
  placeList(list: ParcelList, filters: HTMLElement, resized: () => void): void;
  yearChoice(into: HTMLElement, store: Store<ViewState>, workspace: Workspace): void;
  tileTrouble(again: () => void): void;
  /** Folds the left panel or unfolds it; answers how it was. */
  foldPanel(shut: boolean): boolean;
  /** Set by the printer. */
  print(): void;
  copyLink(): void;
}

export function buildFrame(root: HTMLElement): Frame {
  const totals = h("section", { class: "totals", id: "totals" });
  const panel = h("div", { class: "panel-scroll", id: "panel" });
  const panelBox = h("aside", { class: "panel", ariaLabel: t("panel.label") }, panel);
  const map = h("div", { id: "map", class: "chart", tabIndex: 0, attrs: { role: "application" } });
  const toolbox = h("div", { class: "map-corner is-tools", attrs: { role: "toolbar", "aria-label": t("tool.label") } });
  const zoombox = h("div", { class: "map-corner is-zoom" });
  const hint = h("div", { class: "map-hint", hidden: true });
  const trouble = h("div", { class: "map-trouble", hidden: true });
  const footline = h("div", { class: "map-foot" });
  const sheet = h("div", { class: "sheet", id: "sheet" });
  const mapBox = h("div", { class: "map-box" }, sheet, map, toolbox, zoombox, hint, trouble, footline);
  const listBox = h("section", { class: "list", id: "list", ariaLabel: t("list.label") });
  const middle = h("main", { class: "middle", id: "main" }, mapBox, listBox);
  const detail = h("aside", { class: "detail", id: "detail", hidden: true, attrs: { "aria-labelledby": "detail-title" } });
  const work = h("div", { class: "work" }, panelBox, middle, detail);
  replace(root, totals, work);

  const fold = foldButton(work);
  panelBox.append(fold.button);

  return {
    totals,
    panel,
    middle,
    mapBox,
    map,
    sheet,
    detail,
    toolbox,
    zoombox,
    hint,
    footline,
    placeList(list, filters, resized) {
      const bar = splitBar(middle, resized);
      const toggle = h("button", { type: "button", class: "icon-button" });
      const set = (shut: boolean): void => {
        middle.classList.toggle("is-list-shut", shut);
        toggle.title = toggle.ariaLabel = t(shut ? "list.show" : "list.hide");
        toggle.setAttribute("aria-expanded", String(!shut));
        replace(toggle, icon(shut ? "chevronUp" : "chevronDown"));
        resized();
      };
      toggle.addEventListener("click", () => set(!middle.classList.contains("is-list-shut")));
      set(false);
      const title = h("div", { class: "list-title" }, h("h2", {}, t("list.title")), list.summary);
      listBox.append(bar, h("div", { class: "list-head" }, title, filters, toggle), list.element);
      new ResizeObserver(resized).observe(mapBox);
    },
    yearChoice(into, store, workspace) {
      const select = h(
        "select",
        {
          class: "form-select year",
          id: "year",
          ariaLabel: t("app.year"),
          title: t("app.year"),
          on: { change: () => store.set({ year: Number(select.value) }) },
        },
        ...[...workspace.years].reverse().map((one) => h("option", { value: String(one) }, yearText(one))),
      );
      store.watch(
        (state) => state.year ?? workspace.year,
        (year) => (select.value = year === null ? "" : String(year)),
      );
      select.hidden = workspace.years.length === 0;
      into.prepend(select);
    },
    tileTrouble(again) {
      trouble.hidden = false;
      replace(
        trouble,
        notice(t("error.tiles"), () => {
          trouble.hidden = true;
          again();
        }),
      );
    },
    foldPanel(shut) {
      const before = work.classList.contains("is-panel-shut");
      fold.set(shut);
      return before;
    },
    print: () => undefined,
    copyLink() {
      navigator.clipboard?.writeText(location.href).then(
        () => toast(t("detail.copied")),
        () => undefined,
      );
    },
  };
}

function foldButton(work: HTMLElement): { button: HTMLElement; set(shut: boolean): void } {
  const button = h("button", { type: "button", class: "icon-button panel-fold" });
  const set = (shut: boolean): void => {
    work.classList.toggle("is-panel-shut", shut);
    button.title = button.ariaLabel = t(shut ? "panel.show" : "panel.hide");
    button.setAttribute("aria-expanded", String(!shut));
    replace(button, icon(shut ? "expand" : "collapse"));
  };
  button.addEventListener("click", () => set(!work.classList.contains("is-panel-shut")));
  set(false);
  return { button, set };
}

function yearText(year: number): string {
  return t("print.year", { year });
}
