/** Calm messages when something can't be read, with a way to try again. Refuses to blame the person. */

import { t } from "../i18n";
import { h } from "./dom";
import { icon } from "./icons";

export function notice(message: string, retry?: () => void, hint?: string): HTMLElement {
  return h(
    "div",
    { class: "notice", attrs: { role: "status" } },
    icon("alert"),
    h("div", {}, h("strong", {}, message), hint ? h("p", {}, hint) : null),
    retry
      ? h("button", { type: "button", class: "btn btn-sm", on: { click: () => retry() } }, t("error.retry"))
      : null,
  );
}

/** A line at the foot of the page that goes by itself, or when the next one comes. */
export function toast(text: string): void {
  document.querySelectorAll(".toast-line").forEach((older) => older.remove());
  const line = h("div", { class: "toast-line", attrs: { role: "status" } }, text);
  document.body.append(line);
  window.setTimeout(() => line.remove(), 2600);
}
