/**
 * The save form: first what the change will be, then when, why and on which paper, what the rules say, where tied facts go.
 * Refuses to save without a reason, over an error, or with a question open; the button says which.
 */

import { t } from "../../i18n";
import { count, mu } from "../../format";
import { actButton, plainButton, showDialog } from "../../ui/dialog";
import { h, replace, settle } from "../../ui/dom";
import { notice } from "../../ui/notice";
import { ConflictError, FieldErrors, RulesError } from "../api";
import { listsOf } from "../lists";
import type { EditSession, SaveInput } from "../slots";
import type { AttachmentOut, CodeLists, HowChanged, Saved } from "../types";
import { evidenceFields, type Evidence } from "./evidence";
import { asksHow, eventWords } from "./event-words";
import { factsTable, undecided } from "./facts";
import { choiceControl, field, noteControl } from "./fields";
import { errorsOf, findingList, warningsOf } from "./findings";
import { uploads } from "./uploads";
import type { Uploader } from "../upload";

const HOW: readonly HowChanged[] = ["boundary_adjustment", "resurvey", "correction"];
const NO_LISTS: CodeLists = { land_classes: [], towns: [], tenures: [], document_kinds: [], event_kinds: [], rules: [] };

/** What was filled in survives closing the form: one looks at the map again, then goes on. */
interface Kept extends Partial<Evidence> {
  how?: HowChanged;
  warnings?: string;
  files?: AttachmentOut[];
}
const kept = new WeakMap<EditSession, Kept>();

export async function saveForm(session: EditSession, today: string, upload?: Uploader): Promise<Saved | null> {
  const lists = await listsOf(session.api).catch(() => NO_LISTS);
  return new Promise((resolve) => openForm(session, lists, today, upload, resolve));
}

