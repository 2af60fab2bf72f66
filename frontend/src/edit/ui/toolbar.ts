/** The editing toolbar: tools by number, actions by letter, the tool's hint and fields under it. Refuses to hide why a tool can't be used. */

import { t, type Key } from "../../i18n";
import { h, replace } from "../../ui/dom";
import { icon, type IconName } from "../../ui/icons";
import { toast } from "../../ui/notice";
import type { EditToolId, Tool, ToolKind } from "../tools/tool";

export interface EditAction {
  id: string;
  key: string;
  icon: IconName;
  title: Key;
  barred(): Key | null;
  run(): void;
}

export interface ToolbarOptions {
  tools: readonly ToolKind[];
  actions: readonly EditAction[];
  /** Why a tool can't be used now, or null. */
  barred(tool: ToolKind): Key | null;
  use(tool: EditToolId): void;
}

export interface EditToolbar {
  element: HTMLElement;
  /** Which tool is in hand, what it says, what can't be used. */
  show(current: EditToolId, tool: Tool): void;
}

export function editToolbar({ tools, actions, barred, use }: ToolbarOptions): EditToolbar {
  const hint = h("span", { class: "edit-hint", attrs: { role: "status" } });
  const fields = h("span", { class: "edit-fields" });
  const buttons = new Map<string, { button: HTMLButtonElement; title: string; why(): Key | null }>();
  const make = (id: string, name: IconName, title: Key, key: string, why: () => Key | null, run: () => void): HTMLButtonElement => {
    const button = h(
      "button",
      {
        type: "button",
        class: "map-button",
        data: { tool: id },
        ariaLabel: t(title),
        attrs: { "aria-keyshortcuts": key },
        on: {
          click: () => {
            const reason = why();
            if (reason) toast(t(reason));
            else run();
          },
        },
      },
      icon(name),
      h("span", {}, t(title)),
      h("kbd", {}, key),
    );
    buttons.set(id, { button, title: `${t(title)}（${key}）`, why });
    return button;
  };
  const row = h(
    "div",
    { class: "edit-tools", attrs: { role: "toolbar", "aria-label": t("edit.title") } },
    ...tools.map((tool) => make(tool.id, tool.icon, tool.title, tool.key, () => barred(tool), () => use(tool.id))),
    h("span", { class: "edit-rule" }),
    ...actions.map((action) => make(action.id, action.icon, action.title, action.key, () => action.barred(), () => action.run())),
  );
  const bar = h("div", { class: "edit-strip" }, hint, fields);
  return {
    element: h("div", { class: "edit-bar" }, row, bar),
    show(current, tool) {
      for (const [id, { button, title, why }] of buttons) {
        const reason = why();
        button.title = reason ? `${title}：${t(reason)}` : title;
        button.setAttribute("aria-disabled", String(reason !== null));
        button.setAttribute("aria-pressed", String(id === current));
      }
      const text = tool.hint();
      if (hint.textContent !== text) hint.textContent = text;
      const options = tool.options?.() ?? null;
      // A field in use isn't taken out and put back: it would lose its focus.
      if (fields.firstChild !== options) replace(fields, options);
    },
  };
}
