/**
 * The register's facts as inputs: one table of fields for the form of a parcel and for the bulk dialog.
 * Refuses fields that the server doesn't take; a land class is one choice although it is two columns.
 */

import { t } from "../../i18n";
import { same } from "../../store";
import { h } from "../../ui/dom";
import type { CodeLists, HolderValue, Values } from "../types";
import { areaControl } from "./area-input";
import { combobox, type Choice } from "./combobox";
import { dateControl, field, noteControl, textControl, type Control, type Field } from "./fields";
import { holdersControl } from "./holders";

export type FieldName =
  | "code"
  | "real_estate_unit_code"
  | "location"
  | "town_code"
  | "land_class"
  | "tenure"
  | "registered_on"
  | "registered_area_m2"
  | "holders"
  | "aliases"
  | "note";

export interface RegisterField {
  name: FieldName;
  /** The columns behind it: where the server's errors belong. */
  columns: readonly (keyof Values)[];
  field: Field;
  read(): Values;
  /** The same columns of other values, as the form would read them. */
  of(values: Values): Values;
  write(values: Values): void;
}

/** In the order of a register sheet. */
export const FIELD_NAMES: readonly FieldName[] = [
  "code",
  "real_estate_unit_code",
  "location",
  "town_code",
  "land_class",
  "tenure",
  "registered_on",
  "registered_area_m2",
  "holders",
  "aliases",
  "note",
];

export interface FieldChoice {
  names: readonly FieldName[];
  today: string;
  fresh?: boolean;
  changed?(name: FieldName): void;
}

interface Kind<V> {
  columns: readonly (keyof Values)[];
  control(value: V, lists: CodeLists, today: string): Control<V>;
  from(values: Values): V;
  to(value: V): Values;
  hint?: string;
}

export function registerFields(values: Values, lists: CodeLists, choice: FieldChoice): RegisterField[] {
  return FIELD_NAMES.filter((name) => choice.names.includes(name)).map((name) => {
    const kind = KINDS[name] as Kind<unknown>;
    const made = field(name, titleOf(name), kind.control(kind.from(values), lists, choice.today), {
      required: name === "code",
      ...(kind.hint ? { hint: kind.hint } : {}),
      ...(choice.fresh ? { fresh: true } : {}),
      changed: () => choice.changed?.(name),
    });
    return {
      name,
      columns: kind.columns,
      field: made,
      read: () => kind.to(made.get()),
      of: (other) => kind.to(kind.from(other)),
      write: (next) => made.set(kind.from(next)),
    };
  });
}

export const titleOf = (name: FieldName): string => t(`attr.${name}`);

/** A field's content in words, for previews and conflicts. */
export function valueInWords(column: keyof Values, values: Values, lists: CodeLists | null): string {
  const value = values[column];
  if (value === undefined || value === null || value === "") return "";
  if (column === "land_class_code") {
    const set = values.land_class_set;
    const found = lists?.land_classes.find((one) => one.code === value && (!set || one.set === set));
    return found ? `${found.code} ${found.name}` : String(value);
  }
  if (column === "town_code") return lists?.towns.find((one) => one.code === value)?.name ?? String(value);
  if (column === "holders") {
    const share = (one: HolderValue): string => (one.share === 1 ? "" : `（${Number((one.share * 100).toFixed(4))} %）`);
    return (value as HolderValue[]).map((one) => `${one.name}${share(one)}`).join("、");
  }
  return Array.isArray(value) ? value.join("、") : String(value);
}

/** The column's name on the screen; a land class's two columns share one. */
export function columnTitle(column: keyof Values): string {
  if (column === "land_class_code") return t("attr.land_class");
  if (column === "land_class_set") return t("attr.land_class_set");
  return titleOf(column as FieldName);
}

/** The columns in which two states differ, in the order of the form. */
export function differing(a: Values, b: Values): (keyof Values)[] {
  const order = FIELD_NAMES.flatMap((name) => KINDS[name].columns);
  const empty = (value: unknown): boolean => value === undefined || value === null || value === "";
  return order.filter((column) => !(empty(a[column]) && empty(b[column])) && !same(a[column], b[column]));
}

