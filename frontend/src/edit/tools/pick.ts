/** Choosing parcels to work on: click, Shift-click for several, double click for its vertices. Refuses to change anything. */

import { t } from "../../i18n";
import { areaWords } from "../figures";
import { planarArea } from "../geometry";
import { parcelName } from "../words";
import type { ParcelKey } from "../types";
import type { Sketch, ToolContext, ToolKind } from "./tool";

export const pickTool: ToolKind = {
  id: "pick",
  key: "1",
  icon: "pointer",
  title: "edit.tool.pick",
  barred: () => null,
  start(context) {
    const { session } = context;
    return {
      hint: () => t("edit.hint.pick"),
      snapping: () => null,
      click(pointer) {
        const key = context.at(pointer.raw);
        if (pointer.shift) return key ? togglePicked(context, key) : undefined;
        session.setActive(key);
      },
      double(pointer) {
        const key = context.at(pointer.raw);
        if (!key) return;
        session.setActive(key);
        context.use("vertices");
      },
      key(event) {
        const { active } = session.store.get();
        if (event.key === "Enter" && active) context.use("vertices");
        else return false;
        return true;
      },
      drop() {
        const chosen = session.store.get().picked.length > 0;
        session.setActive("");
        return chosen;
      },
      sketch: (pointer) => hovered(context, pointer ? context.at(pointer.raw) : ""),
      readout(pointer) {
        const one = context.scene.get(context.at(pointer.raw));
        return one ? [parcelName(one.key, () => one.code), areaWords(planarArea(one.shape))] : [];
      },
    };
  },
};

export function togglePicked({ session }: ToolContext, key: ParcelKey): void {
  const { picked } = session.store.get();
  session.setPicked(picked.includes(key) ? picked.filter((one) => one !== key) : [...picked, key]);
}

export function hovered({ scene }: ToolContext, key: ParcelKey): Sketch {
  const one = key ? scene.get(key) : undefined;
  return { areas: one ? [{ shape: one.shape, look: "hover" }] : [] };
}
