/**
 * A labelled input with its mark of change, its way back, its hint and its error.
 * Refuses an error without a place: what the server says of a field stands beside it and is read with it.
 */

import { t } from "../../i18n";
import { same } from "../../store";
import { h } from "../../ui/dom";
import { icon } from "../../ui/icons";

/** What a row holds. A control of several parts tells of changes by an `input` event that bubbles. */
export interface Control<V> {
  element: HTMLElement;
  /** The part that the label names and the focus goes to. */
  focus: HTMLElement;
  get(): V;
  set(value: V): void;
  /** What is wrong with what was typed, "" when nothing is. */
  problem?(): string;
}

export interface Field<V = unknown> {
  name: string;
  label: string;
  element: HTMLElement;
  get(): V;
  set(value: V): void;
  isDirty(): boolean;
  /** Shows what the control itself finds wrong; true when nothing is. */
  check(): boolean;
  error(message: string): void;
  focus(): void;
}

export interface FieldOptions {
  hint?: string;
  required?: boolean;
  /** No mark and no way back: there is no earlier value. */
  fresh?: boolean;
  changed?(): void;
}

let made = 0;

export function field<V>(name: string, label: string, control: Control<V>, options: FieldOptions = {}): Field<V> {
  const id = `field-${(made += 1)}`;
  const initial = control.get();
  const hint = options.hint ? h("p", { class: "field-hint", id: `${id}-hint` }, options.hint) : null;
  const trouble = h("p", { class: "field-error", id: `${id}-error`, hidden: true });
  const mark = h("span", { class: "field-mark", title: t("field.changed"), hidden: true }, t("field.changed.short"));
  const back = h(
    "button",
    {
      type: "button",
      class: "icon-button field-reset",
      title: t("field.reset"),
      ariaLabel: t("field.reset.of", { label }),
      hidden: true,
      on: { click: () => (set(initial), control.focus.focus()) },
    },
    icon("undo"),
  );
  const needed = options.required ? h("span", { class: "field-needed", attrs: { "aria-hidden": "true" } }, "*") : null;
  const group = !isLabelable(control.focus);
  const caption = h(group ? "span" : "label", { class: "field-label", id: `${id}-label` }, label, needed);
  if (!group) {
    control.focus.id ||= id;
    (caption as HTMLLabelElement).htmlFor = control.focus.id;
  } else {
    control.element.setAttribute("role", "group");
    control.element.setAttribute("aria-labelledby", caption.id);
  }
  if (options.required) control.focus.setAttribute("aria-required", "true");
  const described = [hint?.id, trouble.id].filter(Boolean).join(" ");
  (group ? control.element : control.focus).setAttribute("aria-describedby", described);

  const error = (message: string): void => {
    trouble.textContent = message;
    trouble.hidden = message === "";
    element.classList.toggle("is-wrong", message !== "");
    if (message) control.focus.setAttribute("aria-invalid", "true");
    else control.focus.removeAttribute("aria-invalid");
  };
  const isDirty = (): boolean => !same(control.get(), initial);
  const draw = (): void => {
    const dirty = !options.fresh && isDirty();
    mark.hidden = back.hidden = !dirty;
    element.classList.toggle("is-dirty", dirty);
  };
  const set = (value: V): void => {
    control.set(value);
    error("");
    draw();
    options.changed?.();
  };
  const check = (): boolean => {
    const problem = control.problem?.() ?? "";
    const empty = options.required && isEmpty(control.get());
    error(problem || (empty ? t("field.required", { label }) : ""));
    return !problem && !empty;
  };
  const element = h(
    "div",
    { class: "field", data: { field: name } },
    h("div", { class: "field-head" }, caption, mark, back),
    control.element,
    hint,
    trouble,
  );
  control.element.addEventListener("input", () => {
    // A message goes with the value that it was about; a new one comes when the field is left.
    error("");
    draw();
    options.changed?.();
  });
  control.element.addEventListener("change", () => {
    if (control.problem?.()) check();
    draw();
    options.changed?.();
  });
  return { name, label, element, get: control.get, set, isDirty, check, error, focus: () => control.focus.focus() };
}

export function textControl(value: string, props: { mono?: boolean; maxLength?: number; placeholder?: string } = {}): Control<string> {
  const input = h("input", {
    type: "text",
    class: `form-control${props.mono ? " mono" : ""}`,
    value,
    autocomplete: "off",
    spellcheck: false,
    maxLength: props.maxLength ?? 200,
    placeholder: props.placeholder ?? "",
  });
  return { element: input, focus: input, get: () => input.value.trim(), set: (next) => (input.value = next) };
}

export function noteControl(value: string, rows = 2, placeholder = ""): Control<string> {
  const input = h("textarea", { class: "form-control", value, rows, maxLength: 2000, placeholder });
  return { element: input, focus: input, get: () => input.value.trim(), set: (next) => (input.value = next) };
}

/** A day, or nothing; `latest` is the last that makes sense. */
export function dateControl(value: string | null, latest = ""): Control<string | null> {
  const input = h("input", { type: "date", class: "form-control", value: value ?? "", attrs: { max: latest || null } });
  return {
    element: input,
    focus: input,
    get: () => input.value || null,
    set: (next) => (input.value = next ?? ""),
    problem: () => {
      // A day half typed has no value but is no emptiness.
      if (input.validity?.badInput) return t("field.date.broken");
      return latest && input.value > latest ? t("field.date.late", { latest }) : "";
    },
  };
}

export function choiceControl(value: string, options: readonly (readonly [string, string])[]): Control<string> {
  const select = h(
    "select",
    { class: "form-select" },
    ...options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)),
  );
  return { element: select, focus: select, get: () => select.value, set: (next) => (select.value = next) };
}

function isLabelable(element: HTMLElement): boolean {
  return element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
