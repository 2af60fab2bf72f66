/** What lies under the pointer: hover, a small label beside it, and the click. Refuses to choose what it can't name. */

import type OlMap from "ol/Map";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import type VectorTileLayer from "ol/layer/VectorTile";
import { mu, perMu, shortCode } from "../format";
import type { TileProperties } from "../filters";
import { t } from "../i18n";
import type { Theme } from "../themes";
import { h, replace } from "../ui/dom";

export interface PointerEvents {
  theme(): Theme;
  /** False while another tool has the pointer. */
  listening(): boolean;
  hover(code: string): void;
  choose(code: string): void;
  /** Something that lies over the parcels: the lines beside the pointer, and what a click does. */
  over(pixel: number[]): { tip: HTMLElement[]; choose(): void } | null;
  /** A click on a group, at a scale where parcels can't be told apart. */
  closer(coordinate: number[]): void;
}

export function watchPointer(
  map: OlMap,
  surface: HTMLElement,
  layer: VectorTileLayer,
  events: PointerEvents,
): void {
  const tip = h("div", { class: "map-tip", hidden: true });
  surface.append(tip);
  let waiting: MapBrowserEvent | null = null;

  const under = (pixel: number[]): TileProperties | null => {
    const found = map.forEachFeatureAtPixel(pixel, (feature) => feature.getProperties() as TileProperties, {
      layerFilter: (one) => one === layer,
    });
    return found ?? null;
  };

  const look = (): void => {
    const event = waiting;
    waiting = null;
    if (!event) return;
    const over = events.listening() ? events.over(event.pixel) : null;
    const facts = events.listening() && !over ? under(event.pixel) : null;
    const lines = over?.tip ?? (facts && tipLines(facts, events.theme()));
    events.hover(facts?.code ?? "");
    surface.classList.toggle("is-pointing", lines !== null);
    tip.hidden = lines === null;
    if (!lines) return;
    replace(tip, ...lines);
    const [x = 0, y = 0] = event.pixel;
    const [width = 0] = map.getSize() ?? [];
    const left = x + 240 > width;
    tip.classList.toggle("is-left", left);
    tip.style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
  };

  map.on("pointermove", (event) => {
    if (event.dragging) {
      tip.hidden = true;
      return;
    }
    if (!waiting) window.requestAnimationFrame(look);
    waiting = event;
  });
  surface.addEventListener("pointerleave", () => {
    waiting = null;
    tip.hidden = true;
    events.hover("");
  });
  map.on("singleclick", (event) => {
    if (!events.listening()) return;
    const over = events.over(event.pixel);
    if (over) return over.choose();
    const facts = under(event.pixel);
    if (facts?.code) events.choose(facts.code);
    else if (facts) events.closer(event.coordinate);
  });
}

function tipLines(facts: TileProperties, theme: Theme): HTMLElement[] {
  const title = facts.code ? shortCode(facts.code) : t("map.parcels", { n: facts.n ?? 1 });
  const parts = [
    facts.area_mu === undefined ? "" : `${mu(facts.area_mu)} ${t("unit.mu")}`,
    theme.id === "tax" && typeof facts.tax_per_mu === "number"
      ? `${perMu(facts.tax_per_mu)} ${t("unit.wan_per_mu")}`
      : theme.classOf(facts).label,
  ].filter(Boolean);
  const lines = [h("strong", {}, title), h("span", {}, parts.join(" · "))];
  if (!facts.code) lines.push(h("em", {}, t("map.detail_hint")));
  return lines;
}
