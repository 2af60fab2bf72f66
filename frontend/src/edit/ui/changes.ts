/**
 * The editing panel: the chosen parcel, the changes so far, what the rules found, who else is here, and saving.
 * Refuses to offer saving without saying what stands in its way.
 */

import { parcelCode } from "../../format";
import { t } from "../../i18n";
import { actButton, plainButton } from "../../ui/dialog";
import { h, replace } from "../../ui/dom";
import { icon, type IconName } from "../../ui/icons";
import { areaWords, changeWords } from "../figures";
import { planarArea } from "../geometry";
import type { CoreSession } from "../session";
import type { SessionState } from "../slots";
import type { Finding, ParcelKey, WorkingParcel } from "../types";
import { parcelName } from "../words";
import { errorsOf, findingList, warningsOf } from "./findings";

export interface ChangesOptions {
  session: CoreSession;
  save(): void;
  leave(): void;
  facts(): void;
  settle(): void;
  /** Shows a place on the map. */
  locate(what: Finding | ParcelKey): void;
  hover(parcel: ParcelKey): void;
  /** The form of a parcel's register facts. */
  attributes(parcel: ParcelKey): HTMLElement;
}

export function changesPanel(options: ChangesOptions): HTMLElement {
  const { session } = options;
  const undo = iconButton("undo", `${t("edit.undo")}（Ctrl+Z）`, () => session.undo());
  const redo = iconButton("redo", `${t("edit.redo")}（Ctrl+Shift+Z）`, () => session.redo());
  const leave = iconButton("leave", `${t("edit.leave")}（E）`, () => options.leave());
  const count = h("p", { class: "muted", data: { edit: "count" } });
  const active = h("section", { class: "edit-block", data: { block: "active" } });
  const trouble = h("div", { class: "edit-trouble", hidden: true, attrs: { role: "alert" } });
  const findings = h("section", { class: "edit-block", data: { block: "findings" } });
  const facts = h("section", { class: "edit-block", data: { block: "facts" }, hidden: true });
  const changes = h("section", { class: "edit-block", data: { block: "changes" } });
  const parcels = h("section", { class: "edit-block", data: { block: "parcels" } });
  const others = h("section", { class: "edit-block", data: { block: "others" }, hidden: true });
  const save = actButton(t("edit.save"), () => options.save());
  save.button.dataset["edit"] = "save";

  const draw = (state: SessionState, before: SessionState | null): void => {
    const changed = (...names: (keyof SessionState)[]): boolean => !before || names.some((name) => state[name] !== before[name]);
    undo.disabled = !state.canUndo;
    redo.disabled = !state.canRedo;
    count.textContent = state.dirty ? t("edit.count", { n: state.cursor }) : t("edit.none");
    if (changed("active")) drawActive(active, state.active, options);
    if (changed("active", "parcels")) drawHead(active, state.active, options);
    trouble.hidden = !state.error && state.kept && !state.conflicts.length;
    replace(
      trouble,
      icon("alert"),
      h("span", {}, state.error || (state.kept ? "" : t("edit.unkept"))),
      state.conflicts.length ? plainButton(t("edit.settle"), options.settle, "btn-primary") : null,
    );
    if (changed("findings", "checked", "busy", "dirty")) drawFindings(findings, state, options);
    if (changed("facts", "decisions")) drawFacts(facts, state, options);
    if (changed("operations", "cursor")) drawChanges(changes, state, session);
    if (changed("parcels", "active")) drawParcels(parcels, state, options);
    if (changed("others")) drawOthers(others, state);
    save.refuse(whyNotSave(state));
    save.busy(state.busy === "save");
  };
  session.store.subscribe((next, previous) => draw(next, previous));
  const panel = h(
    "aside",
    { class: "detail edit-panel", id: "edit-panel", tabIndex: -1, ariaLabel: t("edit.panel") },
    h(
      "header",
      { class: "panel-head" },
      h("div", { class: "panel-title" }, h("h2", {}, t("edit.title")), count),
      h("div", { class: "panel-buttons" }, undo, redo, leave),
    ),
    h("div", { class: "panel-body" }, trouble, findings, active, facts, changes, parcels, others),
    h("footer", { class: "edit-foot" }, save.element),
  );
  draw(session.store.get(), null);
  return panel;
}

/** "" when the draft can be saved. */
export function whyNotSave(state: SessionState): string {
  if (!state.dirty) return t("edit.bar.nothing");
  if (state.conflicts.length) return t("edit.bar.conflict");
  if (state.busy) return t("edit.bar.busy");
  const errors = errorsOf(state.findings).length;
  if (errors) return t("edit.bar.errors", { n: errors });
  return state.canSave ? "" : t("edit.bar.unchecked");
}

function iconButton(name: IconName, label: string, click: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "icon-button", title: label, ariaLabel: label, on: { click } }, icon(name));
}

function drawActive(block: HTMLElement, key: ParcelKey, options: ChangesOptions): void {
  if (!key) return replace(block, h("p", { class: "nothing" }, t("edit.pick_first")));
  const form = h("details", { class: "edit-form" }, h("summary", {}, t("edit.values")));
  // The form reads code lists: only who opens it waits for them. A parcel without a code needs it at once.
  form.addEventListener("toggle", () => form.open && form.childElementCount === 1 && form.append(options.attributes(key)));
  form.open = options.session.scene.get(key)?.code === "";
  replace(block, h("div", { class: "edit-active" }), form);
}

