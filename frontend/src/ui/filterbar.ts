/** The filters above the list; map and list obey the same ones. Refuses to lose one silently: what is set can be seen and cleared. */

import { said, t } from "../i18n";
import { FINDINGS, NO_FILTERS, type Filters, type ViewState } from "../state";
import { isFiltered } from "../filters";
import type { Store } from "../store";
import { findingTitle } from "../themes";
import type { Workspace } from "../types";
import { h, settle } from "./dom";
import { icon } from "./icons";

export function filterBar(store: Store<ViewState>, workspace: Workspace, mayFigures: boolean): HTMLElement {
  const set = (patch: Partial<Filters>): void =>
    store.set({ filters: { ...store.get().filters, ...patch }, page: 1 });
  return h(
    "div",
    { class: "filters", attrs: { role: "group", "aria-label": t("filter.label") } },
    choice(store, "town", t("filter.town"), t("col.town"), workspace.towns.map((town) => [town.code, town.name]), set),
    choice(store, "finding", t("filter.finding"), t("col.finding"), FINDINGS.map((code) => [code, findingTitle(code)]), set),
    choice(
      store,
      "landClass",
      t("filter.land"),
      t("col.land"),
      workspace.land_classes.map((land) => [land.code, `${land.code} ${said(land.name)}`]),
      set,
    ),
    mayFigures ? taxRange(store, set) : null,
    inView(store),
    textChip(store, set),
    clearButton(store),
  );
}

type Set = (patch: Partial<Filters>) => void;

function choice(
  store: Store<ViewState>,
  key: "town" | "finding" | "landClass",
  all: string,
  label: string,
  options: (readonly [string, string])[],
  set: Set,
): HTMLElement {
  const select = h(
    "select",
    {
      class: "form-select",
      name: key,
      ariaLabel: label,
      on: { change: () => set({ [key]: select.value } as Partial<Filters>) },
    },
    h("option", { value: "" }, all),
    ...options.map(([value, text]) => h("option", { value }, text)),
  );
  store.watch(
    (state) => state.filters[key],
    (value) => {
      select.value = value;
      select.classList.toggle("is-set", value !== "");
    },
  );
  return select;
}

function taxRange(store: Store<ViewState>, set: Set): HTMLElement {
  const field = (key: "minTax" | "maxTax", label: string, hint: string): HTMLInputElement => {
    const read = (): void => {
      const value = input.value.trim();
      if (value === "" || input.validity.valid) set({ [key]: value === "" ? null : Number(value) });
    };
    const input = h("input", {
      type: "number",
      class: "form-control",
      name: key,
      min: "0",
      step: "any",
      placeholder: hint,
      ariaLabel: label,
      on: { input: settle(read, 400), change: read },
    });
    store.watch(
      (state) => state.filters[key],
      (value) => {
        if (document.activeElement !== input) input.value = value === null ? "" : String(value);
        input.classList.toggle("is-set", value !== null);
      },
    );
    return input;
  };
  return h(
    "span",
    { class: "filter-range" },
    h("span", { class: "filter-name" }, t("filter.tax")),
    field("minTax", t("filter.tax.min"), t("filter.min")),
    h("span", { attrs: { "aria-hidden": "true" } }, "–"),
    field("maxTax", t("filter.tax.max"), t("filter.max")),
  );
}

function inView(store: Store<ViewState>): HTMLElement {
  const input = h("input", {
    type: "checkbox",
    class: "form-check-input",
    on: { change: () => store.set({ inView: input.checked, page: 1 }) },
  });
  store.watch((state) => state.inView, (on) => (input.checked = on));
  return h("label", { class: "check" }, input, h("span", {}, t("filter.in_view")));
}

function textChip(store: Store<ViewState>, set: Set): HTMLElement {
  const text = h("span", { class: "chip-text" });
  const chip = h(
    "button",
    { type: "button", class: "chip", title: t("filter.text.clear"), on: { click: () => set({ q: "" }) } },
    text,
    icon("close"),
  );
  store.watch(
    (state) => state.filters.q,
    (q) => {
      chip.hidden = q === "";
      text.textContent = t("filter.text", { q });
    },
  );
  return chip;
}

function clearButton(store: Store<ViewState>): HTMLElement {
  const button = h(
    "button",
    { type: "button", class: "link-button", title: t("filter.clear"), on: { click: () => store.set({ filters: NO_FILTERS, page: 1 }) } },
    icon("filterOff"),
    t("filter.clear.short"),
  );
  store.watch((state) => isFiltered(state.filters), (on) => (button.hidden = !on));
  return button;
}
