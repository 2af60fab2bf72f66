/** When a change takes effect, why, and on which paper: the fields that every save asks for. Refuses a change without a reason. */

import { t } from "../../i18n";
import { h } from "../../ui/dom";
import type { CodeLists, DocumentIn } from "../types";
import { choiceControl, dateControl, field, noteControl, textControl, type Field } from "./fields";

export interface Evidence {
  on: string;
  reason: string;
  document: DocumentIn | null;
}

export interface EvidenceFields {
  /** The date, the reason, and the document's three fields in a row. */
  on: HTMLElement;
  reason: HTMLElement;
  document: HTMLElement;
  read(): Evidence;
  /** "" when all is there, else what is missing, in words. */
  missing(): string;
  /** By the server's names; true when the field is one of these. */
  error(name: string, message: string): boolean;
}

export function evidenceFields(
  lists: CodeLists,
  today: string,
  kept: Partial<Evidence>,
  changed: (what: "on" | "reason" | "document") => void,
): EvidenceFields {
  const on = field("on", t("save.on"), dateControl(kept.on ?? today, today), {
    required: true,
    fresh: true,
    hint: t("save.on.hint"),
    changed: () => changed("on"),
  });
  const reason = field("reason", t("save.reason"), noteControl(kept.reason ?? "", 2, t("save.reason.placeholder")), {
    required: true,
    fresh: true,
    changed: () => changed("reason"),
  });
  const plain = { fresh: true, changed: () => changed("document") };
  const kinds = lists.document_kinds.map((one) => [one.code, one.title] as const);
  const kind = field("kind", t("save.document.kind"), choiceControl(kept.document?.kind ?? "", [["", t("save.document.none")], ...kinds]), plain);
  const no = field("no", t("save.document.no"), textControl(kept.document?.no ?? "", { maxLength: 80 }), plain);
  const day = field("date", t("save.document.date"), dateControl(kept.document?.date ?? null, today), plain);
  const all: Record<string, Field<never>> = { on, reason, kind, no, date: day } as unknown as Record<string, Field<never>>;
  return {
    on: on.element,
    reason: reason.element,
    document: h(
      "fieldset",
      { class: "field-set" },
      h("legend", {}, t("save.document")),
      h("div", { class: "field-row" }, kind.element, no.element, day.element),
    ),
    read: () => ({
      on: on.get() ?? today,
      reason: reason.get(),
      document: kind.get() || no.get() || day.get() ? { kind: kind.get(), no: no.get(), date: day.get() } : null,
    }),
    missing() {
      if (!on.get()) return t("save.why.on");
      if (on.get()! > today) return t("field.date.late", { latest: today });
      if (!reason.get()) return t("save.why.reason");
      const paper = Boolean(no.get() || day.get());
      return paper && !kind.get() ? t("save.why.document") : "";
    },
    error(name, message) {
      const found = all[name.replace(/^document[._]/, "")];
      found?.error(message);
      return found !== undefined;
    },
  };
}
