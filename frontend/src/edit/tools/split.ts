/** The chosen parcel cut by one or more lines. Refuses to cut by itself: the server does, so that no part is lost. */

import { t } from "../../i18n";
import { lineReadout, lineSketch } from "./lines";
import { strokes } from "./strokes";
import type { ToolKind } from "./tool";

export const splitTool: ToolKind = {
  id: "split",
  key: "5",
  icon: "split",
  title: "edit.tool.split",
  barred: ({ session }) => (session.store.get().active ? null : "edit.bar.parcel"),
  start(context) {
    const { session } = context;
    const lines = strokes(2);
    const finish = async (more: boolean): Promise<void> => {
      if (lines.open().length && !lines.close()) return context.say(t("edit.line_short"));
      if (!more && lines.done().length) {
        const { active, cursor } = session.store.get();
        const done = await session.apply({ kind: "split", parcel: active, lines: lines.done().map((line) => [...line]) });
        if (done) {
          lines.clear();
          session.setActive(`#${cursor + 1}.1`, false);
          context.say(t("edit.split_said", { n: madeBy(cursor + 1) }));
          context.use("pick");
        }
      }
      context.refresh();
      context.redraw();
    };
    const madeBy = (n: number): number =>
      session.store.get().parcels.filter(({ key, state }) => key.startsWith(`#${n}.`) && state !== "ended").length;
    return {
      hint: () => t("edit.hint.split"),
      snapping: () => ({ own: [...lines.done().flat(), ...lines.open()], from: lines.last() }),
      from: () => lines.last(),
      before: () => lines.open()[lines.open().length - 2] ?? null,
      sketching: () => !lines.empty(),
      click(pointer) {
        lines.add(pointer.at);
        context.refresh();
      },
      double: () => void finish(false),
      finish: (more) => void finish(more),
      undo: () => lines.undo(),
      redo: () => lines.redo(),
      drop: () => lines.drop(),
      sketch: (pointer) => lineSketch(lines, pointer, "cut"),
      readout: (pointer) => lineReadout(lines, pointer),
    };
  },
};
