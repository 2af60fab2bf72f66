/** Several parcels into one. Refuses fewer than two; whether they touch and whose they are is the server's to say. */

import { t } from "../../i18n";
import { areaWords } from "../figures";
import { planarArea } from "../geometry";
import { plainButton } from "../../ui/dialog";
import { h } from "../../ui/dom";
import { hovered, togglePicked } from "./pick";
import type { ToolKind } from "./tool";

export const mergeTool: ToolKind = {
  id: "merge",
  key: "6",
  icon: "merge",
  title: "edit.tool.merge",
  barred: () => null,
  start(context) {
    const { session, scene } = context;
    const run = async (): Promise<void> => {
      const { picked, cursor } = session.store.get();
      if (picked.length < 2) return context.say(t("edit.merge.two"));
      if (!(await session.apply({ kind: "merge", parcels: [...picked] }))) return;
      session.setActive(`#${cursor + 1}.1`, false);
      context.use("pick");
    };
    return {
      hint: () => t("edit.hint.merge"),
      snapping: () => null,
      options() {
        const { picked } = session.store.get();
        const area = picked.reduce((total, key) => total + planarArea(scene.get(key)?.shape ?? { type: "MultiPolygon", coordinates: [] }), 0);
        const button = plainButton(t("edit.merge.run", { n: picked.length }), () => void run(), "btn-primary");
        button.disabled = picked.length < 2;
        button.title = picked.length < 2 ? t("edit.merge.two") : "";
        return h("span", { class: "edit-option" }, picked.length ? h("span", { class: "num" }, areaWords(area)) : null, button);
      },
      click(pointer) {
        const key = context.at(pointer.raw);
        if (key) togglePicked(context, key);
        context.refresh();
      },
      finish: () => void run(),
      drop() {
        const chosen = session.store.get().picked.length > 0;
        session.setActive("");
        context.refresh();
        return chosen;
      },
      sketch: (pointer) => hovered(context, pointer ? context.at(pointer.raw) : ""),
    };
  },
};
