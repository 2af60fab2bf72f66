/**
 * Entry of the page where an adjustment is tried and applied for: a map that shows and takes what the form's fields hold.
 * Refuses to keep shapes of its own: the fields are what is sent, and whoever has no map fills them by hand.
 */

import "../styles/page.css";
import "../styles/balance.css";
import "ol/ol.css";
import { api, ApiError } from "../api";
import type { FeatureCollection, Polygon } from "../geojson";
import { t } from "../i18n";
import { surveyCrs } from "../map/crs";
import { polygonTool } from "../map/draw";
import { scaleBar } from "../map/readout";
import { closeMenusElsewhere } from "../menus";
import type { Workspace } from "../types";
import { h, replace, slot } from "../ui/dom";
import { northArrow } from "../ui/north";
import { zoomButtons } from "../ui/map-button";
import { notice } from "../ui/notice";
import { shapeIn, withPolygon } from "./ground";
import { adjustmentMap, LOOKS, type Role, type Shown } from "./map";

interface Candidate {
  code: string;
  enough: boolean;
}

interface Place {
  title: string;
  role: Role;
  text: HTMLTextAreaElement;
  codes: HTMLTextAreaElement;
}

function places(): Place[] {
  const fields = [...document.querySelectorAll<HTMLTextAreaElement>("textarea[name$=text]")];
  return fields.map((text, n) => ({
    title: n ? t("balance.piece", { n }) : t("balance.out"),
    role: n ? "in" : "out",
    text,
    codes: slot(text.id.replace(/text$/, "parcel_codes")) as HTMLTextAreaElement,
  }));
}

function candidates(): FeatureCollection<Candidate> {
  const told = document.getElementById("candidate-shapes")?.textContent;
  return told ? (JSON.parse(told) as FeatureCollection<Candidate>) : { type: "FeatureCollection", features: [] };
}

function start(root: HTMLElement, workspace: Workspace): void {
  const [all, offered, used] = [places(), candidates(), new Set<string>()];
  const said = h("p", { class: "balance-said", attrs: { role: "status" } }, t("balance.hint"));
  const choice = h(
    "select",
    { class: "form-select", id: "ground-into" },
    ...all.map(({ title }, n) => h("option", { value: String(n) }, title)),
  );
  const box = h("div", { class: "balance-map", id: "ground-map", tabIndex: 0, attrs: { role: "application", "aria-label": t("balance.map") } });
  const button = (text: string, run: () => void, title = ""): HTMLButtonElement =>
    h("button", { type: "button", class: "btn btn-outline-primary", title, on: { click: run } }, text);

  const chosen = (): Place => all[Number(choice.value)] as Place;
  const tell = (text: string): void => replace(said, text);

  const take = (drawn: Polygon): void => {
    const place = chosen();
    tool.clear();
    setDrawing(false);
    const next = withPolygon(place.text.value, drawn);
    if (!next) return tell(t("balance.unread", { to: place.title }));
    place.text.value = next.text;
    draw();
    tell(t("balance.added", { to: place.title, n: next.count }));
  };

  const setDrawing = (on: boolean): void => {
    if (on) tool.start();
    else tool.stop();
    drawing = on;
    pen.textContent = t(on ? "balance.stop" : "balance.draw");
    pen.setAttribute("aria-pressed", String(on));
    finish.disabled = back.disabled = again.disabled = !on;
    if (on) box.focus({ preventScroll: true });
  };

  let drawing = false;
  const pen = button(t("balance.draw"), () => setDrawing(!drawing));
  const finish = button(t("balance.finish"), () => tool.finish());
  const back = button(t("balance.take_back"), () => tool.takeBack(), "Ctrl+Z");
  const again = button(t("balance.bring_back"), () => tool.bringBack(), "Ctrl+Y");
  replace(
    root,
    h(
      "div",
      { class: "balance-bar" },
      h("label", { attrs: { for: "ground-into" } }, t("balance.into")),
      choice,
      pen,
      finish,
      back,
      again,
      button(t("balance.view"), () => tool.takeView(), t("balance.view.hint")),
      button(t("balance.clear"), () => {
        const place = chosen();
        place.text.value = "";
        draw();
        tell(t("balance.cleared", { to: place.title }));
      }),
      button(t("balance.show_all"), () => shown.fit()),
    ),
    said,
    box,
  );
  const shown = adjustmentMap(box, workspace);
  const tool = polygonTool({
    map: shown.map,
    surface: box,
    crs: surveyCrs(workspace.county.survey_crs),
    done: take,
    crossing: () => tell(t("balance.crossing")),
  });
  setDrawing(false);
  box.append(h("div", { class: "map-corner is-zoom" }, ...zoomButtons(shown.map)));
  box.append(h("div", { class: "balance-marks" }, northArrow(), scaleBar(shown.map)));
  root.append(legend(offered.features.length > 0));

  const draw = (): void => {
    const grounds = all.flatMap(({ role, title, text }): Shown[] => {
      const geometry = shapeIn(text.value);
      return geometry ? [{ role, label: title, geometry }] : [];
    });
    const would = offered.features.flatMap(({ geometry, properties: { code, enough } }): Shown[] =>
      geometry ? [{ role: used.has(code) ? "in" : enough ? "candidate" : "short", label: code.slice(-7), geometry }] : [],
    );
    shown.show([...would, ...grounds]);
  };

  for (const { text } of all) text.addEventListener("change", draw);
  // In the text fields below these keys keep their own meaning.
  box.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    const ctrl = event.ctrlKey || event.metaKey;
    if (!drawing) return;
    if (key === "escape") setDrawing(false);
    else if (key === "enter") tool.finish();
    else if (ctrl && key === "z" && !event.shiftKey) tool.takeBack();
    else if (ctrl && (key === "z" || key === "y")) tool.bringBack();
    else return;
    event.preventDefault();
  });
  for (const use of document.querySelectorAll<HTMLButtonElement>("button[data-use]")) {
    use.hidden = false;
    use.addEventListener("click", () => {
      const empty = all.find(({ role, text, codes }) => role === "in" && !text.value.trim() && !codes.value.trim());
      if (!empty) return tell(t("balance.full"));
      const code = use.dataset["use"] ?? "";
      empty.codes.value = code;
      use.disabled = true;
      used.add(code);
      draw();
      tell(t("balance.used", { code, to: empty.title }));
    });
  }
  draw();
  shown.fit(["out", "in"]);
}

function legend(offered: boolean): HTMLElement {
  const roles: Role[] = offered ? ["out", "in", "candidate", "short"] : ["out", "in"];
  return h(
    "ul",
    { class: "balance-legend" },
    h("li", { class: "is-line" }, swatch("line"), t("balance.legend.line")),
    ...roles.map((role) => h("li", {}, swatch(role), t(`balance.legend.${role}`))),
  );
}

function swatch(role: Role | "line"): SVGSVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const look = role === "line" ? { fill: "none", line: "#8a2f7d", dash: undefined } : LOOKS[role];
  const values = { x: 2, y: 2, width: 22, height: 12, fill: look.fill, stroke: look.line, "stroke-width": 2, "stroke-dasharray": look.dash?.join(" ") ?? "none" };
  for (const [name, value] of Object.entries(values)) shape.setAttribute(name, String(value));
  made.setAttribute("viewBox", "0 0 26 16");
  made.setAttribute("aria-hidden", "true");
  made.append(shape);
  return made;
}

async function boot(): Promise<void> {
  const root = slot("ground-drawing");
  try {
    start(root, await api.workspace(null));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    replace(root, notice(t("balance.load"), () => void boot()));
  }
}

closeMenusElsewhere(document);
void boot();
