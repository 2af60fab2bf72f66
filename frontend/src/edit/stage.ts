/**
 * The map while parcels are edited: layers, hand and the tool in use, brought together.
 * Refuses to know of drafts, dialogs and saving: those are the mode's.
 */

import { t } from "../i18n";
import { gliding } from "../map/motion";
import type { WorkspaceMap } from "../map/workspace-map";
import { toast } from "../ui/notice";
import type { Convert } from "./convert";
import type { ExactBook } from "./exact";
import { planarArea } from "./geometry";
import { createHand, type Hand } from "./hand";
import { editLayers, type EditLayers } from "./layer";
import { cursorReadout } from "./readout";
import { boxOfShape } from "./scene";
import type { CoreSession } from "./session";
import { toolKind } from "./tools";
import { hovered } from "./tools/pick";
import type { EditToolId, Sketch, Tool, ToolContext, ToolKind } from "./tools/tool";
import type { Finding, ParcelKey, SurveyShape } from "./types";

export interface Stage {
  hand: Hand;
  layers: EditLayers;
  tool(): Tool;
  current(): EditToolId;
  use(id: EditToolId): void;
  barred(kind: ToolKind): ReturnType<ToolKind["barred"]>;
  redraw(): void;
  hover(key: ParcelKey): void;
  locate(what: Finding | ParcelKey): void;
  fit(shapes: readonly SurveyShape[]): void;
  /** Reads the exact parcels that the view lacks. */
  readView(): Promise<void>;
  remove(): void;
}

export interface StageOptions {
  chart: WorkspaceMap;
  surface: HTMLElement;
  convert: Convert;
  exact: ExactBook;
  session: CoreSession;
  /** The tool, its hint or its options changed. */
  changed(): void;
}

/** Mercator metres a pixel: further out, a pixel hides more than a vertex, and a view more than one answer holds. */
const READ_FROM = 6;

