/**
 * A code list that is searched while typing, by code or by name, with the keyboard.
 * Refuses a value that the list doesn't hold, unless it was told that any text will do.
 */

import { t } from "../../i18n";
import { h, replace } from "../../ui/dom";
import type { Control } from "./fields";

export interface Choice {
  value: string;
  label: string;
  /** Shown small beside it and searched too: the code, the set. */
  detail?: string;
}

const SHOWN = 60;
let made = 0;

export function combobox(value: string, choices: readonly Choice[], options: { free?: boolean; placeholder?: string } = {}): Control<string> {
  const id = `combo-${(made += 1)}`;
  const list = h("ul", { id, class: "combo-list", hidden: true, attrs: { role: "listbox" } });
  const input = h("input", {
    type: "text",
    class: "form-control",
    autocomplete: "off",
    spellcheck: false,
    placeholder: options.placeholder ?? t("combo.placeholder"),
    attrs: {
      role: "combobox",
      "aria-expanded": "false",
      "aria-controls": id,
      "aria-autocomplete": "list",
    },
  });
  const element = h("div", { class: "combo" }, input, list);
  let chosen = value;
  let active = -1;
  let typed = false;

  const labelOf = (wanted: string): string => {
    const found = choices.find((one) => one.value === wanted);
    return found ? shownLabel(found) : wanted;
  };
  const write = (wanted: string): void => {
    chosen = wanted;
    typed = false;
    input.value = labelOf(wanted);
  };
  const close = (): void => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const found = (): Choice[] => matching(choices, typed ? input.value : "");
  const mark = (index: number): void => {
    const rows = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    active = rows.length ? (index + rows.length) % rows.length : -1;
    for (const [at, row] of rows.entries()) row.setAttribute("aria-selected", String(at === active));
    const row = rows[active];
    if (row) input.setAttribute("aria-activedescendant", row.id);
    row?.scrollIntoView?.({ block: "nearest" });
  };
  const open = (): void => {
    const rows = found();
    replace(
      list,
      ...rows.slice(0, SHOWN).map((one, index) =>
        h(
          "li",
          {
            id: `${id}-${index}`,
            attrs: { role: "option", "aria-selected": "false" },
            on: { mousedown: (event) => event.preventDefault(), click: () => take(one) },
          },
          h("span", {}, one.label),
          one.detail ? h("small", { class: "muted" }, one.detail) : null,
        ),
      ),
      rows.length ? null : h("li", { class: "combo-none" }, t(options.free ? "combo.free" : "combo.none")),
      rows.length > SHOWN ? h("li", { class: "combo-none" }, t("combo.more", { n: rows.length - SHOWN })) : null,
    );
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    active = -1;
    if (!typed) mark(Math.max(0, rows.findIndex((one) => one.value === chosen)));
  };
  const tell = (kind: "input" | "change"): void => void element.dispatchEvent(new Event(kind, { bubbles: true }));
  const take = (one: Choice): void => {
    write(one.value);
    close();
    tell("input");
    tell("change");
  };
  /** What stands in the field when it is left: a whole code or name counts as chosen. */
  const settleTyped = (): void => {
    if (!typed) return;
    const text = input.value.trim();
    const exact = choices.find((one) => [one.value, one.label, one.detail, shownLabel(one)].includes(text));
    if (exact) write(exact.value);
    else if (options.free || text === "") write(text);
  };

  input.addEventListener("input", () => {
    typed = true;
    if (options.free) chosen = input.value.trim();
    open();
  });
  // What is typed next is a new search: the old choice gives way at once.
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => {
    if (!list.hidden) return;
    input.select();
    open();
  });
  input.addEventListener("blur", () => {
    close();
    if (!typed) return;
    settleTyped();
    tell("input");
    tell("change");
  });
  input.addEventListener("keydown", (event) => {
    const rows = found();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      else mark(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const row = rows[active] ?? (typed && rows.length === 1 ? rows[0] : undefined);
      if (row) take(row);
      else close();
    } else if (event.key === "Escape" && !list.hidden) {
      // Only the list: the dialog or panel around it stays.
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });

  write(value);
  return {
    element,
    focus: input,
    get: () => chosen,
    set: write,
    problem: () => (typed && !options.free && input.value.trim() !== "" ? t("combo.unknown", { text: input.value.trim() }) : ""),
  };
}

/** Every word of the query must be found; what begins with it stands first. */
export function matching(choices: readonly Choice[], query: string): Choice[] {
  const words = query.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [...choices];
  const text = (one: Choice): string => `${one.detail ?? ""} ${one.label} ${one.value}`.toLowerCase();
  const first = words[0] ?? "";
  const rank = (one: Choice): number => (one.label.toLowerCase().startsWith(first) || (one.detail ?? "").startsWith(first) ? 0 : 1);
  return choices.filter((one) => words.every((word) => text(one).includes(word))).sort((a, b) => rank(a) - rank(b));
}

function shownLabel(one: Choice): string {
  return one.detail ? `${one.detail} ${one.label}` : one.label;
}
