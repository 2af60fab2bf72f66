/** The chosen parcel fitted to its neighbours: an overlap given up, a sliver taken in. Refuses to touch the neighbours. */

import { t } from "../../i18n";
import { plainButton } from "../../ui/dialog";
import { h } from "../../ui/dom";
import { isMade } from "../operations";
import { parcelName } from "../words";
import { hovered } from "./pick";
import type { ToolKind } from "./tool";

export const adjustTool: ToolKind = {
  id: "adjust",
  key: "A",
  icon: "magnet",
  title: "edit.tool.adjust",
  barred: ({ session }) => (session.store.get().active ? null : "edit.bar.parcel"),
  start(context) {
    const { session } = context;
    let neighbour = "";
    const run = async (what: "overlap" | "gap"): Promise<void> => {
      const { active } = session.store.get();
      const neighbours = neighbour ? [neighbour] : null;
      if (await session.apply({ kind: "adjust", parcel: active, what, neighbours })) context.use("pick");
    };
    return {
      hint: () => t("edit.hint.adjust"),
      snapping: () => null,
      options: () =>
        h(
          "span",
          { class: "edit-option" },
          h("span", {}, neighbour ? t("edit.adjust.to", { parcel: parcelName(neighbour) }) : t("edit.adjust.to_all")),
          plainButton(t("edit.adjust.overlap"), () => void run("overlap"), "btn-primary"),
          plainButton(t("edit.adjust.gap"), () => void run("gap"), "btn-primary"),
        ),
      click(pointer) {
        const key = context.at(pointer.raw);
        if (key === session.store.get().active || isMade(key)) return;
        neighbour = key;
        context.refresh();
      },
      drop() {
        const had = neighbour !== "";
        neighbour = "";
        context.refresh();
        return had;
      },
      sketch: (pointer) => hovered(context, neighbour || (pointer ? context.at(pointer.raw) : "")),
    };
  },
};
