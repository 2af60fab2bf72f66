/** The keyboard's ways, and the dialog that lists them. Refuses to take a key from a text field. */

import { t, type Key } from "../i18n";
import { h } from "./dom";
import { icon } from "./icons";

export interface KeyActions {
  select(): void;
  polygon(): void;
  stop(): void;
  search(): void;
  home(): void;
  print(): void;
  help(): void;
  /** False where drawing isn't going on: the key then keeps its usual meaning. */
  takeBack(): boolean;
  finish(): boolean;
}

const ROWS: [string[], Key][] = [
  [["1"], "keys.select"],
  [["2"], "keys.polygon"],
  [["Esc"], "keys.esc"],
  [["Enter"], "keys.enter"],
  [["Ctrl", "Z"], "keys.undo"],
  [["/"], "keys.search"],
  [["↑", "↓"], "keys.list"],
  [["←", "↑", "→", "↓"], "keys.arrows"],
  [["+", "−"], "keys.zoom"],
  [["H"], "keys.home"],
  [["Ctrl", "P"], "keys.print"],
  [["?"], "keys.help"],
];

export function listenToKeys(actions: KeyActions): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey) {
      const key = event.key.toLowerCase();
      if (key === "p" && !event.shiftKey) {
        event.preventDefault();
        actions.print();
      } else if (key === "z" && !event.shiftKey && !isTyping(event.target) && actions.takeBack()) {
        event.preventDefault();
      }
      return;
    }
    if (event.altKey) return;
    if (event.key === "Escape") return actions.stop();
    if (isTyping(event.target)) return;
    if (event.key === "Enter") {
      if (!isControl(event.target) && actions.finish()) event.preventDefault();
      return;
    }
    const act = { "1": actions.select, "2": actions.polygon, "/": actions.search, h: actions.home, "?": actions.help }[
      event.key.length === 1 ? event.key.toLowerCase() : event.key
    ];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, summary, tr, [role=option]") !== null;
}

export function keysDialog(): HTMLDialogElement {
  const dialog = h(
    "dialog",
    { class: "keys-dialog", attrs: { "aria-labelledby": "keys-title" } },
    h(
      "header",
      { class: "panel-head" },
      h("h2", { id: "keys-title" }, t("keys.title")),
      h(
        "button",
        { type: "button", class: "icon-button", ariaLabel: t("keys.close"), on: { click: () => dialog.close() } },
        icon("close"),
      ),
    ),
    h(
      "dl",
      {},
      ...ROWS.flatMap(([keys, text]) => [
        h("dt", {}, ...keys.map((key) => h("kbd", {}, key))),
        h("dd", {}, t(text)),
      ]),
    ),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  return dialog;
}
