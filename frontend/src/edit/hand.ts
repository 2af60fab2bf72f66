/**
 * The hand on the map: mouse or keyboard crosshair, snapped and constrained, given to the tool in use.
 * Refuses to choose a tool or to draw: it says where the hand is and what it did.
 */

import Interaction from "ol/interaction/Interaction";
import type OlMap from "ol/Map";
import type MapBrowserEvent from "ol/MapBrowserEvent";
import type { Convert } from "./convert";
import { exactEntry, type Entry } from "./entry";
import type { Scene } from "./scene";
import { snap, SNAP_PIXELS } from "./snap";
import { constrained, isTyped } from "./tools/constrain";
import type { Pointer, Tool } from "./tools/tool";
import type { Point } from "./types";

export interface Hand {
  pointer(): Pointer | null;
  /** Where the keyboard's crosshair is; null while the mouse leads. */
  crosshair(): Point | null;
  /** Moves the crosshair by pixels; the map follows at its edge. */
  steer(dx: number, dy: number): void;
  /** A click where the crosshair is. */
  press(shift: boolean): void;
  entry: Entry;
  /** Computes the pointer anew: the tool, a typed figure or the view changed. */
  refresh(): void;
  remove(): void;
}

export interface HandOptions {
  map: OlMap;
  surface: HTMLElement;
  convert: Convert;
  scene: Scene;
  tool(): Tool | null;
  /** After each movement, at most once a frame. */
  moved(): void;
  acted(): void;
}

interface Click {
  pixel: number[];
  at: number;
}

interface Seen {
  pixel: [number, number];
  shift: boolean;
  alt: boolean;
}

const DOUBLE_MS = 400;
const DOUBLE_PIXELS = 6;