function text<K extends "code" | "real_estate_unit_code" | "location">(column: K, mono: boolean): Kind<string> {
  return {
    columns: [column],
    control: (value) => textControl(value, { mono, maxLength: mono ? 60 : 200 }),
    from: (values) => values[column] ?? "",
    to: (value) => ({ [column]: mono ? value.normalize("NFKC").replace(/\s/g, "").toUpperCase() : value }),
  };
}

const KINDS: Record<FieldName, Kind<never>> = {
  code: { ...text("code", true), hint: t("attr.code.hint") },
  real_estate_unit_code: text("real_estate_unit_code", true),
  location: text("location", false),
  town_code: {
    columns: ["town_code"],
    control: (value, lists) => combobox(value, lists.towns.map((town) => ({ value: town.code, label: town.name, detail: town.code }))),
    from: (values) => values.town_code ?? "",
    to: (value) => ({ town_code: value }),
  } satisfies Kind<string>,
  land_class: {
    columns: ["land_class_code", "land_class_set"],
    control: (value, lists) => combobox(value, landChoices(value, lists)),
    from: (values) => (values.land_class_code ? `${values.land_class_set ?? ""}|${values.land_class_code}` : ""),
    to: (value) => {
      const [set = "", code = ""] = value.split("|");
      return { land_class_code: code, land_class_set: set };
    },
  } satisfies Kind<string>,
  tenure: {
    columns: ["tenure"],
    control: (value, lists) => combobox(value, lists.tenures.map((one) => ({ value: one, label: one })), { free: true }),
    from: (values) => values.tenure ?? "",
    to: (value) => ({ tenure: value }),
  } satisfies Kind<string>,
  registered_on: {
    columns: ["registered_on"],
    control: (value, _, today) => dateControl(value, today),
    from: (values) => values.registered_on ?? null,
    to: (value) => ({ registered_on: value }),
  } satisfies Kind<string | null>,
  registered_area_m2: {
    columns: ["registered_area_m2"],
    control: (value) => areaControl(value, titleOf("registered_area_m2")),
    // The API may send a decimal as text.
    from: (values) => (values.registered_area_m2 == null ? null : Number(values.registered_area_m2)),
    to: (value) => ({ registered_area_m2: value }),
    hint: t("attr.registered_area_m2.hint"),
  } satisfies Kind<number | null>,
  holders: {
    columns: ["holders"],
    control: (value) => holdersControl(value),
    from: (values) => (values.holders ?? []).map((one) => ({ name: one.name, uscc: one.uscc, share: Number(one.share) })),
    to: (value) => ({ holders: value }),
  } satisfies Kind<HolderValue[]>,
  aliases: {
    columns: ["aliases"],
    control: aliasesControl,
    from: (values) => values.aliases ?? [],
    to: (value) => ({ aliases: value }),
    hint: t("attr.aliases.hint"),
  } satisfies Kind<string[]>,
  note: {
    columns: ["note"],
    control: (value) => noteControl(value, 3),
    from: (values) => values.note ?? "",
    to: (value) => ({ note: value }),
  } satisfies Kind<string>,
} as unknown as Record<FieldName, Kind<never>>;

/** A code that the lists don't know stays choosable: it stands in the register. */
function landChoices(value: string, lists: CodeLists): Choice[] {
  const choices = lists.land_classes.map((one) => ({
    value: `${one.set}|${one.code}`,
    label: one.name,
    detail: `${one.code}${hasOneSet(lists) ? "" : ` · ${one.set}`}`,
  }));
  if (!value || choices.some((one) => one.value === value)) return choices;
  const [set = "", code = ""] = value.split("|");
  // The lists begin with the register's usual set: what a code without a set means.
  const usual = set ? undefined : lists.land_classes.find((one) => one.code === code);
  return [{ value, label: usual?.name ?? set, detail: code }, ...choices];
}

function hasOneSet(lists: CodeLists): boolean {
  return new Set(lists.land_classes.map((one) => one.set)).size <= 1;
}

function aliasesControl(value: readonly string[]): Control<string[]> {
  const input = h("textarea", { class: "form-control mono", rows: 2, value: value.join("\n"), spellcheck: false });
  return {
    element: input,
    focus: input,
    get: () => [...new Set(input.value.split(/[\n;；]/).map((one) => one.trim()).filter(Boolean))],
    set: (next) => (input.value = next.join("\n")),
  };
}