export function createStage({ chart, surface, convert, exact, session, changed }: StageOptions): Stage {
  const { map } = chart;
  const { scene, store } = session;
  const layers = editLayers(map, convert);
  const readout = cursorReadout(surface);
  let current: EditToolId = "pick";
  let pointedAt: ParcelKey = "";
  let frame = 0;

  const context: ToolContext = {
    session,
    scene,
    at: (point) => [...scene.at(point)].sort((a, b) => planarArea(a.shape) - planarArea(b.shape))[0]?.key ?? "",
    redraw: () => redraw(),
    say: toast,
    use: (id) => use(id),
    refresh: () => changed(),
  };
  let tool: Tool = toolKind(current).start(context);

  const paint = (): void => {
    frame = 0;
    const pointer = hand.pointer();
    const sketch = merged(tool.sketch(pointer), pointedAt ? hovered(context, pointedAt) : {});
    layers.sketch(sketch, pointer?.snap ?? null, hand.crosshair());
    const lines = pointer ? (tool.readout?.(pointer) ?? []) : [];
    readout.show(lines, pointer?.pixel ?? null, hand.entry.isOpen());
    surface.classList.toggle("is-faulty", !!sketch.points?.some(({ look }) => look === "bad"));
    surface.dataset["editSnap"] = pointer?.snap?.kind ?? "";
    surface.dataset["editSketch"] = tool.sketching?.() ? "on" : "";
  };
  const redraw = (): void => {
    if (!frame) frame = window.requestAnimationFrame(paint);
  };
  const hand = createHand({
    map,
    surface,
    convert,
    scene,
    tool: () => tool,
    moved: redraw,
    acted: () => changed(),
  });

  const use = (id: EditToolId): void => {
    const kind = toolKind(id);
    const reason = kind.barred(context);
    if (reason) return toast(t(reason));
    const { error, conflicts, canSave, dirty } = session.store.get();
    // What couldn't be done with the last tool is over; what keeps the draft from being saved stays.
    if (error && !conflicts.length && (canSave || !dirty)) session.store.set({ error: "" });
    hand.entry.close();
    tool.end?.();
    current = id;
    tool = kind.start(context);
    layers.vertices(id === "vertices");
    surface.dataset["editTool"] = id;
    surface.classList.toggle("is-drawing", id !== "pick" && id !== "merge");
    hand.refresh();
    changed();
  };

  let seenParcels: unknown = null;
  const draw = (): void => {
    const state = store.get();
    layers.draw(state, scene);
    if (state.parcels !== seenParcels) {
      seenParcels = state.parcels;
      layers.drawStored(scene);
    }
    // What the tool needs may be gone with an undo.
    if (current !== "pick" && toolKind(current).barred(context)) use("pick");
    redraw();
  };
  const unsubscribe = store.subscribe((next, previous) => {
    const seen = (["parcels", "findings", "active", "picked", "others"] as const).some((name) => next[name] !== previous[name]);
    if (seen) draw();
    changed();
  });

  const extent = (): number[] => map.getView().calculateExtent(map.getSize());
  let crowded = false;
  const readView = async (): Promise<void> => {
    const far = (map.getView().getResolution() ?? Infinity) > READ_FROM;
    layers.drawStored(scene);
    if (far) {
      surface.dataset["editReady"] = "far";
      return;
    }
    try {
      await exact.load(convert.boxFromScreen(extent()));
      surface.dataset["editReady"] = "true";
      surface.dataset["editExact"] = String(exact.size());
      if (exact.truncated() && !crowded) toast(t("edit.truncated"));
      crowded = exact.truncated();
    } catch (error) {
      surface.dataset["editReady"] = "failed";
      session.fail((error as Error).message);
    }
    layers.drawStored(scene);
    redraw();
  };
  const moved = (): void => void readView();
  map.on("moveend", moved);
  const unread = exact.onChange(() => draw());

  const fit = (shapes: readonly SurveyShape[]): void => {
    const points = shapes.flatMap((shape) => {
      const [w, s, e, n] = boxOfShape(shape);
      return [convert.toScreen([w, s]), convert.toScreen([e, n])];
    });
    if (!points.length) return;
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const around = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    map.getView().fit(around, { padding: [90, 70, 70, 70], maxZoom: 19, duration: gliding(240) });
  };

  draw();
  return {
    hand,
    layers,
    tool: () => tool,
    current: () => current,
    use,
    barred: (kind) => kind.barred(context),
    redraw,
    hover(key) {
      pointedAt = key;
      redraw();
    },
    locate(what) {
      if (typeof what === "string") {
        const shape = session.shapeOf(what) ?? session.storedShapeOf(what);
        return shape ? fit([shape]) : undefined;
      }
      layers.flash(what);
      const keys = what.parcels.flatMap((key) => session.shapeOf(key) ?? []);
      if (!what.at) return fit(keys);
      const view = map.getView();
      const close = Math.min(view.getResolution() ?? 1, 0.3);
      view.animate({ center: convert.toScreen(what.at), resolution: close, duration: gliding(240) });
    },
    fit,
    readView,
    remove() {
      tool.end?.();
      map.un("moveend", moved);
      unsubscribe();
      unread();
      window.cancelAnimationFrame(frame);
      hand.remove();
      readout.remove();
      layers.remove();
      surface.classList.remove("is-drawing", "is-faulty");
      for (const name of ["editTool", "editReady", "editExact", "editSnap", "editSketch"]) delete surface.dataset[name];
    },
  };
}

function merged(one: Sketch, other: Sketch): Sketch {
  return {
    areas: [...(one.areas ?? []), ...(other.areas ?? [])],
    lines: [...(one.lines ?? []), ...(other.lines ?? [])],
    points: [...(one.points ?? []), ...(other.points ?? [])],
    labels: [...(one.labels ?? []), ...(other.labels ?? [])],
  };
}

