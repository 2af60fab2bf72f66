/**
 * The form of a parcel's register facts: in a change set it writes into the draft at once, alone it is saved by itself.
 * Refuses to save over somebody else's change, and to show the server's complaint anywhere but at its field.
 */

import { parcelCode } from "../../format";
import { t } from "../../i18n";
import { same } from "../../store";
import { h, replace } from "../../ui/dom";
import { actButton, plainButton } from "../../ui/dialog";
import { notice } from "../../ui/notice";
import { ConflictError, FieldErrors, RulesError, type EditApi } from "../api";
import { listsOf } from "../lists";
import type { EditSession } from "../slots";
import type { CodeLists, Conflict, ExactParcel, ParcelKey, Saved, Values } from "../types";
import { evidenceFields } from "./evidence";
import { errorsOf, findingList } from "./findings";
import { field, noteControl } from "./fields";
import { FIELD_NAMES, registerFields, type FieldName, type RegisterField } from "./register-fields";

/** Everything but the code: a stored parcel keeps its own for ever. */
const STORED_NAMES = FIELD_NAMES.filter((name) => name !== "code");

export interface AttributeForm {
  element: HTMLElement;
  fields: readonly RegisterField[];
  /** The columns that differ from what the form began with. */
  changes(): Values;
  /** True when nothing is wrong; else the first wrong field has the focus. */
  check(): boolean;
  /** Puts each message to its field; returns those that belong to none. */
  errors(fields: Record<string, string>): string[];
}

export function attributeForm(
  values: Values,
  lists: CodeLists,
  options: { names: readonly FieldName[]; today: string; fresh?: boolean; changed?(name: FieldName): void },
): AttributeForm {
  const fields = registerFields(values, lists, options);
  return {
    element: h("div", { class: "attribute-form" }, ...fields.map((one) => one.field.element)),
    fields,
    changes: () => Object.assign({}, ...fields.filter((one) => one.field.isDirty()).map((one) => one.read())) as Values,
    check() {
      const wrong = fields.filter((one) => !one.field.check());
      wrong[0]?.field.focus();
      return wrong.length === 0;
    },
    errors: (given) => placeErrors(fields, given),
  };
}

/** The slot of the editing core: inside its panel, over its session, watching undo and redo. */
export function attributesInSession(session: EditSession, parcel: ParcelKey, today: string): HTMLElement {
  const element = h("section", { class: "attributes", ariaLabel: t("attr.title") }, h("p", { class: "waiting" }, t("attr.loading")));
  void build(session, parcel, today, element).catch((error: unknown) =>
    replace(element, notice(messageOf(error))),
  );
  return element;
}

async function build(session: EditSession, parcel: ParcelKey, today: string, element: HTMLElement): Promise<void> {
  const stored = session.storedVersionOf(parcel) !== null;
  const [lists, begun] = await Promise.all([listsOf(session.api), beginning(session, parcel, stored)]);
  const trouble = h("p", { class: "field-error", hidden: true, attrs: { role: "alert" } });
  let writing = false;
  const form = attributeForm(begun, lists, { names: stored ? STORED_NAMES : FIELD_NAMES, today, fresh: !stored });
  const write = async (one: RegisterField): Promise<void> => {
    const now = one.read();
    if (!one.field.check() || same(now, one.of(session.valuesOf(parcel)))) return;
    writing = true;
    const done = await session.setValues(parcel, now);
    writing = false;
    const said = done ? "" : session.store.get().error || t("attr.refused");
    one.field.error(said);
    trouble.textContent = said;
    trouble.hidden = said === "";
  };
  for (const one of form.fields) one.field.element.addEventListener("change", () => void write(one));
  // Way back of a field: its button changes the value without an event of the input.
  for (const one of form.fields) {
    one.field.element.querySelector(".field-reset")?.addEventListener("click", () => void write(one));
  }
  const follow = (): void => {
    if (!element.isConnected && element.dataset["placed"]) return stop();
    if (element.isConnected) element.dataset["placed"] = "true";
    if (writing) return;
    const values = session.valuesOf(parcel);
    for (const one of form.fields) {
      const theirs = one.of(values);
      if (!same(one.read(), theirs) && !one.field.element.contains(document.activeElement)) one.write(values);
    }
  };
  replace(
    element,
    h("p", { class: "note" }, t(stored ? "attr.draft.note" : "attr.draft.new")),
    form.element,
    trouble,
  );
  const stop = session.store.subscribe((next, previous) => {
    if (next.cursor !== previous.cursor || next.operations !== previous.operations || next.parcels !== previous.parcels) follow();
  });
  follow();
}

/** What the register holds, so that marks and ways back mean the register and not the draft. */
async function beginning(session: EditSession, parcel: ParcelKey, stored: boolean): Promise<Values> {
  const { operations, cursor } = session.store.get();
  const drafted = operations.slice(0, cursor).some((one) => one.kind === "attributes" && one.parcel === parcel);
  if (!stored || !drafted) return session.valuesOf(parcel);
  const answer = await session.api.parcels({ codes: [parcel] });
  return answer.parcels[0]?.values ?? session.valuesOf(parcel);
}