function drawHead(block: HTMLElement, key: ParcelKey, { session, locate }: ChangesOptions): void {
  const head = block.querySelector(".edit-active");
  const one = key ? session.scene.get(key) : undefined;
  if (!head) return;
  if (!one) return replace(head, h("p", { class: "nothing" }, t("edit.not_here")));
  const area = planarArea(one.shape);
  const stored = session.storedShapeOf(key);
  replace(
    head,
    h("h3", {}, one.code ? parcelCode(one.code) : parcelName(key)),
    h("span", { class: `edit-state is-${one.state}` }, t(`edit.state.${one.state}`)),
    h("p", { class: "num" }, areaWords(area)),
    stored && one.state !== "stored" ? h("p", { class: "num muted" }, changeWords(area - planarArea(stored))) : null,
    one.registered_area_m2 === null ? null : h("p", { class: "num muted" }, t("edit.registered", { area: areaWords(one.registered_area_m2) })),
    iconButton("locate", t("detail.zoom"), () => locate(key)),
  );
}

function drawFindings(block: HTMLElement, state: SessionState, options: ChangesOptions): void {
  const list = findingList(state.findings, state.parcels, options.locate, (finding) => fixFor(finding, options));
  block.classList.toggle("is-old", !state.checked);
  const errors = errorsOf(state.findings).length;
  const warnings = warningsOf(state.findings).length;
  const said = !state.checked
    ? t("edit.checking")
    : errors || warnings
      ? t("edit.found", { errors, warnings })
      : t(state.dirty ? "edit.clean" : "edit.nothing_found");
  block.dataset["errors"] = String(errors);
  block.dataset["warnings"] = String(warnings);
  replace(block, h("h3", {}, t("edit.findings")), h("p", { class: "muted", attrs: { role: "status" } }, said), list);
}

/** Overlaps and gaps can be mended at once; the parcel of the draft gives way or takes the sliver. */
function fixFor(finding: Finding, { session }: ChangesOptions): HTMLElement | null {
  const what = finding.rule === "overlap" ? "overlap" : finding.rule === "gap" ? "gap" : null;
  const { parcels } = session.store.get();
  const own = finding.parcels.find((key) => parcels.some((one) => one.key === key && one.state !== "ended" && one.state !== "densified"));
  if (!what || !own) return null;
  const neighbours = finding.parcels.filter((key) => key !== own && !key.startsWith("#"));
  return plainButton(t(`edit.fix.${what}`), () =>
    void session.apply({ kind: "adjust", parcel: own, what, neighbours: neighbours.length ? neighbours : null }),
  );
}

function drawFacts(block: HTMLElement, state: SessionState, options: ChangesOptions): void {
  const asked = state.facts.filter((fact) => fact.asked);
  const open = asked.filter(({ fact }) => !state.decisions[fact]).length;
  block.hidden = state.facts.length === 0;
  replace(
    block,
    h("h3", {}, t("edit.facts")),
    h("p", { class: "muted" }, open ? t("edit.facts.open", { n: open }) : t("edit.facts.follow", { n: state.facts.length })),
    asked.length ? plainButton(t("edit.facts.decide"), options.facts) : null,
  );
}

/** Each change is a step to go to: those after the cursor are greyed and can be redone. */
function drawChanges(block: HTMLElement, state: SessionState, session: CoreSession): void {
  const row = (text: string, at: number): HTMLElement =>
    h(
      "li",
      { class: at > state.cursor ? "is-undone" : "" },
      h(
        "button",
        { type: "button", attrs: { "aria-current": at === state.cursor ? "step" : null }, on: { click: () => session.goTo(at) } },
        text,
      ),
    );
  block.hidden = state.operations.length === 0;
  replace(
    block,
    h("h3", {}, t("edit.changes")),
    h("ol", { class: "edit-changes", start: 0 }, row(t("edit.start"), 0), ...state.operations.map((one, at) => row(session.words(one), at + 1))),
  );
}

function drawParcels(block: HTMLElement, state: SessionState, options: ChangesOptions): void {
  const shown = state.parcels.filter((one) => one.state !== "densified");
  const more = state.parcels.length - shown.length;
  block.hidden = state.parcels.length === 0;
  replace(
    block,
    h("h3", {}, t("edit.parcels")),
    h("ul", { class: "edit-parcels" }, ...shown.map((one) => parcelRow(one, state, options))),
    more ? h("p", { class: "muted" }, t("edit.densified", { n: more })) : null,
  );
}

function parcelRow(one: WorkingParcel, state: SessionState, { session, locate, hover }: ChangesOptions): HTMLElement {
  const ended = one.state === "ended";
  return h(
    "li",
    { class: `is-${one.state}`, data: { parcel: one.key }, on: { mouseenter: () => hover(one.key), mouseleave: () => hover("") } },
    h(
      "button",
      {
        type: "button",
        disabled: ended,
        attrs: { "aria-pressed": String(one.key === state.active) },
        on: {
          click: () => {
            session.setActive(one.key);
            locate(one.key);
          },
        },
      },
      h("span", { class: `edit-state is-${one.state}` }, t(`edit.state.${one.state}`)),
      h("b", {}, parcelName(one.key, () => one.code)),
      h("span", { class: "num" }, areaWords(one.planar_area_m2)),
    ),
  );
}

function drawOthers(block: HTMLElement, state: SessionState): void {
  block.hidden = state.others.length === 0;
  replace(
    block,
    h("h3", {}, icon("users"), t("edit.others")),
    h("ul", {}, ...state.others.map((one) => h("li", {}, t("edit.other", { name: one.name, parcel: parcelName(one.parcel) })))),
  );
}
