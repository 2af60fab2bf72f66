/**
 * A window over the page that asks one thing: titled, closed by Esc, the focus returned to where it came from.
 * Refuses to close while work that can't be taken back is under way, and at a click beside it: what was typed would be lost.
 */

import { t } from "../i18n";
import { append, h } from "./dom";
import { icon } from "./icons";

export interface DialogOptions {
  title: string;
  /** Beside the usual look: "is-wide", "is-small". */
  size?: string;
  body: (Node | string | null)[];
  /** Buttons, from the left; the one that acts stands last. */
  foot?: (Node | null)[];
  /** After it closed, whatever closed it. */
  closed?(): void;
  /** False keeps it open (an upload runs). */
  mayClose?(): boolean;
}

export interface Dialog {
  element: HTMLDialogElement;
  body: HTMLElement;
  close(): void;
}

let made = 0;

/** Shows the dialog at once. */
export function showDialog(options: DialogOptions): Dialog {
  const before = document.activeElement;
  const id = `dialog-title-${(made += 1)}`;
  const mayClose = (): boolean => options.mayClose?.() ?? true;
  const ask = (): void => void (mayClose() && element.close());
  const body = h("div", { class: "dialog-body" });
  append(body, options.body);
  const element: HTMLDialogElement = h(
    "dialog",
    { class: `form-dialog ${options.size ?? ""}`.trim(), attrs: { "aria-labelledby": id } },
    h(
      "header",
      { class: "panel-head" },
      h("h2", { id }, options.title),
      h(
        "button",
        { type: "button", class: "icon-button", title: t("dialog.close"), ariaLabel: t("dialog.close"), on: { click: ask } },
        icon("close"),
      ),
    ),
    body,
    options.foot ? h("footer", { class: "dialog-foot" }, ...options.foot) : null,
  );
  element.addEventListener("cancel", (event) => {
    if (!mayClose()) event.preventDefault();
  });
  element.addEventListener(
    "close",
    () => {
      element.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      options.closed?.();
    },
    { once: true },
  );
  document.body.append(element);
  element.showModal();
  element.querySelector<HTMLElement>("[data-first], .dialog-body input:not([type=hidden]), .dialog-body select, .dialog-body textarea")?.focus();
  return { element, body, close: () => element.close() };
}

/** A button that says why it can't be pressed: to the pointer, to the screen reader, and in a line beside it. */
export interface ActButton {
  element: HTMLElement;
  button: HTMLButtonElement;
  /** "" lets it be pressed. */
  refuse(why: string): void;
  busy(on: boolean): void;
}

export function actButton(label: string, act: () => void, look = "btn-primary"): ActButton {
  const id = `why-${(made += 1)}`;
  const why = h("span", { id, class: "act-why", attrs: { "aria-live": "polite" } });
  // aria-disabled instead of disabled: the keyboard still reaches it and hears the reason.
  const button = h(
    "button",
    {
      type: "button",
      class: `btn btn-sm ${look}`,
      attrs: { "aria-describedby": id },
      on: { click: () => button.getAttribute("aria-disabled") !== "true" && act() },
    },
    label,
  );
  let reason = "";
  let working = false;
  const draw = (): void => {
    why.textContent = reason;
    button.title = reason;
    button.setAttribute("aria-disabled", String(working || reason !== ""));
    button.setAttribute("aria-busy", String(working));
  };
  draw();
  return {
    element: h("span", { class: "act" }, why, button),
    button,
    refuse(text) {
      reason = text;
      draw();
    },
    busy(on) {
      working = on;
      draw();
    },
  };
}

export function plainButton(label: string, act: () => void, look = ""): HTMLButtonElement {
  return h("button", { type: "button", class: `btn btn-sm ${look}`.trim(), on: { click: act } }, label);
}
