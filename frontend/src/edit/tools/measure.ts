/** A length and an area on the ground's plane, with nothing left behind. Refuses to become an operation. */

import { t } from "../../i18n";
import { lineReadout, ringReadout, ringSketch } from "./lines";
import { strokes } from "./strokes";
import type { ToolKind } from "./tool";

export const measureTool: ToolKind = {
  id: "measure",
  key: "9",
  icon: "ruler",
  title: "edit.tool.measure",
  barred: () => null,
  start(context) {
    const line = strokes(2);
    return {
      hint: () => t("edit.hint.measure"),
      snapping: () => ({ own: line.open(), from: line.last() }),
      from: () => line.last(),
      before: () => line.open()[line.open().length - 2] ?? null,
      sketching: () => !line.empty(),
      click(pointer) {
        line.add(pointer.at);
      },
      double: () => finish(),
      finish: () => finish(),
      undo: () => line.undo(),
      redo: () => line.redo(),
      drop: () => line.drop(),
      sketch: (pointer) => ringSketch(line, pointer),
      readout: (pointer) => [
        ...lineReadout(line, pointer),
        ...ringReadout(line, pointer).slice(line.last() ? 1 : 0),
      ],
    };

    /** The figures stay in a line at the foot until the next sketch. */
    function finish(): void {
      const points = line.open();
      const end = points[points.length - 1];
      const before = points[points.length - 2];
      if (end && before) {
        const rest = points.slice(0, -1);
        const kept = strokes(2);
        rest.forEach((point) => kept.add(point));
        const pointer = { pixel: [0, 0] as [number, number], raw: end, at: end, snap: null, shift: false, reach: 0 };
        context.say([...lineReadout(kept, pointer), ...ringReadout(kept, pointer).slice(1)].join(" · "));
      }
      line.clear();
      context.redraw();
    }
  },
};
