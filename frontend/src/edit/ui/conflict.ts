/**
 * Two officers on one parcel: who changed it, when, why, and both versions side by side at one scale.
 * Refuses to choose: nothing is overwritten and nothing of the draft is dropped before the officer says so for every parcel.
 */

import { mu, parcelCode } from "../../format";
import { t } from "../../i18n";
import { same } from "../../store";
import { actButton, plainButton, showDialog } from "../../ui/dialog";
import { h, replace } from "../../ui/dom";
import { planarArea, toMu } from "../geometry";
import { listsOf } from "../lists";
import type { Choice, EditSession } from "../slots";
import type { CodeLists, Conflict, Operation, SurveyShape, Values } from "../types";
import { eventTitle } from "./event-words";
import { columnTitle, differing, valueInWords } from "./register-fields";
import { extentOf, shapePicture } from "./shape-svg";

/** One side's wish for a parcel in conflict. */
export interface Mine {
  shapes: readonly SurveyShape[];
  /** The draft's facts as they were before the conflict was known. */
  values: Values;
  /** What the draft does to it, in words. */
  does: readonly string[];
}

type Sight = "both" | "mine" | "theirs";
const SIGHTS: readonly Sight[] = ["both", "mine", "theirs"];

/** The slot of the core: null keeps the draft as it is, undecided. */
export async function conflictDialog(
  session: EditSession,
  conflicts: readonly Conflict[],
  show: (shapes: SurveyShape[]) => void,
): Promise<ReadonlyMap<string, Choice> | null> {
  const lists = await listsOf(session.api).catch(() => null);
  return askConflict(conflicts, (parcel) => mineOf(session, parcel), lists, show);
}

export function askConflict(
  conflicts: readonly Conflict[],
  mineFor: (parcel: string) => Mine,
  lists: CodeLists | null,
  show: (shapes: SurveyShape[]) => void = () => undefined,
): Promise<ReadonlyMap<string, Choice> | null> {
  return new Promise((resolve) => {
    const choices = new Map<string, Choice>();
    let agreed = false;
    const act = actButton(t("conflict.go"), () => {
      agreed = true;
      dialog.close();
    });
    const ready = (): void => {
      const open = conflicts.length - choices.size;
      act.refuse(open ? t("conflict.open", { n: open }) : "");
    };
    ready();
    const dialog = showDialog({
      title: t("conflict.title", { n: conflicts.length }),
      size: "is-wide",
      body: [
        h("p", { class: "note" }, t("conflict.note")),
        ...conflicts.map((one) =>
          card(one, mineFor(one.parcel), lists, show, (choice) => {
            choices.set(one.parcel, choice);
            ready();
          }),
        ),
      ],
      foot: [plainButton(t("conflict.later"), () => dialog.close()), act.element],
      closed() {
        show([]);
        resolve(agreed ? choices : null);
      },
    });
  });
}

export function mineOf(session: EditSession, parcel: string): Mine {
  const { parcels, operations, cursor } = session.store.get();
  const own = session.shapeOf(parcel);
  const made = parcels.filter((one) => one.state === "new" && one.sources.includes(parcel));
  return {
    shapes: made.length ? made.flatMap((one) => one.geometry ?? []) : own ? [own] : [],
    values: session.valuesOf(parcel),
    does: operations.slice(0, cursor).filter((one) => touches(one, parcel)).map((one) => session.words(one)),
  };
}

/** Moved vertices name no parcel: their words stand for every parcel that they could be of. */
export function touches(operation: Operation, parcel: string): boolean {
  if ("parcel" in operation) return operation.parcel === parcel;
  if (operation.kind === "merge") return operation.parcels.includes(parcel);
  if (operation.kind === "move_vertices" || operation.kind === "delete_vertex") {
    return operation.parcels === null || operation.parcels.includes(parcel);
  }
  return operation.kind === "insert_vertex";
}