export interface AloneOptions {
  api: Pick<EditApi, "parcels" | "codeLists" | "patchParcel">;
  code: string;
  today: string;
  saved(saved: Saved): void;
  cancel(): void;
  /** Shows who changed what; the answer says whose values go on. */
  conflict(mine: Values, conflicts: readonly Conflict[]): Promise<"mine" | "theirs" | null>;
}

/** One stored parcel's facts, changed and saved by themselves: `PATCH` with the version that was read. */
export function attributesAlone(options: AloneOptions): HTMLElement {
  const element = h("section", { class: "attributes is-alone", ariaLabel: t("attr.title") });
  const load = async (mine: Values = {}): Promise<void> => {
    replace(element, h("p", { class: "waiting" }, t("attr.loading")));
    try {
      const [lists, answer] = await Promise.all([listsOf(options.api), options.api.parcels({ codes: [options.code] })]);
      const parcel = answer.parcels[0];
      if (!parcel) return replace(element, notice(t("attr.gone", { code: parcelCode(options.code) })));
      replace(element, ...alone(options, parcel, lists, mine, load));
      // The button that opened the form is gone with the detail.
      if (document.activeElement === document.body) element.querySelector<HTMLElement>("input")?.focus();
    } catch (error) {
      replace(element, notice(messageOf(error), () => void load(mine)));
    }
  };
  void load();
  return element;
}

function alone(
  options: AloneOptions,
  parcel: ExactParcel,
  lists: CodeLists,
  mine: Values,
  again: (mine?: Values) => Promise<void>,
): Node[] {
  const trouble = h("div", { class: "form-trouble", attrs: { role: "alert" } });
  const form = attributeForm(parcel.values, lists, { names: STORED_NAMES, today: options.today, changed: () => ready() });
  const evidence = evidenceFields(lists, options.today, {}, () => ready());
  const accept = field("warnings_reason", t("save.warnings.reason"), noteControl("", 2), { required: true, fresh: true, changed: () => ready() });
  accept.element.hidden = true;
  const ready = (): void => {
    const nothing = Object.keys(form.changes()).length === 0;
    const accepting = !accept.element.hidden && !accept.get();
    act.refuse(nothing ? t("attr.nothing") : evidence.missing() || (accepting ? t("save.why.warnings") : ""));
  };
  const send = async (): Promise<void> => {
    if (!form.check()) return;
    act.busy(true);
    replace(trouble);
    const { on, reason, document: paper } = evidence.read();
    try {
      const saved = await options.api.patchParcel(parcel.code, parcel.version, {
        values: form.changes(),
        reason,
        on,
        ...(paper ? { document: paper } : {}),
        ...(accept.get() ? { warnings_reason: accept.get() } : {}),
      });
      options.saved(saved);
    } catch (error) {
      await refused(error);
    }
    act.busy(false);
  };
  const refused = async (error: unknown): Promise<void> => {
    if (error instanceof ConflictError) {
      const mineNow = form.changes();
      const choice = await options.conflict(mineNow, error.conflicts);
      if (choice) await again(choice === "mine" ? mineNow : {});
    } else if (error instanceof FieldErrors) {
      const rest = Object.entries(error.fields).filter(([name, text]) => !evidence.error(name, text));
      const homeless = form.errors(Object.fromEntries(rest));
      replace(trouble, homeless.length ? notice(homeless.join("；")) : "");
      form.fields.find((one) => one.field.element.classList.contains("is-wrong"))?.field.focus();
    } else if (error instanceof RulesError) {
      accept.element.hidden = errorsOf(error.findings).length > 0;
      replace(trouble, findingList(error.findings));
      ready();
    } else {
      replace(trouble, notice(messageOf(error), () => void send()));
    }
  };
  const act = actButton(t("attr.save"), () => void send());
  for (const one of form.fields) {
    const carried = one.columns.some((column) => mine[column] !== undefined);
    if (carried) one.write({ ...parcel.values, ...mine });
  }
  ready();
  return [
    form.element,
    h("h3", { class: "form-part" }, t("save.why.title")),
    evidence.on,
    evidence.reason,
    evidence.document,
    trouble,
    accept.element,
    h("div", { class: "form-foot" }, plainButton(t("dialog.cancel"), options.cancel), act.element),
  ];
}

/** `holders.0.uscc`, `values.location` and `location` all find their field; what finds none is said in words. */
export function placeErrors(fields: readonly RegisterField[], given: Record<string, string>): string[] {
  const homeless: string[] = [];
  for (const [name, text] of Object.entries(given)) {
    const parts = name.split(/[.[\]]/);
    const names = parts.includes("uscc") ? [...parts, "holders"] : parts;
    const found = fields.find((one) => one.name === name || one.columns.some((column) => names.includes(column)));
    if (found) found.field.error(text);
    else homeless.push(text);
  }
  return homeless;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
