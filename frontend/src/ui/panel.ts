/** The left panel: theme, legend, layers, base map. Refuses to offer what the person may not see without saying why. */

import type { ClassCounts } from "../counts";
import { t } from "../i18n";
import { BASE_IDS, LAYER_IDS, NO_FILTERS, THEME_IDS, type Filters, type ThemeId, type ViewState } from "../state";
import type { Store } from "../store";
import type { Theme, ThemeClass } from "../themes";
import { overlayChoice } from "../overlays/panel";
import { h, replace } from "./dom";
import { legend, lineLegend } from "./legend";

export interface PanelOptions {
  store: Store<ViewState>;
  themes: Record<ThemeId, Theme>;
  mayFigures: boolean;
  gridPossible: boolean;
}

export interface Panel {
  showCounts(counts: ClassCounts | null): void;
}

export function buildPanel(panel: HTMLElement, options: PanelOptions): Panel {
  const { store, themes } = options;
  let counts: ClassCounts | null = null;
  const legendBox = h("div", { class: "legend-box" });
  const themeBox = themeChoice(options);
  replace(
    panel,
    block(t("panel.theme"), themeBox),
    block(t("panel.legend"), legendBox, lineLegend()),
    block(t("panel.overlays"), overlayChoice(store)),
    block(t("panel.layers"), layerChoice(store)),
    block(t("panel.base"), baseChoice(options)),
  );

  const choose = (one: ThemeClass, on: boolean): void => {
    const own = Object.keys(one.filter ?? {}) as (keyof Filters)[];
    const cleared = Object.fromEntries(own.map((key) => [key, NO_FILTERS[key]]));
    const filters = { ...store.get().filters, ...(on ? one.filter : cleared) } as Filters;
    store.set({ filters, page: 1 });
  };
  const draw = (): void => {
    const { theme, filters } = store.get();
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-class]");
    const kept = legendBox.contains(focused ?? null) ? focused?.dataset["class"] : undefined;
    replace(legendBox, legend({ theme: themes[theme], filters, counts, choose }));
    if (kept !== undefined) legendBox.querySelector<HTMLElement>(`button[data-class="${CSS.escape(kept)}"]`)?.focus();
  };
  store.watch((state) => [state.theme, state.filters], draw);
  return {
    showCounts(next) {
      counts = next;
      draw();
    },
  };
}

function block(title: string, ...children: HTMLElement[]): HTMLElement {
  return h("section", { class: "panel-block" }, h("h2", {}, title), ...children);
}

function themeChoice({ store, themes, mayFigures }: PanelOptions): HTMLElement {
  const options = THEME_IDS.map((id) => {
    const forbidden = id === "tax" && !mayFigures;
    const input = h("input", {
      type: "radio",
      name: "theme",
      value: id,
      disabled: forbidden,
      on: { change: () => store.set({ theme: id }) },
    });
    store.watch((state) => state.theme, (theme) => (input.checked = theme === id));
    return h(
      "label",
      { class: "segment", title: forbidden ? t("theme.forbidden") : themes[id].title },
      input,
      h("span", {}, themes[id].title),
    );
  });
  return h("div", { class: "segments", attrs: { role: "radiogroup", "aria-label": t("panel.theme") } }, ...options);
}

function layerChoice(store: Store<ViewState>): HTMLElement {
  const rows = LAYER_IDS.map((id) => {
    const input = h("input", {
      type: "checkbox",
      class: "form-check-input",
      name: "layer",
      value: id,
      on: {
        change: () => {
          const chosen = new Set(store.get().layers);
          if (input.checked) chosen.add(id);
          else chosen.delete(id);
          store.set({ layers: LAYER_IDS.filter((one) => chosen.has(one)) });
        },
      },
    });
    store.watch((state) => state.layers, (layers) => (input.checked = layers.includes(id)));
    return h("label", { class: "check" }, input, h("span", {}, t(`layer.${id}`)));
  });
  return h("div", { class: "checks" }, ...rows);
}

function baseChoice({ store, gridPossible }: PanelOptions): HTMLElement {
  const rows = BASE_IDS.map((id) => {
    const input = h("input", {
      type: "radio",
      class: "form-check-input",
      name: "base",
      value: id,
      disabled: id === "grid" && !gridPossible,
      on: { change: () => store.set({ base: id }) },
    });
    store.watch((state) => state.base, (base) => (input.checked = base === id));
    return h("label", { class: "check" }, input, h("span", {}, t(`base.${id}`)));
  });
  return h("div", { class: "checks is-inline", attrs: { role: "radiogroup", "aria-label": t("panel.base") } }, ...rows);
}
