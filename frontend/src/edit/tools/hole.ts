/** A hole in the chosen parcel; the ground cut out becomes a parcel of its own when asked to. Refuses to choose that itself. */

import { t } from "../../i18n";
import { h } from "../../ui/dom";
import { ringsTool } from "./draw";
import type { ToolKind } from "./tool";

export const holeTool: ToolKind = {
  id: "hole",
  key: "8",
  icon: "hole",
  title: "edit.tool.hole",
  barred: ({ session }) => (session.store.get().active ? null : "edit.bar.parcel"),
  start(context) {
    const keep = h("input", { type: "checkbox", class: "form-check-input", checked: true, id: "edit-hole-keep" });
    const options = h("label", { class: "edit-option" }, keep, h("span", {}, t("edit.hole.keep")));
    return ringsTool(
      context,
      "edit.hint.hole",
      async (geometry) => {
        const { active, cursor } = context.session.store.get();
        const done = await context.session.apply({ kind: "cut_hole", parcel: active, geometry, keep: keep.checked });
        if (done) {
          context.session.setActive(keep.checked ? `#${cursor + 1}.1` : active, false);
          context.use("pick");
        }
        return done;
      },
      () => options,
    );
  },
};
