/** The choices above maps and charts, as labelled fields. Refuses to keep a value: the view does. */

import { t } from "../i18n";
import { today } from "../register/days";
import { h } from "../ui/dom";

type Option = readonly [value: string, label: string];

export function field(label: string, ...inside: HTMLElement[]): HTMLElement {
  return h("label", { class: "atlas-field" }, h("span", {}, label), ...inside);
}

export function choice(label: string, options: readonly Option[], value: string, chosen: (value: string) => void): HTMLElement {
  const select = h(
    "select",
    { class: "form-select form-select-sm", on: { change: () => chosen(select.value) } },
    ...options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
  );
  return field(label, select);
}

/** A few values beside each other; several of them may be on. */
export function toggles(label: string, options: readonly Option[], on: readonly string[], toggled: (value: string) => void): HTMLElement {
  return h(
    "div",
    { class: "atlas-field", attrs: { role: "group", "aria-label": label } },
    h("span", {}, label),
    h(
      "div",
      { class: "btn-group" },
      ...options.map(([key, text]) =>
        h(
          "button",
          {
            type: "button",
            class: `btn btn-sm ${on.includes(key) ? "btn-primary" : "btn-outline-secondary"}`,
            attrs: { "aria-pressed": String(on.includes(key)) },
            on: { click: () => toggled(key) },
          },
          text,
        ),
      ),
    ),
  );
}

export function button(text: string, click: () => void, kind = "btn-outline-primary"): HTMLElement {
  return h("button", { type: "button", class: `btn btn-sm ${kind}`, on: { click } }, text);
}

export function link(text: string, address: string): HTMLElement {
  return h("a", { class: "btn btn-sm btn-outline-primary", href: address, attrs: { download: "" } }, text);
}

/** The foot of a printed sheet: what the figures are, where they come from, by which rules, made when. */
export function sources(parts: readonly string[]): HTMLElement {
  return h("footer", { class: "atlas-sources" }, ...[...parts, t("atlas.made", { date: today() })].map((part) => h("span", {}, part)));
}
