/** The keyboard's ways, and the dialog that lists them. Refuses to take a key from a text field. */

import { t, type Key } from "../i18n";
import { h } from "./dom";
import { icon } from "./icons";

export interface KeyActions {
  select(): void;
  polygon(): void;
  cluster(): void;
  stop(): void;
  search(): void;
  home(): void;
  print(): void;
  help(): void;
  history(): void;
  /** False where drawing isn't going on: the key then keeps its usual meaning. */
  takeBack(): boolean;
  bringBack(): boolean;
  finish(): boolean;
}

const ROWS: [string[], Key][] = [
  [["1"], "keys.select"],
  [["2"], "keys.polygon"],
  [["3"], "keys.cluster"],
  [["Esc"], "keys.esc"],
  [["Enter"], "keys.enter"],
  [["Ctrl", "Z"], "keys.undo"],
  [["Ctrl", "Y"], "keys.redo"],
  [["/"], "keys.search"],
  [["↑", "↓"], "keys.list"],
  [["←", "↑", "→", "↓"], "keys.arrows"],
  [["+", "−"], "keys.zoom"],
  [["H"], "keys.home"],
  [["D"], "keys.history"],
  [["Ctrl", "P"], "keys.print"],
  [["?"], "keys.help"],
];

/** Heard by the editing tools; listed here so that “?” tells all of them. */
const EDIT_ROWS: [string[], Key][] = [
  [["E"], "keys.edit.toggle"],
  [["1", "…", "9"], "keys.edit.tools"],
  [["A", "R", "T", "C"], "keys.edit.actions"],
  [["Ctrl", "Z"], "keys.edit.undo"],
  [["Ctrl", "Shift", "Z"], "keys.edit.redo"],
  [["Ctrl", "Y"], "keys.edit.redo"],
  [["Enter"], "keys.edit.enter"],
  [["L"], "keys.edit.length"],
  [["Shift"], "keys.edit.square"],
  [["Alt"], "keys.edit.alt"],
  [["Tab", "Insert", "Delete"], "keys.edit.vertex"],
  [["←", "↑", "→", "↓"], "keys.edit.cross"],
  [["F6"], "keys.edit.panel"],
  [["Ctrl", "S"], "keys.edit.save"],
];

export function listenToKeys(actions: KeyActions): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey) {
      const key = event.key.toLowerCase();
      if (key === "p" && !event.shiftKey) {
        event.preventDefault();
        actions.print();
      } else if ((key === "z" || key === "y") && !isTyping(event.target)) {
        const back = key === "z" && !event.shiftKey;
        if (back ? actions.takeBack() : actions.bringBack()) event.preventDefault();
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
    const act = { "1": actions.select, "2": actions.polygon, "3": actions.cluster, "/": actions.search, h: actions.home, d: actions.history, "?": actions.help }[
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

/** `editing`: the person may edit, so those keys are told too. */
export function keysDialog(editing = false): HTMLDialogElement {
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
    keyList(ROWS),
    ...(editing ? [h("h3", {}, t("keys.edit.section")), keyList(EDIT_ROWS)] : []),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  return dialog;
}

function keyList(rows: readonly [string[], Key][]): HTMLElement {
  return h(
    "dl",
    {},
    ...rows.flatMap(([keys, text]) => [h("dt", {}, ...keys.map((key) => h("kbd", {}, key))), h("dd", {}, t(text))]),
  );
}
