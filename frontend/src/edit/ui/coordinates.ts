/**
 * Coordinates typed or pasted, or a dropped file, looked at while they are read, then made into a parcel, a shape, a cut or a hole.
 * Refuses to guess in silence: what was detected stands beside the text, and what can't be read is named by its row.
 */

import { isAborted } from "../../api";
import { mu, number, parcelCode, squareMetres } from "../../format";
import { t } from "../../i18n";
import { actButton, plainButton, showDialog } from "../../ui/dialog";
import { h, replace, settle } from "../../ui/dom";
import { lineLength, toMu } from "../geometry";
import { isMade } from "../operations";
import type { CoordinatesAsk, EditSession } from "../slots";
import { readLine } from "../typed-line";
import type { InputShapes, Operation, ParcelKey, Point, SurveyShape } from "../types";
import { extentOf, shapePicture } from "./shape-svg";

type Becomes = "new" | "replace" | "cut" | "hole";
const BECOMES: readonly Becomes[] = ["new", "replace", "cut", "hole"];
/** Of these only one shape can be taken. */
const SINGLE: ReadonlySet<Becomes> = new Set(["replace", "hole"]);

/** The slot of the core: shapes for what was asked; another choice is applied here, and null says that nothing is left to do. */
export function coordinatesDialog(session: EditSession, ask: CoordinatesAsk): Promise<SurveyShape[] | null> {
  return new Promise((resolve) => {
    const target: ParcelKey = ask.code || session.store.get().active;
    let answer: SurveyShape[] | null = null;
    let read: InputShapes | null = null;
    let chosen = new Set<number>();
    let becomes: Becomes = ask.purpose;
    let file = ask.file;
    let running: AbortController | null = null;
    let waiting = false;
    let failed = "";

    const text = h("textarea", {
      class: "form-control mono coordinates-text",
      rows: 9,
      spellcheck: false,
      placeholder: t("coords.example"),
      ariaLabel: t("coords.text"),
      attrs: { "aria-describedby": "coords-help", "data-first": true },
    });
    const picker = h("input", {
      type: "file",
      class: "visually-hidden",
      tabIndex: -1,
      ariaLabel: t("coords.file"),
      on: { change: () => picker.files?.[0] && take(picker.files[0]) },
    });
    const source = h("p", { class: "note" });
    const result = h("div", { class: "coordinates-result", attrs: { "aria-live": "polite" } });
    const trouble = h("p", { class: "field-error", hidden: true, attrs: { role: "alert" } });
    const hole = h("input", { type: "checkbox", class: "form-check-input", checked: true });
    const holeRow = h("label", { class: "check" }, hole, h("span", {}, t("coords.hole.keep")));

    const shapes = (): SurveyShape[] => (read?.shapes ?? []).filter((_, at) => chosen.has(at)).map((one) => one.geometry);
    const line = (): ReturnType<typeof readLine> => readLine(text.value, session.crs);
    const whyNot = (one: Becomes): string => (one !== "new" && !target ? t("coords.no_parcel") : one === "cut" && file ? t("coords.cut.file") : "");
    const why = (): string => {
      if (whyNot(becomes)) return whyNot(becomes);
      if (becomes === "cut") {
        const { points, issues } = line();
        return issues[0] ?? (points.length < 2 ? t("coords.nothing") : "");
      }
      if (waiting) return t("coords.reading");
      if (failed) return failed;
      if (!read?.shapes.length) return t("coords.nothing");
      if (!chosen.size) return t("coords.choose");
      return SINGLE.has(becomes) && chosen.size > 1 ? t("coords.choose_one") : "";
    };
    const act = actButton(t("coords.act"), () => void use());
    const ready = (): void => {
      act.refuse(why());
      holeRow.hidden = becomes !== "hole";
    };

    const look = async (input: File | string): Promise<void> => {
      running?.abort();
      const stop = (running = new AbortController());
      waiting = true;
      failed = "";
      ready();
      try {
        read = await session.api.geometry(input, stop.signal);
        chosen = new Set(read.shapes.map((_, at) => at).slice(0, SINGLE.has(becomes) ? 1 : undefined));
      } catch (error) {
        if (isAborted(error)) return;
        read = null;
        failed = error instanceof Error ? error.message : String(error);
      }
      if (running !== stop) return;
      waiting = false;
      draw();
    };
    const lookSoon = settle(() => {
      if (text.value.trim()) void look(text.value);
      else clear();
    }, 350);
    const clear = (): void => {
      running?.abort();
      [read, waiting, failed] = [null, false, ""];
      draw();
    };
    const take = (next: File): void => {
      file = next;
      text.value = "";
      source.textContent = t("coords.from_file", { name: next.name });
      drawChoices();
      void look(next);
    };
    const draw = (): void => {
      replace(result, ...(becomes === "cut" ? lineResult(line().points, line().issues) : shapeResult()));
      ask.show(becomes === "cut" ? [] : shapes());
      ready();
    };
    const shapeResult = (): (Node | null)[] => {
      if (waiting) return [h("p", { class: "waiting" }, t("coords.reading"))];
      if (failed) return [h("p", { class: "field-error" }, failed)];
      if (!read) return [h("p", { class: "nothing" }, t("coords.preview"))];
      const extent = extentOf(read.shapes.map((one) => one.geometry));
      return [
        h("p", { class: "coordinates-crs" }, t("coords.detected", { crs: read.crs_detected || t("coords.unknown"), n: read.shapes.length })),
        read.shapes.length ? shapePicture([{ shapes: shapes(), look: "is-mine", vertices: true }], t("coords.picture"), 300, 190, extent) : null,
        h("ul", { class: "shape-list" }, ...read.shapes.map(shapeRow)),
        issueList(
          read.issues.map(({ row, message }) => (row ? t("coords.issue", { row, text: message }) : message)),
        ),
      ];
    };
    const shapeRow = (one: InputShapes["shapes"][number], at: number): HTMLElement => {
      const box = h("input", {
        type: SINGLE.has(becomes) ? "radio" : "checkbox",
        name: "coords-shape",
        class: "form-check-input",
        checked: chosen.has(at),
        on: {
          change: () => {
            if (SINGLE.has(becomes)) chosen = new Set([at]);
            else if (box.checked) chosen.add(at);
            else chosen.delete(at);
            const focus = at;
            draw();
            result.querySelectorAll<HTMLElement>(".shape-list input")[focus]?.focus();
          },
        },
      });
      const rings = one.geometry.coordinates.flat();
      const facts = t("coords.shape", {
        parts: one.geometry.coordinates.length,
        rings: rings.length,
        points: rings.reduce((sum, ring) => sum + ring.length - 1, 0),
      });
      return h(
        "li",
        {},
        h(
          "label",
          { class: "check" },
          box,
          h("span", {}, one.name || t("coords.shape.name", { n: at + 1 })),
          h("span", { class: "num" }, `${mu(toMu(one.planar_area_m2))} ${t("unit.mu")} · ${squareMetres(one.planar_area_m2)} ${t("sqm")}`),
          h("small", { class: "muted" }, facts),
        ),
      );
    };

    const choices = h("div", { class: "checks is-inline", attrs: { role: "radiogroup", "aria-label": t("coords.becomes") } });
    const drawChoices = (): void =>
      replace(
        choices,
        ...BECOMES.map((one) => {
          const no = whyNot(one);
          const input = h("input", {
            type: "radio",
            class: "form-check-input",
            name: "coords-becomes",
            value: one,
            checked: becomes === one,
            disabled: no !== "",
            on: {
              change: () => {
                becomes = one;
                if (SINGLE.has(one)) chosen = new Set([...chosen].slice(0, 1));
                draw();
              },
            },
          });
          return h(
            "label",
            { class: "check", title: no },
            input,
            h("span", {}, t(`coords.becomes.${one}`)),
            no ? h("small", { class: "muted" }, no) : null,
          );
        }),
      );

    const use = async (): Promise<void> => {
      if (becomes === ask.purpose) {
        answer = shapes();
        return dialog.close();
      }
      act.busy(true);
      for (const operation of operationsOf(becomes, target, shapes(), line().points, hole.checked)) {
        if (await session.apply(operation)) continue;
        trouble.textContent = session.store.get().error;
        trouble.hidden = false;
        return act.busy(false);
      }
      dialog.close();
    };

    text.addEventListener("input", () => {
      file = null;
      source.textContent = "";
      drawChoices();
      if (becomes === "cut") draw();
      lookSoon();
    });
    const dialog = showDialog({
      title: t("coords.title"),
      size: "is-wide",
      body: [
        h(
          "div",
          { class: "coordinates" },
          h(
            "div",
            {},
            text,
            h("p", { class: "field-hint", id: "coords-help" }, t("coords.help")),
            h("p", {}, h("button", { type: "button", class: "btn btn-sm", on: { click: () => picker.click() } }, t("coords.file")), picker),
            source,
          ),
          result,
        ),
        h(
          "h3",
          { class: "form-part" },
          target && !isMade(target) ? t("coords.becomes.of", { code: parcelCode(target) }) : t("coords.becomes"),
        ),
        choices,
        holeRow,
        trouble,
      ],
      foot: [plainButton(t("dialog.cancel"), () => dialog.close()), act.element],
      closed() {
        running?.abort();
        ask.show([]);
        resolve(answer);
      },
    });
    drawChoices();
    draw();
    if (file) take(file);
  });
}

export function operationsOf(
  becomes: Becomes,
  parcel: ParcelKey,
  shapes: readonly SurveyShape[],
  points: readonly Point[],
  keep: boolean,
): Operation[] {
  const [first] = shapes;
  if (becomes === "cut") return [{ kind: "split", parcel, lines: [[...points]] }];
  if (becomes === "new") return shapes.map((geometry) => ({ kind: "draw", geometry, values: {} }));
  if (!first) return [];
  return becomes === "hole" ? [{ kind: "cut_hole", parcel, geometry: first, keep }] : [{ kind: "reshape", parcel, geometry: first }];
}

function lineResult(points: readonly Point[], issues: readonly string[]): (Node | null)[] {
  const known =
    points.length > 1
      ? t("coords.line", { points: points.length, length: number(lineLength(points), 2) })
      : t("coords.line.empty");
  return [h("p", { class: "coordinates-crs" }, known), issueList(issues)];
}

function issueList(issues: readonly string[]): HTMLElement | null {
  return issues.length ? h("ul", { class: "issue-list" }, ...issues.map((one) => h("li", {}, one))) : null;
}
