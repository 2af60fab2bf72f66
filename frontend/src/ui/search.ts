/** The search field in the top bar: suggestions while typing, Enter filters the list. Refuses to answer an old question. */

import { isAborted, type Api } from "../api";
import { count, mu, parcelCode } from "../format";
import { t } from "../i18n";
import type { ParcelItem, ParcelPage } from "../types";
import { h, replace, settle } from "./dom";
import { icon } from "./icons";

export interface SearchOptions {
  api: Api;
  year(): number | null;
  open(item: ParcelItem): void;
  filter(q: string): void;
}

const SUGGESTIONS = 8;

/** Printed codes carry spaces between their groups. */
export function tidyQuery(text: string): string {
  const trimmed = text.trim();
  const joined = trimmed.replace(/\s+/g, "");
  return /^\d{6,12}[A-Z]{0,2}\d{0,5}([A-Z]\d{0,8})?$/i.test(joined) ? joined.toUpperCase() : trimmed;
}

export function searchField({ api, year, open, filter }: SearchOptions): { element: HTMLElement; focus(): void } {
  const list = h("ul", { id: "search-list", class: "search-list", hidden: true, attrs: { role: "listbox" } });
  const input = h("input", {
    type: "search",
    class: "form-control",
    placeholder: t("search.placeholder"),
    autocomplete: "off",
    spellcheck: false,
    attrs: {
      role: "combobox",
      "aria-label": t("search.label"),
      "aria-expanded": "false",
      "aria-controls": "search-list",
      "aria-autocomplete": "list",
    },
  });
  let running: AbortController | null = null;
  let chosen = -1;

  const options = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[role=option]")];
  const close = (): void => {
    running?.abort();
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (index: number): void => {
    const all = options();
    chosen = all.length ? (index + all.length) % all.length : -1;
    for (const [at, option] of all.entries()) option.setAttribute("aria-selected", String(at === chosen));
    const active = all[chosen];
    if (active) input.setAttribute("aria-activedescendant", active.id);
    active?.scrollIntoView({ block: "nearest" });
  };
  const show = (page: ParcelPage, q: string): void => {
    const option = (index: number, act: () => void, ...content: (Node | string)[]): HTMLElement =>
      h(
        "li",
        {
          id: `search-${index}`,
          attrs: { role: "option", "aria-selected": "false" },
          on: {
            mousedown: (event) => event.preventDefault(),
            click: () => {
              act();
              close();
            },
          },
        },
        ...content,
      );
    const rows = page.items.map((item, index) => option(index, () => open(item), ...suggestion(item)));
    if (page.total > rows.length) {
      const all = t("search.all", { n: count(page.total) });
      rows.push(option(rows.length, () => filter(q), h("span", { class: "search-all" }, all)));
    }
    replace(list, ...(rows.length ? rows : [h("li", { class: "search-none" }, t("search.none"))]));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    chosen = -1;
  };

  const ask = settle(async () => {
    const q = tidyQuery(input.value);
    if (!q || document.activeElement !== input) return close();
    running?.abort();
    running = new AbortController();
    try {
      show(await api.parcels({ filters: { q }, year: year(), pageSize: SUGGESTIONS }, running.signal), q);
    } catch (error) {
      // A failed suggestion stays quiet: Enter asks again through the list, which says what went wrong.
      if (!isAborted(error)) close();
    }
  }, 180);

  input.addEventListener("input", ask);
  input.addEventListener("focus", () => input.value && ask());
  input.addEventListener("blur", close);
  input.addEventListener("search", () => input.value === "" && filter(""));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const active = options()[chosen];
      if (active) active.click();
      else filter(tidyQuery(input.value));
      close();
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  const element = h("div", { class: "search", attrs: { role: "search" } }, icon("search"), input, list);
  return {
    element,
    focus() {
      input.focus();
      input.select();
    },
  };
}

function suggestion(item: ParcelItem): HTMLElement[] {
  return [
    h("span", { class: "search-name" }, item.holder || item.name || parcelCode(item.code)),
    h("span", { class: "search-area" }, `${mu(item.area_mu)} ${t("unit.mu")}`),
    h("span", { class: "search-more" }, [parcelCode(item.code), item.location].filter(Boolean).join(" · ")),
  ];
}
