/** The bar between map and list: drag it, or arrow keys when it has the focus. Refuses heights that hide either side. */

import { t } from "../i18n";
import { h } from "./dom";

const KEPT = "landgis.list-height";
const LEAST = 120;
const LEAST_MAP = 160;
const STEP = 24;

export function splitBar(whole: HTMLElement, changed: () => void): HTMLElement {
  const bar = h("div", {
    class: "split",
    tabIndex: 0,
    title: t("list.resize"),
    attrs: { role: "separator", "aria-orientation": "horizontal", "aria-label": t("list.resize") },
  });

  const set = (height: number): void => {
    const most = Math.max(LEAST, whole.clientHeight - LEAST_MAP);
    const kept = Math.round(Math.min(Math.max(height, LEAST), most));
    whole.style.setProperty("--list-height", `${kept}px`);
    bar.setAttribute("aria-valuenow", String(kept));
    bar.setAttribute("aria-valuemin", String(LEAST));
    bar.setAttribute("aria-valuemax", String(most));
    changed();
  };
  const keep = (): void => localStorage.setItem(KEPT, bar.getAttribute("aria-valuenow") ?? "");
  const now = (): number => Number(bar.getAttribute("aria-valuenow")) || LEAST;

  bar.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    bar.setPointerCapture(event.pointerId);
    const start = event.clientY + now();
    const move = (at: PointerEvent): void => set(start - at.clientY);
    bar.addEventListener("pointermove", move);
    bar.addEventListener("lostpointercapture", () => (bar.removeEventListener("pointermove", move), keep()), {
      once: true,
    });
  });
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(now() + by);
    keep();
  });
  set(Number(localStorage.getItem(KEPT)) || whole.clientHeight * 0.33);
  return bar;
}