export function createHand(options: HandOptions): Hand {
  const { map, surface, convert, scene } = options;
  let seen: Seen | null = null;
  let keyboard = false;
  let held = false;
  let frame = 0;
  let lastClick: Click | null = null;
  let now: Pointer | null = null;

  const read = (): Pointer | null => {
    const coordinate = seen && map.getCoordinateFromPixel(seen.pixel);
    const tool = options.tool();
    if (!seen || !coordinate || !tool) return null;
    const raw = convert.fromScreen(coordinate);
    const reach = SNAP_PIXELS * (map.getView().getResolution() ?? 1) * convert.ground(coordinate);
    const from = tool.from?.() ?? null;
    const typed = entry.typed();
    const free = { pixel: seen.pixel, raw, shift: seen.shift, reach };
    if (from && (isTyped(typed) || seen.shift)) {
      const square = seen.shift && !isTyped(typed);
      return { ...free, at: constrained(from, raw, typed, square, tool.before?.() ?? null), snap: null };
    }
    const asked = seen.alt ? null : tool.snapping();
    const found = asked && snap(scene, { at: raw, reach, ...asked });
    return { ...free, at: found?.at ?? raw, snap: found ?? null };
  };

  const update = (): void => {
    frame = 0;
    now = read();
    if (now && !held) options.tool()?.move?.(now);
    if (now && held) options.tool()?.drag?.(now);
    options.moved();
  };
  const soon = (): void => {
    if (!frame) frame = window.requestAnimationFrame(update);
  };
  const at = (event: MapBrowserEvent): void => {
    const { shiftKey = false, altKey = false } = event.originalEvent as MouseEvent;
    const [x = 0, y = 0] = event.pixel;
    seen = { pixel: [x, y], shift: shiftKey, alt: altKey };
    keyboard = false;
  };
  /** The pointer of this very event: a click must not wait for the next frame. */
  const exactly = (event: MapBrowserEvent): Pointer | null => {
    at(event);
    now = read();
    return now;
  };
  const act = (run: (tool: Tool, pointer: Pointer) => void): void => {
    const tool = options.tool();
    if (!tool || !now) return;
    run(tool, now);
    options.acted();
    refresh();
  };
  const click = (): void => {
    act((tool, pointer) => tool.click?.(pointer));
    entry.close();
  };

  const entry = exactEntry(
    () => click(),
    () => soon(),
    () => surface.focus({ preventScroll: true }),
  );
  surface.append(entry.element);

  const interaction = new Interaction({
    handleEvent(event) {
      const tool = options.tool();
      if (!tool) return true;
      switch (event.type as string) {
        case "pointermove":
          if (!event.dragging) {
            at(event);
            soon();
          }
          return true;
        case "pointerdown": {
          const pointer = exactly(event);
          held = !!pointer && isMain(event) && (tool.down?.(pointer) ?? false);
          if (held) soon();
          return !held;
        }
        case "pointerdrag":
          if (!held) return true;
          at(event);
          soon();
          return false;
        case "pointerup": {
          if (!held) return true;
          const pointer = exactly(event);
          if (pointer) tool.drag?.(pointer);
          held = false;
          act((one, last) => one.up?.(last));
          return false;
        }
        case "click": {
          exactly(event);
          const again = isDouble(lastClick, event);
          lastClick = again ? null : { pixel: [...event.pixel], at: event.originalEvent.timeStamp };
          if (again) act((one, pointer) => one.double?.(pointer));
          else click();
          return false;
        }
        case "dblclick":
          // The map calls any two quick clicks double, however far apart they are: drawing would end in mid-air.
          return false;
        default:
          return true;
      }
    },
  });
  map.addInteraction(interaction);

  const left = (): void => {
    if (keyboard || held) return;
    seen = null;
    soon();
  };
  const modified = (event: KeyboardEvent): void => {
    if (!seen || (event.key !== "Shift" && event.key !== "Alt")) return;
    seen = { ...seen, shift: event.shiftKey, alt: event.altKey };
    soon();
  };
  surface.addEventListener("pointerleave", left);
  document.addEventListener("keydown", modified);
  document.addEventListener("keyup", modified);
  map.on("moveend", soon);

  function refresh(): void {
    now = read();
    options.moved();
  }

  return {
    pointer: () => now,
    crosshair: () => (keyboard && now ? now.raw : null),
    entry,
    steer(dx, dy) {
      const [width = 0, height = 0] = map.getSize() ?? [];
      const [x, y] = keyboard && seen ? seen.pixel : [width / 2, height / 2];
      const next: [number, number] = keyboard ? [x + dx, y + dy] : [x, y];
      const margin = 40;
      const inside: [number, number] = [
        Math.min(Math.max(next[0], margin), width - margin),
        Math.min(Math.max(next[1], margin), height - margin),
      ];
      const view = map.getView();
      const resolution = view.getResolution() ?? 1;
      const centre = view.getCenter();
      if (centre && (inside[0] !== next[0] || inside[1] !== next[1])) {
        const [cx = 0, cy = 0] = centre;
        view.setCenter([cx + (next[0] - inside[0]) * resolution, cy - (next[1] - inside[1]) * resolution]);
        map.renderSync();
      }
      seen = { pixel: inside, shift: false, alt: false };
      keyboard = true;
      now = read();
      if (now) options.tool()?.move?.(now);
      options.moved();
    },
    press(shift) {
      if (!keyboard || !seen) return;
      seen = { ...seen, shift };
      now = read();
      click();
      seen = { ...seen, shift: false };
    },
    refresh,
    remove() {
      map.removeInteraction(interaction);
      window.cancelAnimationFrame(frame);
      surface.removeEventListener("pointerleave", left);
      document.removeEventListener("keydown", modified);
      document.removeEventListener("keyup", modified);
      map.un("moveend", soon);
      entry.element.remove();
    },
  };
}

function isDouble(last: Click | null, event: MapBrowserEvent): boolean {
  if (!last || event.originalEvent.timeStamp - last.at > DOUBLE_MS) return false;
  const [x = 0, y = 0] = event.pixel;
  return Math.hypot(x - (last.pixel[0] ?? 0), y - (last.pixel[1] ?? 0)) <= DOUBLE_PIXELS;
}

function isMain(event: MapBrowserEvent): boolean {
  const { button = 0 } = event.originalEvent as PointerEvent;
  return button === 0;
}

