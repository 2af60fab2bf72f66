/** Figures beside the cursor: the last edge, the area in 亩 and ㎡. Refuses to cover the place where the next point goes. */

import { h, replace } from "../ui/dom";

export interface CursorReadout {
  /** `above`: the field for typed figures lies under the cursor. */
  show(lines: readonly string[], pixel: readonly [number, number] | null, above?: boolean): void;
  remove(): void;
}

const ROOM = 240;

export function cursorReadout(surface: HTMLElement): CursorReadout {
  const element = h("output", { class: "edit-readout", hidden: true, attrs: { "aria-live": "off" } });
  surface.append(element);
  let shown = "";
  return {
    show(lines, pixel, above = false) {
      element.hidden = !lines.length || !pixel;
      if (!pixel || !lines.length) return;
      const text = lines.join("\n");
      if (text !== shown) replace(element, ...lines.map((line) => h("span", {}, line)));
      shown = text;
      const [x, y] = pixel;
      const left = x + ROOM > surface.clientWidth;
      element.classList.toggle("is-left", left);
      element.classList.toggle("is-above", above);
      element.style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
    },
    remove: () => element.remove(),
  };
}
