/** The switches of the business layers, each with its legend while it is on. Refuses a state on the map that isn't in the legend. */

import { t } from "../i18n";
import { OVERLAY_IDS, type OverlayId, type ViewState } from "../state";
import type { Store } from "../store";
import { h, replace } from "../ui/dom";
import { swatch } from "../ui/pills";
import { OVERLAYS, type Overlay } from "./looks";

export function overlayChoice(store: Store<ViewState>): HTMLElement {
  return h("div", { class: "checks overlay-choice" }, ...OVERLAYS.map((one) => choice(store, one)));
}

/** The legend of what is on, as paper shows it. */
export function overlayLegend(shown: readonly OverlayId[]): HTMLElement[] {
  return OVERLAYS.filter(({ id }) => shown.includes(id)).map((one) =>
    h("div", { class: "map-legend overlay-legend" }, h("h3", {}, one.title), ...rows(one)),
  );
}

function choice(store: Store<ViewState>, one: Overlay): HTMLElement {
  const input = h("input", {
    type: "checkbox",
    class: "form-check-input",
    name: "overlay",
    value: one.id,
    on: {
      change: () => {
        const chosen = new Set(store.get().overlays);
        if (input.checked) chosen.add(one.id);
        else chosen.delete(one.id);
        store.set({ overlays: OVERLAY_IDS.filter((id) => chosen.has(id)) });
      },
    },
  });
  const legend = h("div", { class: "map-legend overlay-legend", data: { overlay: one.id }, hidden: true });
  store.watch(
    (state) => state.overlays.includes(one.id),
    (on) => {
      input.checked = on;
      legend.hidden = !on;
      replace(legend, ...(on ? [...rows(one), h("a", { class: "overlay-page", href: one.page }, t("overlay.list"))] : []));
    },
  );
  return h("div", { class: "overlay" }, h("label", { class: "check" }, input, h("span", {}, one.title)), legend);
}

function rows(one: Overlay): HTMLElement[] {
  return one.classes.map((look) =>
    h("div", { class: "legend-row is-line" }, swatch(look), h("span", { class: "legend-name" }, look.label)),
  );
}
