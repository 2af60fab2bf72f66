/** A new parcel, ring after ring: holes and further parts too. Refuses a ring that crosses itself. */

import { t } from "../../i18n";
import { samePoint } from "../geometry";
import { lineCrosses, selfCrossings } from "../faults";
import type { SurveyShape } from "../types";
import { ringReadout, ringSketch } from "./lines";
import { shapeOfRings, strokes } from "./strokes";
import type { Tool, ToolContext, ToolKind } from "./tool";

export const drawTool: ToolKind = {
  id: "draw",
  key: "2",
  icon: "polygon",
  title: "edit.tool.draw",
  barred: () => null,
  start: (context) =>
    ringsTool(context, "edit.hint.draw", async (geometry) => {
      const { session } = context;
      if (!(await session.apply({ kind: "draw", geometry, values: {} }))) return false;
      session.setActive(`#${session.store.get().cursor}.1`, false);
      context.use("pick");
      return true;
    }),
};

/** Rings in hand until `take` accepts the shape; what a hole is drawn with too. */
export function ringsTool(
  context: ToolContext,
  hint: "edit.hint.draw" | "edit.hint.hole",
  take: (shape: SurveyShape) => Promise<boolean>,
  options?: () => HTMLElement,
): Tool {
  const rings = strokes(3);
  const close = (): boolean => {
    const open = rings.open();
    if (open.length < 3) return false;
    if (selfCrossings(shapeOfRings([open])).length) {
      context.say(t("edit.crosses"));
      return false;
    }
    return rings.close();
  };
  return {
    hint: () => t(rings.done().length && !rings.open().length ? "edit.hint.more_rings" : hint),
    ...(options ? { options } : {}),
    snapping: () => ({ own: [...rings.done().flat(), ...rings.open()], from: rings.last() }),
    from: () => rings.last(),
    before: () => rings.open()[rings.open().length - 2] ?? null,
    sketching: () => !rings.empty(),
    click(pointer) {
      const open = rings.open();
      const first = open[0];
      if (first && open.length >= 3 && samePoint(first, pointer.at)) close();
      else if (lineCrosses(open, pointer.at)) context.say(t("edit.crosses"));
      else rings.add(pointer.at);
      context.refresh();
    },
    double: () => void finish(false),
    finish: (more) => void finish(more),
    undo: () => rings.undo(),
    redo: () => rings.redo(),
    drop: () => rings.drop(),
    sketch: (pointer) => ringSketch(rings, pointer),
    readout: (pointer) => ringReadout(rings, pointer),
  };

  async function finish(more: boolean): Promise<void> {
    if (rings.open().length && !close()) {
      if (rings.open().length < 3) context.say(t("edit.too_few"));
      return;
    }
    if (!more && rings.done().length && (await take(shapeOfRings(rings.done())))) rings.clear();
    context.refresh();
    context.redraw();
  }
}
