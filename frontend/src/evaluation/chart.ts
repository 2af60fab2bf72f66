/** The one door to the chart library: only the parts in use, drawn as SVG, still, with texts that need no inline style. Refuses canvas. */

import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { FONT } from "../map/styles";

use([BarChart, CustomChart, LineChart, ScatterChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export type Option = EChartsCoreOption;

export const AXIS_INK = "#3d4b57";
export const QUIET = "#8b96a1";
export const RULE = "#e0e5e9";

export interface Plot {
  show(option: Option): void;
  resize(): void;
  /** The picture as a file of its own. */
  svg(): string;
}

export function plotIn(surface: HTMLElement, label: string): Plot {
  const chart: ECharts = init(surface, null, { renderer: "svg" });
  surface.setAttribute("role", "img");
  surface.setAttribute("aria-label", label);
  return {
    show(option) {
      chart.resize();
      chart.setOption({ ...USUAL, ...option }, { notMerge: true });
      surface.dataset["drawn"] = "true";
    },
    resize: () => chart.resize(),
    svg: () => decodeURIComponent((chart.getDataURL({ type: "svg" }).split(",")[1] ?? "")),
  };
}

const USUAL: Option = {
  animation: false,
  textStyle: { fontFamily: FONT.replaceAll('"', "'"), color: AXIS_INK, fontSize: 12 },
  tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: "#ffffff", borderColor: "#c3ccd3", textStyle: { color: "#14222e", fontSize: 12 } },
};

/** An axis as all plots have it. */
export function axis(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name,
    nameLocation: "middle",
    nameGap: 30,
    nameTextStyle: { color: AXIS_INK },
    axisLine: { show: true, lineStyle: { color: QUIET } },
    axisLabel: { color: AXIS_INK },
    splitLine: { lineStyle: { color: RULE } },
    ...more,
  };
}
