/**
 * One change of register facts for all parcels that match the filter: chosen, looked at, then done.
 * Refuses to change what wasn't looked at: the preview's token stands for exactly those parcels, and a set that changed is shown again.
 */

import { count, mu, parcelCode } from "../../format";
import { t } from "../../i18n";
import { actButton, plainButton, showDialog } from "../../ui/dialog";
import { h, replace } from "../../ui/dom";
import { notice, toast } from "../../ui/notice";
import { FieldErrors, type BulkIn, type BulkOut, type EditApi } from "../api";
import { listsOf } from "../lists";
import type { CodeLists, Values } from "../types";
import { placeErrors } from "./attributes";
import { evidenceFields } from "./evidence";
import { columnTitle, registerFields, titleOf, valueInWords, type FieldName, type RegisterField } from "./register-fields";

/** What can be the same for many parcels; a code, a number or an area can't. */
export const BULK_FIELDS: readonly FieldName[] = ["land_class", "town_code", "tenure", "registered_on", "location", "holders", "note"];

export interface BulkOptions {
  api: Pick<EditApi, "bulk" | "codeLists">;
  /** The list's filter under the API's names, and in words. */
  filter: Record<string, string>;
  words: readonly string[];
  /** How many the list shows for it. */
  total: number;
  today: string;
  done(result: BulkOut): void;
}

export async function bulkDialog(options: BulkOptions): Promise<void> {
  try {
    open(options, await listsOf(options.api));
  } catch (error) {
    toast(messageOf(error));
  }
}

function open(options: BulkOptions, lists: CodeLists): void {
  let seen: BulkOut | null = null;
  const chosen = new Map<FieldName, RegisterField>();
  const result = h("div", { class: "bulk-result", attrs: { "aria-live": "polite" } });
  const trouble = h("div", { class: "form-trouble", attrs: { role: "alert" } });
  const inputs = h("div", { class: "attribute-form" });
  // A change of many is in force from today on.
  const evidence = evidenceFields(lists, options.today, {}, () => ready());

  const values = (): Values => Object.assign({}, ...[...chosen.values()].map((one) => one.read())) as Values;
  const stale = (): void => {
    seen = null;
    replace(result);
    ready();
  };
  const ready = (): void => {
    look.refuse(options.total === 0 ? t("bulk.why.none") : chosen.size ? "" : t("bulk.why.fields"));
    const nothing = seen && seen.count - seen.unchanged <= 0 ? t("bulk.why.unchanged") : "";
    act.refuse(!seen ? t("bulk.why.preview") : nothing || evidence.missing());
  };
  const pick = (name: FieldName, wanted: boolean): void => {
    if (wanted) {
      const [made] = registerFields({}, lists, { names: [name], today: options.today, fresh: true, changed: () => stale() });
      if (made) chosen.set(name, made);
    } else chosen.delete(name);
    const ordered = BULK_FIELDS.flatMap((one) => chosen.get(one)?.field.element ?? []);
    inputs.replaceChildren(...ordered);
    stale();
    if (wanted) chosen.get(name)?.field.focus();
  };

  const wish = (): BulkIn => {
    const { reason, document: paper } = evidence.read();
    return { filter: options.filter, values: values(), reason, ...(paper ? { document: paper } : {}) };
  };
  const preview = async (note = ""): Promise<void> => {
    if (![...chosen.values()].every((one) => one.field.check())) return;
    await ask(look, async () => {
      seen = await options.api.bulk(wish());
      replace(result, note ? notice(note) : null, ...previewParts(seen, values(), lists));
    });
  };
  const commit = async (): Promise<void> => {
    if (!seen) return;
    const { token } = seen;
    await ask(act, async () => {
      const done = await options.api.bulk({ ...wish(), token });
      dialog.close();
      toast(t("bulk.done", { n: count(done.changed ?? done.count - done.unchanged) }));
      options.done(done);
    });
  };
  const ask = async (button: ReturnType<typeof actButton>, run: () => Promise<void>): Promise<void> => {
    replace(trouble);
    button.busy(true);
    try {
      await run();
    } catch (error) {
      if (statusOf(error) === 412) await preview(t("bulk.changed"));
      else if (error instanceof FieldErrors) {
        const rest = Object.entries(error.fields).filter(([name, text]) => !evidence.error(name, text));
        const homeless = placeErrors([...chosen.values()], Object.fromEntries(rest));
        replace(trouble, homeless.length ? notice(homeless.join("；")) : null);
      } else replace(trouble, notice(messageOf(error)));
    }
    button.busy(false);
    ready();
  };

  const look = actButton(t("bulk.preview"), () => void preview(), "");
  const act = actButton(t("bulk.act"), () => void commit());
  const dialog = showDialog({
    title: t("bulk.title"),
    size: "is-wide",
    body: [
      h(
        "p",
        { class: "bulk-scope" },
        t("bulk.scope", { n: count(options.total) }),
        h("span", { class: "muted" }, options.words.join("、") || t("bulk.all")),
      ),
      h(
        "fieldset",
        { class: "field-set" },
        h("legend", {}, t("bulk.fields")),
        h(
          "div",
          { class: "checks is-inline" },
          ...BULK_FIELDS.map((name) => {
            const box = h("input", {
              type: "checkbox",
              class: "form-check-input",
              value: name,
              on: { change: () => pick(name, box.checked) },
            });
            return h("label", { class: "check" }, box, h("span", {}, titleOf(name)));
          }),
        ),
      ),
      inputs,
      h("div", { class: "form-foot" }, look.element),
      result,
      evidence.reason,
      evidence.document,
      trouble,
    ],
    foot: [plainButton(t("dialog.cancel"), () => dialog.close()), act.element],
  });
  ready();
}

function previewParts(seen: BulkOut, values: Values, lists: CodeLists): HTMLElement[] {
  const columns = (Object.keys(values) as (keyof Values)[]).filter((column) => column !== "land_class_set");
  const cell = (state: Values, column: keyof Values): string => valueInWords(column, state, lists) || t("conflict.nothing");
  const head = (text: string): HTMLElement => h("th", { attrs: { scope: "col" } }, text);
  const pair = (column: keyof Values): HTMLElement[] => [
    head(t("bulk.before", { title: columnTitle(column) })),
    head(t("bulk.after")),
  ];
  const parts: HTMLElement[] = [
    h(
      "p",
      { class: "bulk-sum" },
      h("strong", {}, t("bulk.sum", { n: count(seen.count), mu: mu(seen.area_mu) })),
      t("bulk.unchanged", { n: count(seen.unchanged) }),
    ),
  ];
  if (seen.issues.length) {
    parts.push(
      h(
        "ul",
        { class: "issue-list" },
        ...seen.issues.map((one) => h("li", {}, one.message)),
      ),
    );
  }
  parts.push(
    h(
      "table",
      { class: "mini bulk-sample" },
      h("caption", {}, t("bulk.sample", { n: count(seen.sample.length) })),
      h("thead", {}, h("tr", {}, head(t("col.code")), ...columns.flatMap(pair))),
      h(
        "tbody",
        {},
        ...seen.sample.map((one) =>
          h(
            "tr",
            {},
            h("td", { class: "mono" }, parcelCode(one.code)),
            ...columns.flatMap((column) => [
              h("td", { class: "muted" }, cell(one.before, column)),
              h("td", {}, cell({ ...one.before, ...one.after }, column)),
            ]),
          ),
        ),
      ),
    ),
  );
  return parts;
}

function statusOf(error: unknown): number {
  return typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
