/**
 * The small field beside the cursor for an exact length and angle: `L 25.3`, Tab, `90`, Enter.
 * Refuses to be in the way: it opens when asked for, and Esc or a set point closes it.
 */

import { t } from "../i18n";
import { h } from "../ui/dom";
import { icon } from "../ui/icons";
import { isTyped, NOTHING_TYPED, type Typed } from "./tools/constrain";

export interface Entry {
  element: HTMLElement;
  open(first?: string): void;
  close(): void;
  isOpen(): boolean;
  typed(): Typed;
  place(x: number, y: number): void;
}

export function exactEntry(set: () => void, changed: () => void, closed: () => void): Entry {
  const field = (id: string, name: string, unit: string): HTMLInputElement =>
    h("input", {
      type: "text",
      inputMode: "decimal",
      id,
      class: "form-control",
      autocomplete: "off",
      spellcheck: false,
      ariaLabel: `${name}（${unit}）`,
      placeholder: name,
      on: { input: changed },
    });
  const length = field("edit-length", t("edit.entry.length"), t("metre"));
  const angle = field("edit-angle", t("edit.entry.angle"), "°");
  const element = h(
    "div",
    { class: "edit-entry", hidden: true, attrs: { role: "group", "aria-label": t("edit.entry.label") } },
    icon("ruler"),
    length,
    h("span", {}, "m"),
    angle,
    h("span", {}, "°"),
  );
  const close = (): void => {
    if (element.hidden) return;
    element.hidden = true;
    length.value = angle.value = "";
    closed();
  };
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (isTyped(typed())) set();
      close();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      event.preventDefault();
      const next = event.target === length ? angle : length;
      next.focus();
      next.select();
    }
    event.stopPropagation();
  });

  const typed = (): Typed =>
    element.hidden ? NOTHING_TYPED : { length: positive(length.value), angle: decimal(angle.value) };
  return {
    element,
    open(first = "") {
      element.hidden = false;
      length.value = first;
      angle.value = "";
      length.focus();
      changed();
    },
    close,
    isOpen: () => !element.hidden,
    typed,
    place(x, y) {
      element.style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
    },
  };
}

/** Full-width digits and a comma for the point are read too; 12-30-36 is degrees, minutes, seconds. */
export function decimal(text: string): number | null {
  const plain = text.normalize("NFKC").trim().replace(",", ".");
  const parts = /^(-?\d+)-(\d{1,2})(?:-(\d{1,2}(?:\.\d+)?))?$/.exec(plain);
  if (parts) return Number(parts[1]) + Number(parts[2]) / 60 + Number(parts[3] ?? 0) / 3600;
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}

const positive = (text: string): number | null => {
  const value = decimal(text);
  return value !== null && value > 0 ? value : null;
};
