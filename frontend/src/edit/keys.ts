/**
 * The keyboard while parcels are edited: tools by number, undo at every moment, a crosshair for those without a mouse.
 * Refuses every key that is typed into a text field, Ctrl+Z above all.
 */

import { isTyping } from "../ui/keys";
import type { Hand } from "./hand";
import type { Tool } from "./tools/tool";

export interface EditKeys {
  editing(): boolean;
  enter(): void;
  leave(): void;
  tool(): Tool | null;
  hand(): Hand | null;
  /** A digit or letter that belongs to a tool or an action; false when to none. */
  choose(key: string): boolean;
  undo(): void;
  redo(): void;
  save(): void;
  /** Esc when the tool had nothing in hand. */
  back(): void;
  acted(): void;
  /** Between map and panel. */
  otherSide(): void;
}

const STEER: Record<string, [number, number]> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/** `surface` is the map: keys that move, confirm and delete are heard only while it has the focus. */
export function listenToEditKeys(surface: HTMLElement, keys: EditKeys): void {
  const heard = (event: KeyboardEvent): boolean => {
    const typing = isTyping(event.target);
    if (!keys.editing()) {
      if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "e") return false;
      keys.enter();
      return true;
    }
    const tool = keys.tool();
    const hand = keys.hand();
    if (!tool || !hand) return false;
    const ctrl = event.ctrlKey || event.metaKey;
    const onMap = event.target === surface || event.target === document.body;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;

    if (key === "F6") return keys.otherSide(), true;
    if (ctrl && (key === "z" || key === "y")) {
      if (typing) return false;
      const back = key === "z" && !event.shiftKey;
      if (back ? !(tool.undo?.() ?? false) : !(tool.redo?.() ?? false)) (back ? keys.undo : keys.redo)();
      keys.acted();
      return true;
    }
    if (ctrl && key === "s") return keys.save(), true;
    if (typing) {
      if (key !== "Escape" || !(event.target as HTMLElement).closest(".edit-bar")) return false;
      surface.focus();
      return true;
    }
    if (onMap && tool.key?.(event)) return keys.acted(), true;
    if (ctrl || event.altKey) return key === "Alt";

    if (key === "Escape") {
      if (!tool.drop()) keys.back();
      keys.acted();
      return true;
    }
    if (onMap && mapKey(key, event.shiftKey, tool, hand)) return keys.acted(), true;
    if (tool.sketching?.() && tool.from?.() && (/^[0-9.]$/.test(key) || key === "l")) {
      hand.entry.open(key === "l" ? "" : key);
      placeEntry(hand);
      return true;
    }
    if (key === "e") return keys.leave(), true;
    return keys.choose(key);
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
      if (!heard(event)) return;
      event.preventDefault();
      // The map's own keys and the workspace's stay still.
      event.stopPropagation();
    },
    true,
  );
}

function mapKey(key: string, shift: boolean, tool: Tool, hand: Hand): boolean {
  const way = STEER[key];
  if (way) {
    const step = shift ? 1 : 12;
    hand.steer(way[0] * step, way[1] * step);
  } else if (key === " ") {
    if (!hand.crosshair()) hand.steer(0, 0);
    else hand.press(shift);
  } else if (key === "Enter") tool.finish?.(shift);
  else if (key === "Backspace" && tool.sketching?.()) tool.undo?.();
  else if (key === "Tab" && tool.sketching?.() && tool.from?.()) {
    hand.entry.open();
    placeEntry(hand);
  } else return false;
  return true;
}

function placeEntry(hand: Hand): void {
  const pixel = hand.pointer()?.pixel;
  if (pixel) hand.entry.place(pixel[0] + 18, pixel[1] + 26);
}
