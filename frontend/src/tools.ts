/** The map's tools and keys: choose, draw a polygon, zoom, go home. Refuses two tools at once. */

import { t } from "./i18n";
import type { ClusterTool } from "./clusters/tool";
import type { SurveyCrs } from "./map/crs";
import { polygonTool } from "./map/draw";
import { gliding } from "./map/motion";
import { watchPointer, type PointerEvents } from "./map/pointer";
import { coordinateReadout, scaleBar } from "./map/readout";
import type { WorkspaceMap } from "./map/workspace-map";
import type { Moment, ToolId, ViewState } from "./state";
import type { Store } from "./store";
import type { Theme } from "./themes";
import { h, replace, slot } from "./ui/dom";
import type { Frame } from "./ui/frame";
import { icon } from "./ui/icons";
import { keysDialog, listenToKeys } from "./ui/keys";
import { mapButton, zoomButtons } from "./ui/map-button";
import { toast } from "./ui/notice";
import type { Side } from "./ui/side";

interface ToolParts {
  chart: WorkspaceMap;
  frame: Frame;
  crs: SurveyCrs | null;
  store: Store<ViewState>;
  moment: Store<Moment>;
  theme(): Theme;
  side: Side;
  open(code: string): void;
  over: PointerEvents["over"];
  search: { focus(): void };
  history(): void;
  mayEdit: boolean;
  /** Null for whoever may not confirm clusters. */
  clusters: ClusterTool | null;
}

export function mapTools(parts: ToolParts): { clear(): void } {
  const { chart, frame, store, moment } = parts;
  const { map } = chart;
  const view = map.getView();

  const drawing = polygonTool({
    map,
    surface: frame.map,
    crs: parts.crs,
    done(geometry) {
      moment.set({ tool: "select" });
      store.set({ sel: "", pick: "" });
      parts.side.polygon(geometry);
    },
    crossing: () => toast(t("poly.crossing")),
  });

  watchPointer(map, frame.map, chart.parcels, {
    theme: parts.theme,
    listening: () => moment.get().tool === "select" && !moment.get().editing,
    hover: (code) => moment.set({ hover: code }),
    choose: parts.open,
    over: parts.over,
    closer: (coordinate) => view.animate({ center: coordinate, zoom: 14.6, duration: gliding(320) }),
  });

  const choose = (tool: ToolId): void => moment.set({ tool });
  const buttons: Record<ToolId, HTMLButtonElement> = {
    select: mapButton("pointer", t("tool.select"), () => choose("select"), "1"),
    polygon: mapButton("polygon", t("tool.polygon"), () => choose("polygon"), "2"),
    cluster: mapButton("merge", t("clusters.title"), () => choose("cluster"), "3"),
  };
  buttons.polygon.append(h("span", {}, t("tool.polygon")));
  buttons.cluster.append(h("span", {}, t("clusters.tool")));
  frame.toolbox.append(buttons.select, buttons.polygon);
  if (parts.clusters) frame.toolbox.append(buttons.cluster);
  moment.watch(
    ({ tool }) => tool,
    (tool) => {
      for (const [id, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(id === tool));
      frame.map.dataset["tool"] = tool;
      frame.hint.hidden = tool !== "polygon";
      if (tool === "polygon") drawing.start();
      else drawing.stop();
      if (tool === "cluster") {
        // Clusters are found in today's register.
        store.set({ sel: "", pick: "", on: "" });
        parts.clusters?.start();
      } else {
        parts.clusters?.stop();
        if (parts.side.showing() === "tool") parts.side.close();
      }
    },
  );
  replace(
    frame.hint,
    icon("polygon"),
    h("span", {}, t("tool.polygon.hint")),
    h("button", { type: "button", class: "btn btn-sm", on: { click: () => drawing.takeView() } }, t("tool.polygon.view")),
    h("button", { type: "button", class: "btn btn-sm", on: { click: () => choose("select") } }, t("tool.polygon.stop")),
  );

  frame.zoombox.append(...zoomButtons(map), mapButton("home", t("map.home"), () => chart.home(), "H"));
  frame.footline.append(scaleBar(map), coordinateReadout(map, parts.crs));

  const help = keysDialog(parts.mayEdit);
  slot("topbar-tools").append(
    h(
      "button",
      { type: "button", class: "icon-button", title: `${t("keys.title")}（?）`, ariaLabel: t("keys.title"), on: { click: () => help.showModal() } },
      icon("help"),
    ),
  );
  const isDrawing = (): boolean => moment.get().tool === "polygon";
  listenToKeys({
    select: () => choose("select"),
    polygon: () => choose("polygon"),
    cluster: () => parts.clusters && choose("cluster"),
    stop() {
      if (moment.get().tool !== "select") return choose("select");
      parts.side.close();
      drawing.clear();
      store.set({ sel: "", pick: "" });
    },
    search: parts.search.focus,
    home: () => chart.home(),
    print: () => frame.print(),
    help: () => help.showModal(),
    history: parts.history,
    takeBack: () => isDrawing() && (drawing.takeBack(), true),
    bringBack: () => isDrawing() && (drawing.bringBack(), true),
    finish: () => isDrawing() && (drawing.finish(), true),
  });
  return { clear: drawing.clear };
}
