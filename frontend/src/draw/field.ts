/**
 * Drawing for one field of a form: a button that opens the map, the tools, the area as it is drawn, and what the server
 * would make of it. Refuses to send the form: that stays the officer's click.
 */

import { cookie, saidBy, send } from "../api";
import { editApi } from "../edit/api";
import { toMu } from "../edit/geometry";
import { mu, squareMetres } from "../format";
import type { Polygon } from "../geojson";
import { t } from "../i18n";
import { surveyCrs } from "../map/crs";
import { h, replace, settle } from "../ui/dom";
import { groundArea } from "./area";
import { drawBoard, type Board, type DrawTool, type Guides } from "./board";
import { polygonsOf, textOf } from "./text";

const TOOLS: readonly DrawTool[] = ["draw", "take", "modify"];
const PREVIEW_MS = 400;

export function drawField(root: HTMLElement): void {
  const { draw: id = "", preview = "", sets = "", guides: guidesId = "" } = root.dataset;
  const text = document.getElementById(id) as HTMLTextAreaElement | null;
  const crs = surveyCrs(Number(root.dataset["crs"]));
  const bbox = (root.dataset["bbox"] ?? "").split(" ").map(Number);
  if (!text || !crs || bbox.length !== 4 || bbox.some(Number.isNaN)) return;

  const target = h("div", { class: "draw-map", tabIndex: 0, ariaLabel: t("draw.map") });
  const area = h("output", { class: "draw-area", attrs: { "aria-live": "off" } });
  const told = h("ul", { class: "draw-told", attrs: { role: "status" } });
  const hint = h("span", { class: "draw-hint" });
  const body = h("div", { class: "draw-body", hidden: true });
  const open = h(
    "button",
    { type: "button", class: "btn btn-outline-primary", attrs: { "aria-expanded": "false" }, on: { click: () => toggle() } },
    t("draw.open"),
  );
  let board: Board | null = null;
  let asking: AbortController | null = null;

  const say = (sketch: Polygon | null = null): void => {
    const polygons = [...(board?.polygons() ?? []), ...(sketch ? [sketch] : [])];
    const area_m2 = groundArea(polygons);
    area.textContent = polygons.length ? t("draw.area", { mu: mu(toMu(area_m2)), m2: squareMetres(area_m2) }) : t("draw.none");
    area.dataset["areaM2"] = String(area_m2);
  };
  const ask = settle(() => {
    if (preview) void askServer();
  }, PREVIEW_MS);
  const askServer = async (): Promise<void> => {
    asking?.abort();
    if (!text.value.trim() || !text.form) return replace(told);
    const { signal } = (asking = new AbortController());
    const body = new FormData(text.form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await send(preview, { method: "POST", body, headers: { "X-CSRFToken": token(text.form) }, signal });
      const said: unknown = await answer.json().catch(() => null);
      if (signal.aborted) return;
      const lines = answer.ok ? (said as { told: string[] }).told : [saidBy(said, answer.status)];
      replace(told, ...lines.map((line) => h("li", {}, line)));
      told.classList.toggle("is-refused", !answer.ok);
    } catch (error) {
      if (!signal.aborted) replace(told, h("li", {}, error instanceof Error ? error.message : String(error)));
    }
  };
  const changed = (): void => {
    text.value = textOf(board?.polygons() ?? []);
    const [other, value = ""] = sets.split("=");
    const field = other && text.value ? document.getElementById(other) : null;
    if (field instanceof HTMLSelectElement) field.value = value;
    say();
    ask();
  };
  const read = (): void => {
    const polygons = polygonsOf(text.value);
    if (!polygons || !board) return;
    board.show(polygons);
    say();
    ask();
  };
  text.addEventListener("change", read);

  const start = (): Board => {
    const tools = new Map(TOOLS.map((tool) => [tool, button(t(`draw.${tool}`), () => choose(tool))]));
    const choose = (tool: DrawTool): void => {
      made.tool(tool);
      for (const [one, element] of tools) element.setAttribute("aria-pressed", String(one === tool));
      hint.textContent = t(`draw.${tool}.hint`);
    };
    replace(
      body,
      h(
        "div",
        { class: "draw-bar", attrs: { role: "toolbar", "aria-label": t("draw.tools") } },
        ...tools.values(),
        button(t("draw.back"), () => made.back()),
        button(t("draw.clear"), () => made.clear()),
        button(t("draw.home"), () => made.home()),
        area,
      ),
      target,
      h("p", { class: "draw-foot" }, hint, guidesId ? h("span", { class: "draw-guides" }, t("draw.guides")) : null),
      told,
    );
    const made = drawBoard({
      target,
      crs,
      bbox,
      guides: guidesOf(guidesId),
      api: editApi,
      changed,
      sketched: say,
      parcels: (state) => {
        target.dataset["parcels"] = state;
        const now = TOOLS.find((tool) => tools.get(tool)?.getAttribute("aria-pressed") === "true") ?? "draw";
        hint.textContent = t(state === "ready" || state === "reading" ? `draw.${now}.hint` : `draw.parcels.${state}`);
      },
    });
    target.addEventListener("keydown", (event) => {
      if (event.key === "Backspace") made.back();
      else if (event.key === "Enter") made.finish();
      else if (event.key === "Escape") open.focus();
      else return;
      event.preventDefault();
    });
    choose("draw");
    return made;
  };
  const toggle = (): void => {
    body.hidden = !body.hidden;
    open.setAttribute("aria-expanded", String(!body.hidden));
    open.textContent = t(body.hidden ? "draw.open" : "draw.close");
    if (body.hidden) return;
    if (!board) {
      board = start();
      read();
      board.home();
      say();
    }
    board.map.updateSize();
    target.focus({ preventScroll: true });
  };
  replace(root, open, body);
}

function button(label: string, click: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "btn btn-sm", on: { click } }, label);
}

function guidesOf(id: string): Guides | null {
  const held = id ? document.getElementById(id)?.textContent : "";
  return held ? { type: "FeatureCollection", features: JSON.parse(held) as Guides["features"] } : null;
}

function token(form: HTMLFormElement): string {
  return new FormData(form).get("csrfmiddlewaretoken")?.toString() ?? cookie("csrftoken");
}