function openForm(
  session: EditSession,
  lists: CodeLists,
  today: string,
  upload: Uploader | undefined,
  done: (saved: Saved | null) => void,
): void {
  const before = kept.get(session) ?? {};
  let saved: Saved | null = null;

  const evidence = evidenceFields(lists, today, before, (what) => (what === "on" ? (recheck(), ready()) : ready()));
  const how = field("how", t("save.how"), choiceControl(before.how ?? HOW[0]!, HOW.map((one) => [one, t(`event.${one}`)] as const)), {
    fresh: true,
    hint: t("save.how.hint"),
    changed: () => (recheck(), ready()),
  });
  const accept = field("warnings_reason", t("save.warnings.reason"), noteControl(before.warnings ?? "", 2), {
    required: true,
    fresh: true,
    changed: () => ready(),
  });
  const files = uploads({ kept: before.files ?? [], changed: () => ready(), ...(upload ? { upload } : {}) });
  const eventsBox = h("div");
  const findingsBox = h("div", { attrs: { "aria-live": "polite" } });
  const factsBox = h("div");
  const trouble = h("div", { class: "form-trouble", attrs: { role: "alert" } });

  const input = (): SaveInput => {
    const { on, reason, document: paper } = evidence.read();
    return {
      on,
      reason,
      ...(asksHow(session.store.get().events) ? { how: how.get() as HowChanged } : {}),
      ...(paper ? { document: paper } : {}),
      ...(files.files().length ? { attachments: files.files().map((one) => one.id) } : {}),
      ...(accept.get() ? { warnings_reason: accept.get() } : {}),
    };
  };
  const recheck = settle(() => void session.check(input()), 350);

  const why = (): string => {
    const state = session.store.get();
    const errors = errorsOf(state.findings).length;
    const open = undecided(session).length;
    if (state.cursor === 0) return t("save.why.nothing");
    if (state.busy === "preview") return t("save.why.checking");
    if (!state.checked) return state.error || t("save.why.checking");
    if (errors) return t("save.why.errors", { n: errors });
    if (open) return t("facts.open", { n: open });
    if (files.isBusy()) return t("save.why.upload");
    if (evidence.missing()) return evidence.missing();
    if (warningsOf(state.findings).length && !accept.get()) return t("save.why.warnings");
    return state.canSave || !state.error ? "" : state.error;
  };
  const act = actButton(t("save.act"), () => void send());
  const ready = (): void => act.refuse(why());

  const drawState = (): void => {
    const { events, parcels, findings, facts } = session.store.get();
    const warnings = warningsOf(findings).length;
    replace(
      eventsBox,
      events.length
        ? h("ol", { class: "event-words" }, ...events.map((one) => h("li", {}, eventWords(one, parcels))))
        : h("p", { class: "nothing" }, t("save.events.none")),
      h("p", { class: "note" }, areaWords(session)),
    );
    how.element.hidden = !asksHow(events);
    replace(findingsBox, findingList(findings, parcels) ?? h("p", { class: "nothing" }, t("save.findings.none")));
    accept.element.hidden = warnings === 0;
    const focused = (document.activeElement?.closest("tr[data-fact]") as HTMLElement | null)?.dataset["fact"];
    replace(factsBox, facts.length ? part(t("facts.title"), h("p", { class: "note" }, t("facts.note")), factsTable(session)) : null);
    if (focused) factsBox.querySelector<HTMLElement>(`tr[data-fact="${CSS.escape(focused)}"] select`)?.focus();
    ready();
  };

  const send = async (): Promise<void> => {
    act.busy(true);
    replace(trouble);
    try {
      saved = await session.save(input());
      kept.delete(session);
      act.busy(false);
      dialog.close();
      return;
    } catch (error) {
      refused(error);
    }
    act.busy(false);
  };
  const refused = (error: unknown): void => {
    // The core opens the conflict dialog; the draft and what was filled in stay.
    if (error instanceof ConflictError) return dialog.close();
    if (error instanceof FieldErrors) {
      const homeless = Object.entries(error.fields).filter(([name, text]) => !placed(name, text));
      replace(trouble, homeless.length ? notice(homeless.map(([, text]) => text).join("；")) : null);
    } else if (error instanceof RulesError) {
      replace(trouble, notice(error.message), findingList(error.findings, session.store.get().parcels));
      accept.element.hidden = warningsOf(error.findings).length === 0;
    } else {
      replace(trouble, notice(error instanceof Error ? error.message : String(error), () => void send()));
    }
    trouble.scrollIntoView?.({ block: "nearest" });
  };
  const placed = (name: string, text: string): boolean => {
    if (name === "how") how.error(text);
    else if (name === "warnings_reason") accept.error(text);
    else return evidence.error(name, text);
    return true;
  };

  const stop = session.store.watch(
    ({ events, findings, facts, decisions, parcels, checked, busy, canSave, error, cursor }) => [
      [events, findings, facts, decisions, parcels],
      [checked, busy, canSave, error, cursor],
    ],
    drawState,
  );
  const dialog = showDialog({
    title: t("save.title"),
    size: "is-wide",
    body: [
      part(t("save.events"), eventsBox),
      h("div", { class: "field-row" }, evidence.on, how.element),
      evidence.reason,
      evidence.document,
      part(t("save.files"), files.element),
      factsBox,
      part(t("save.findings"), findingsBox, accept.element),
      trouble,
    ],
    foot: [plainButton(t("save.back"), () => dialog.close()), act.element],
    mayClose: () => session.store.get().busy !== "save",
    closed() {
      stop();
      if (!saved) kept.set(session, { ...evidence.read(), how: how.get() as HowChanged, warnings: accept.get(), files: files.files() });
      done(saved);
    },
  });
  dialog.element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) act.button.click();
  });
  evidence.reason.querySelector("textarea")?.focus();
  if (before.on !== undefined && before.on !== today) recheck();
}

/** How much ground the change leaves: neighbours that only got vertices aren't a part of it. */
function areaWords(session: EditSession): string {
  const { parcels } = session.store.get();
  const after = parcels.filter((one) => one.state !== "ended" && one.state !== "densified");
  const sum = after.reduce((total, one) => total + one.area_mu, 0);
  return t("save.after", { n: count(after.length), mu: mu(sum) });
}

function part(title: string, ...children: (Node | null)[]): HTMLElement {
  return h("section", { class: "form-section" }, h("h3", {}, title), ...children);
}
