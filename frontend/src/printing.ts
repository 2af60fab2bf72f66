/** What the printed sheet says about the view. Refuses to print filters that the map doesn't obey. */

import type { ClassCounts } from "./counts";
import { said, t } from "./i18n";
import { overlayLegend } from "./overlays/panel";
import type { WorkspaceMap } from "./map/workspace-map";
import type { ThemeId, ViewState } from "./state";
import type { Store } from "./store";
import { findingTitle, type Theme } from "./themes";
import type { Workspace } from "./types";
import type { Frame } from "./ui/frame";
import { mapButton } from "./ui/map-button";
import { sheetPrinter } from "./ui/print";

interface PrintParts {
  chart: WorkspaceMap;
  frame: Frame;
  store: Store<ViewState>;
  workspace: Workspace;
  themes: Record<ThemeId, Theme>;
  year(): number | null;
  counts(): ClassCounts | null;
}

export function wirePrinting({ chart, frame, store, workspace, themes, year, counts }: PrintParts): void {
  const { county } = workspace;
  const printer = sheetPrinter(chart.map, frame.mapBox, frame.sheet, () => {
    const state = store.get();
    return {
      county: county.name,
      demo: county.is_demo ?? false,
      year: year(),
      screenedOn: workspace.screened_on,
      filters: filterWords(state, workspace),
      overlays: overlayLegend(state.overlays),
      survey: state.base === "grid" ? `EPSG:${county.survey_crs}` : "",
      legend: { theme: themes[state.theme], filters: state.filters, counts: counts(), choose: () => undefined },
    };
  });
  frame.print = printer.print;
  frame.zoombox.append(mapButton("print", t("map.print"), printer.print, "Ctrl+P"));
}

export function filterWords({ filters, on }: ViewState, workspace: Workspace): string[] {
  const town = workspace.towns.find((one) => one.code === filters.town);
  const land = workspace.land_classes.find((one) => one.code === filters.landClass);
  const words = [town?.name, filters.finding && findingTitle(filters.finding), said(land?.name)];
  if (on) words.push(t("history.banner", { on }));
  if (filters.minTax !== null) words.push(`${t("filter.tax")} ${t("range.from", { from: filters.minTax })}`);
  if (filters.maxTax !== null) words.push(`${t("filter.tax")} ${t("range.below", { to: filters.maxTax })}`);
  if (filters.q) words.push(t("filter.text", { q: filters.q }));
  return words.filter((word): word is string => !!word);
}