function card(
  one: Conflict,
  mine: Mine,
  lists: CodeLists | null,
  show: (shapes: SurveyShape[]) => void,
  choose: (choice: Choice) => void,
): HTMLElement {
  const { current } = one;
  const theirs = current.geometry ? [current.geometry] : [];
  // A draft that left the shape alone keeps theirs, whichever is chosen.
  const untouched = one.base !== null && current.in_force && same(mine.shapes, [one.base.geometry]);
  const own = untouched ? theirs : mine.shapes;
  const pictures = h("div", { class: "conflict-pictures" });
  const see = (sight: Sight): void => {
    replace(pictures, ...picturesOf(sight, own, theirs, one.base ? [one.base.geometry] : []));
    show(sight === "mine" ? [...own] : sight === "theirs" ? theirs : []);
  };
  const name = `conflict-${one.parcel}`;
  const option = (value: Choice, title: string, note: string): HTMLElement =>
    h(
      "label",
      { class: "choice-card" },
      h("input", { type: "radio", class: "form-check-input", name, value, on: { change: () => choose(value) } }),
      h("span", {}, h("strong", {}, title), h("small", {}, note)),
    );
  const sights = h(
    "div",
    { class: "segments", attrs: { role: "radiogroup", "aria-label": t("conflict.sight") } },
    ...SIGHTS.map((sight) =>
      h(
        "label",
        { class: "segment" },
        h("input", { type: "radio", name: `${name}-sight`, value: sight, checked: sight === "both", on: { change: () => see(sight) } }),
        h("span", {}, t(`conflict.sight.${sight}`)),
      ),
    ),
  );
  see("both");
  return h(
    "section",
    { class: "conflict", data: { parcel: one.parcel } },
    h("h3", { class: "mono" }, parcelCode(one.parcel)),
    h(
      "p",
      { class: "conflict-who" },
      t("conflict.who", { by: current.by, at: moment(current.at), kind: eventTitle(current.kind) }),
      current.reason ? h("q", {}, current.reason) : null,
      current.in_force ? null : h("strong", { class: "is-wrong" }, t("conflict.ended")),
    ),
    mine.does.length ? h("p", { class: "note" }, t("conflict.does", { does: mine.does.join("；") })) : null,
    sights,
    pictures,
    h("p", { class: "note" }, t("conflict.legend")),
    attributeTable(one, mine.values, lists),
    h(
      "div",
      { class: "choice-cards", attrs: { role: "radiogroup", "aria-label": t("conflict.choice", { code: one.parcel }) } },
      option("mine", t("conflict.mine"), t(current.in_force ? "conflict.mine.note" : "conflict.mine.ended")),
      option("theirs", t("conflict.theirs"), t("conflict.theirs.note")),
    ),
  );
}

function picturesOf(sight: Sight, mine: readonly SurveyShape[], theirs: readonly SurveyShape[], base: readonly SurveyShape[]): HTMLElement[] {
  const extent = extentOf([...mine, ...theirs, ...base]);
  const one = (who: "mine" | "theirs", size: [number, number]): HTMLElement => {
    const [own, other] = who === "mine" ? [mine, theirs] : [theirs, mine];
    const title = t(`conflict.sight.${who}`);
    const picture = shapePicture(
      [
        { shapes: base, look: "is-base" },
        { shapes: other, look: "is-other" },
        { shapes: own, look: `is-${who}`, vertices: vertexCount(own) <= 400 },
        { shapes: own, look: "is-difference", without: other },
      ],
      title,
      ...size,
      extent,
    );
    return h(
      "figure",
      {},
      h("figcaption", {}, h("strong", {}, title), own.length ? ` ${areaOf(own)}` : ` ${t("conflict.shapeless")}`),
      picture,
    );
  };
  return sight === "both" ? [one("mine", [320, 240]), one("theirs", [320, 240])] : [one(sight, [640, 360])];
}

/** What “mine” would become: only the facts that the draft changed lie over theirs, the others are theirs already. */
export function onTop(one: Conflict, mine: Values): Values {
  if (!one.base) return { ...one.current.values, ...mine };
  const changed = differing(one.base.values, mine).map((column) => [column, mine[column]]);
  return { ...one.current.values, ...(Object.fromEntries(changed) as Values) };
}

/** Only what differs: the register before, mine on top of theirs, and theirs. */
function attributeTable(one: Conflict, draft: Values, lists: CodeLists | null): HTMLElement | null {
  const theirs = one.current.values;
  const mine = onTop(one, draft);
  const before = one.base?.values ?? theirs;
  const columns = [...new Set([...differing(before, theirs), ...differing(mine, theirs)])];
  if (!columns.length) return h("p", { class: "nothing" }, t("conflict.same"));
  const cell = (values: Values | null, column: keyof Values): HTMLElement =>
    h("td", {}, values ? valueInWords(column, values, lists) || t("conflict.nothing") : "");
  return h(
    "table",
    { class: "mini conflict-table" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ...(["conflict.column", "conflict.before", "conflict.sight.mine", "conflict.sight.theirs"] as const).map((key) =>
          h("th", { attrs: { scope: "col" } }, t(key)),
        ),
      ),
    ),
    h(
      "tbody",
      {},
      ...columns.map((column) =>
        h(
          "tr",
          {},
          h("th", { attrs: { scope: "row" } }, columnTitle(column)),
          cell(one.base?.values ?? null, column),
          cell(mine, column),
          cell(theirs, column),
        ),
      ),
    ),
  );
}

/** To the minute, in the office's own time. */
export function moment(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function areaOf(shapes: readonly SurveyShape[]): string {
  return `${mu(toMu(shapes.reduce((sum, shape) => sum + planarArea(shape), 0)))} ${t("unit.mu")}`;
}

const vertexCount = (shapes: readonly SurveyShape[]): number => shapes.reduce((sum, shape) => sum + shape.coordinates.flat(2).length, 0);
