/** A strip of a given area off the chosen parcel, from a side or along an edge. Refuses an area that the parcel hasn't got. */

import { number } from "../../format";
import { t } from "../../i18n";
import { plainButton } from "../../ui/dialog";
import { h } from "../../ui/dom";
import { AREA_UNITS, readArea, type AreaUnit } from "../area-units";
import { nearestOnEdge, planarArea } from "../geometry";
import type { Point, Side } from "../types";
import { edgesOf } from "../vertices";
import type { ToolKind } from "./tool";

const SIDES: readonly Side[] = ["north", "south", "east", "west"];

export const subdivideTool: ToolKind = {
  id: "subdivide",
  key: "7",
  icon: "subdivide",
  title: "edit.tool.subdivide",
  barred: ({ session }) => (session.store.get().active ? null : "edit.bar.parcel"),
  start(context) {
    const { session } = context;
    let edge: [Point, Point] | null = null;
    let hover: [Point, Point] | null = null;
    const area = h("input", {
      type: "text",
      inputMode: "decimal",
      class: "form-control edit-area",
      id: "edit-subdivide-area",
      ariaLabel: t("edit.subdivide.area"),
      placeholder: t("edit.subdivide.area"),
      on: { keydown: (event) => event.key === "Enter" && (event.preventDefault(), void run()) },
    });
    const unit = h(
      "select",
      { class: "form-select edit-unit", ariaLabel: t("edit.subdivide.unit") },
      ...AREA_UNITS.map((one) => h("option", { value: one }, t(`edit.unit.${one}`))),
    );
    const side = h(
      "select",
      {
        class: "form-select edit-side",
        id: "edit-subdivide-side",
        ariaLabel: t("edit.subdivide.side"),
        on: { change: () => ((edge = null), context.redraw()) },
      },
      ...SIDES.map((one) => h("option", { value: one }, t(`edit.side.${one}`))),
      h("option", { value: "edge" }, t("edit.side.edge")),
    );
    const options = h("span", { class: "edit-option" }, area, unit, side, plainButton(t("edit.subdivide.run"), () => void run(), "btn-primary"));
    const shape = (): ReturnType<typeof session.shapeOf> => session.shapeOf(session.store.get().active);

    async function run(): Promise<void> {
      const { active, cursor } = session.store.get();
      const whole = shape();
      const area_m2 = readArea(area.value, unit.value as AreaUnit);
      if (!whole || !area_m2) {
        area.focus();
        return context.say(t("edit.subdivide.no_area"));
      }
      const has = planarArea(whole);
      if (area_m2 >= has) return context.say(t("edit.subdivide.too_much", { m2: number(has, 2), mu: number((has * 15) / 10_000, 3) }));
      if (side.value === "edge" && !edge) return context.say(t("edit.subdivide.no_edge"));
      const from = edge ? { edge } : { side: side.value as Side };
      if (!(await session.apply({ kind: "subdivide", parcel: active, area_m2, ...from }))) return;
      session.setActive(`#${cursor + 1}.1`, false);
      context.use("pick");
    }

    const near = (point: Point, reach: number): [Point, Point] | null => {
      const edges = edgesOf(shape() ?? { type: "MultiPolygon", coordinates: [] });
      const found = edges
        .map((one) => ({ edge: one.edge, away: nearestOnEdge(point, ...one.edge).distance }))
        .sort((a, b) => a.away - b.away)[0];
      return found && found.away <= reach ? found.edge : null;
    };
    return {
      hint: () => t("edit.hint.subdivide"),
      options: () => options,
      snapping: () => null,
      move(pointer) {
        hover = near(pointer.raw, pointer.reach);
      },
      click(pointer) {
        const found = near(pointer.raw, pointer.reach);
        if (!found) return;
        edge = found;
        side.value = "edge";
      },
      finish: () => void run(),
      drop() {
        const had = edge !== null;
        edge = null;
        if (had) side.value = "north";
        return had;
      },
      sketch: () => ({
        lines: [
          ...(hover && hover !== edge ? [{ points: hover, look: "hover" as const }] : []),
          ...(edge ? [{ points: edge, look: "cut" as const }] : []),
        ],
      }),
    };
  },
};
