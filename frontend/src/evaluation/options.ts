/** What each plot looks like: the server's figures as options of the chart library. Refuses to compute figures: only places on paper. */

import { count, number, percent } from "../format";
import { said, t } from "../i18n";
import type { Cell, Firm, Histogram, Lorenz, Mosaic, Ranking } from "./api";
import { axis, AXIS_INK, QUIET, type Option } from "./chart";
import { gradeColour, HIDDEN, inkOn, plain } from "./looks";
import type { ChartsView, IndicatorCode } from "./state";

type Shape = { type: string; shape?: object; style?: object; children?: Shape[]; textContent?: object; textConfig?: object } | null;
interface Coords {
  value(dimension: number): number;
  coord(point: [number, number]): [number, number];
}

const SYMBOLS = ["circle", "diamond", "triangle", "rect", "roundRect", "pin"];
const MOST_LABEL = 0.045; // of the plot's height: lower tiles have no room for words

/** Rectangles of groups beside each other, each cut into its grades; the gaps are the paper's. */
export function mosaicOption(found: Mosaic, weight: ChartsView["weight"]): Option {
  const grades = found.grades;
  const figure = (group: number, grade: number): number | null => (weight === "land" ? found.land_mu[group]?.[grade] : found.firms[group]?.[grade]) ?? null;
  const sums = found.groups.map((_, group) => grades.reduce((sum, _grade, grade) => sum + (figure(group, grade) ?? 0), 0));
  const all = sums.reduce((sum, one) => sum + one, 0);
  const tiles: { value: number[]; name: string; group: number; grade: number }[] = [];
  let left = 0;
  found.groups.forEach((name, group) => {
    const width = all ? (sums[group] ?? 0) / all : 0;
    let low = 0;
    grades.forEach((_, at) => {
      const grade = grades.length - 1 - at;
      const height = sums[group] ? (figure(group, grade) ?? 0) / (sums[group] ?? 1) : 0;
      if (width > 0 && height > 0) tiles.push({ value: [left, left + width, low, low + height], name: said(name), group, grade });
      low += height;
    });
    left += width;
  });
  let edge = 0;
  const centres = sums.map((sum) => {
    const middle = edge + sum / (all || 1) / 2;
    edge += sum / (all || 1);
    return middle;
  });
  const gradeName = (grade: number): string => grades[grade] || t("atlas.grade.none");
  const shown = (group: number, grade: number): string =>
    weight === "land" ? `${number(figure(group, grade), 2)} ${t("unit.mu")}` : `${count(figure(group, grade))} ${t("unit.firms")}`;
  return {
    grid: { left: 56, right: 16, top: 34, bottom: 84 },
    legend: { top: 0, data: grades.map((_, grade) => gradeName(grade)), itemWidth: 16, itemHeight: 11 },
    xAxis: axis("", { type: "value", min: 0, max: 1, axisLabel: { show: false }, axisTick: { show: false }, splitLine: { show: false } }),
    yAxis: axis(t("atlas.share"), { type: "value", min: 0, max: 1, nameGap: 42, axisLabel: { color: AXIS_INK, formatter: (share: number) => percent(share, 0) } }),
    series: [
      ...grades.map((_, grade) => ({
        type: "custom",
        name: gradeName(grade),
        itemStyle: { color: gradeColour(grade, grades) },
        data: tiles.filter((tile) => tile.grade === grade).map((tile) => ({ value: tile.value, group: tile.group })),
        encode: { x: [0, 1], y: [2, 3] },
        tooltip: {
          formatter: ({ data }: { data: { group: number; value: number[] } }) =>
            `${found.groups[data.group] || t("atlas.group.none")}\n${gradeName(grade)}：${shown(data.group, grade)}（${percent((data.value[3] ?? 0) - (data.value[2] ?? 0), 1)}）`,
        },
        renderItem: (params: { dataIndex: number }, at: Coords): Shape => {
          const tile = tiles.filter((one) => one.grade === grade)[params.dataIndex];
          const [x0, y0] = at.coord([at.value(0), at.value(3)]);
          const [x1, y1] = at.coord([at.value(1), at.value(2)]);
          const fill = gradeColour(grade, grades);
          const words = tile && at.value(3) - at.value(2) >= MOST_LABEL && x1 - x0 > 54 ? `${grades[grade] || ""} ${percent(at.value(3) - at.value(2), 0)}`.trim() : "";
          return {
            type: "rect",
            shape: { x: x0 + 1, y: y0 + 0.75, width: Math.max(0.5, x1 - x0 - 2), height: Math.max(0.5, y1 - y0 - 1.5) },
            style: { fill },
            textContent: { type: "text", style: { text: words, fill: inkOn(fill), fontSize: 11 } },
            textConfig: { position: "inside" },
          };
        },
      })),
      {
        type: "custom",
        data: centres.map((middle, group) => [middle, 0, group]),
        silent: true,
        clip: false,
        renderItem: (_params: unknown, at: Coords): Shape => {
          const group = at.value(2);
          if (!sums[group]) return null;
          const [x, y] = at.coord([at.value(0), 0]);
          return {
            type: "text",
            style: { text: found.groups[group] || t("atlas.group.none"), x, y: y + 10 + (group % 3) * 20, fill: AXIS_INK, fontSize: 11, align: "center", verticalAlign: "top" },
          } as Shape;
        },
      },
    ],
  };
}

/** A firm a dot, its grade by shade and by shape; slanting lines of equal tax per mu. */
export function scatterOption(firms: readonly Firm[], grades: readonly string[], lines: readonly number[]): Option {
  const drawn = firms.filter(onPaper);
  const order = [...grades.filter((grade) => drawn.some((firm) => firm.grade === grade)), ...(drawn.some((firm) => !firm.grade) ? [""] : [])];
  const land = drawn.map((firm) => firm.land_mu ?? 1);
  const tax = drawn.map((firm) => firm.tax_wan ?? 1);
  const [least, most] = [roundEnd(land, "least"), roundEnd(land, "most")];
  const [low, high] = [roundEnd(tax, "least"), roundEnd(tax, "most")];
  return {
    grid: { left: 64, right: 34, top: 34, bottom: 46 },
    legend: { top: 0, itemWidth: 12, itemHeight: 12, data: order.map(gradeWords) },
    xAxis: axis(t("atlas.land"), { type: "log", min: least, max: most }),
    yAxis: axis(t("atlas.tax"), { type: "log", min: low, max: high, nameGap: 48 }),
    series: [
      ...order.map((grade, index) => ({
        type: "scatter",
        name: gradeWords(grade),
        symbol: grade ? SYMBOLS[index % SYMBOLS.length] : "emptyCircle",
        symbolSize: 7,
        itemStyle: { color: gradeColour(order.indexOf(grade), order), borderColor: "#ffffff", borderWidth: 0.5, opacity: 0.85 },
        data: drawn.filter((firm) => firm.grade === grade).map((firm) => ({ value: [firm.land_mu, firm.tax_wan], name: firm.name, town: firm.town })),
        tooltip: {
          formatter: ({ data }: { data: { name: string; town: string; value: [number, number] } }) =>
            `${data.name}\n${data.town}　${gradeWords(grade)}\n${number(data.value[1], 2)} ÷ ${number(data.value[0], 2)} = ${number(data.value[1] / data.value[0], 2)} ${t("atlas.unit.tax_per_mu")}`,
        },
      })),
      ...lines.map((rate) => ({
        type: "line",
        data: [
          [Math.max(least, low / rate), Math.max(least, low / rate) * rate],
          [Math.min(most, high / rate), Math.min(most, high / rate) * rate],
        ],
        symbol: "none",
        silent: true,
        lineStyle: { color: QUIET, width: 1, type: [4, 3] },
        endLabel: { show: true, formatter: plain(rate), color: AXIS_INK, fontSize: 10, distance: 2 },
      })),
    ],
  };
}

export const onPaper = (firm: Firm): boolean => (firm.tax_wan ?? 0) > 0 && (firm.land_mu ?? 0) > 0;

/** Curves told apart by dash as well as by colour. */
export function lorenzOption(found: Lorenz): Option {
  const looks = { tax_over_land: ["#1f4678", "solid"], tax: ["#2f8fa0", [7, 4]], land: ["#a8741a", [2, 3]] } as const;
  const name = (curve: Lorenz["curves"][number]): string => `${t(`atlas.curve.${curve.name}`)}　${t("atlas.gini")} ${number(curve.gini, 3)}`;
  return {
    grid: { left: 64, right: 24, top: 16, bottom: 46 },
    legend: { top: 18, left: 76, orient: "vertical", itemWidth: 34, data: [...found.curves.map(name), t("atlas.even")], textStyle: { color: "#14222e" } },
    xAxis: axis(t("atlas.base"), { type: "value", min: 0, max: 100 }),
    yAxis: axis(t("atlas.amount"), { type: "value", min: 0, max: 100, nameGap: 42 }),
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, valueFormatter: (value: number) => `${number(value, 1)} %` },
    series: [
      ...found.curves.map((curve) => ({
        type: "line",
        name: name(curve),
        symbol: found.by_tenths ? "circle" : "none",
        symbolSize: 6,
        data: curve.base.map((share, index) => [share * 100, (curve.amount[index] ?? 0) * 100]),
        lineStyle: { color: looks[curve.name][0], type: looks[curve.name][1], width: 2.2 },
        itemStyle: { color: looks[curve.name][0] },
      })),
      { type: "line", name: t("atlas.even"), data: [[0, 0], [100, 100]], symbol: "none", silent: true, lineStyle: { color: QUIET, width: 1 }, itemStyle: { color: QUIET } },
    ],
  };
}

/** Towns from the first to the last; those without a value that may be told stand below, without a bar. */
export function rankingOption(found: Ranking, indicator: IndicatorCode): Option {
  const places = [...found.places].reverse();
  const value = (cell: Cell | null): number | null => cell?.value ?? null;
  const words = (cell: Cell | null): string => (cell?.restricted ? t("atlas.hidden.short") : value(cell) === null ? t("atlas.none") : number(value(cell), 2));
  const county = found.county ? value(found.county) : null;
  return {
    grid: { left: 128, right: 64, top: 22, bottom: 46 },
    xAxis: axis(t(`atlas.unit.${indicator}`), { type: "value" }),
    yAxis: axis("", { type: "category", data: places.map(({ place, name }) => `${place ?? "—"}　${name}`), axisTick: { show: false }, axisLabel: { color: AXIS_INK, interval: 0 } }),
    series: [
      {
        type: "bar",
        barMaxWidth: 18,
        z: 3,
        data: places.map(({ cell }) => ({ value: value(cell) ?? 0, itemStyle: { color: value(cell) === null ? HIDDEN.fill : "#2f8fa0" }, told: words(cell) })),
        label: { show: true, position: "right", color: AXIS_INK, backgroundColor: "#ffffff", padding: [1, 2], formatter: ({ data }: { data: { told: string } }) => data.told },
        tooltip: { formatter: ({ name, data }: { name: string; data: { told: string } }) => `${name}\n${data.told} ${t(`atlas.unit.${indicator}`)}` },
        ...(county === null
          ? {}
          : {
              markLine: {
                symbol: "none",
                silent: true,
                z: 1, // behind bars and figures
                lineStyle: { color: "#a9281c", type: [5, 3], width: 1.4 },
                label: { formatter: `${t("atlas.county")} ${number(county, 2)}`, color: "#a9281c", position: "end" },
                data: [{ xAxis: county }],
              },
            }),
      },
    ],
  };
}

/** Equal areas stand for equal numbers of firms, also where classes were joined; the open class is one step wide. */
export function histogramOption(found: Histogram, indicator: IndicatorCode): Option {
  const widths = found.bins.flatMap(({ lower, upper }) => (upper === null ? [] : [upper - lower]));
  const step = widths.length ? Math.min(...widths) : 1;
  const bars = found.bins.map(({ lower, upper, firms }) => {
    const right = upper ?? lower + step;
    return { value: [lower, right, (firms * step) / (right - lower)], firms, open: upper === null };
  });
  const [first, last] = [bars[0]?.value[0] ?? 0, bars.at(-1)?.value[1] ?? 1];
  const unit = t(`atlas.unit.${indicator}`);
  const marks = found.quantiles ?? [];
  return {
    grid: { left: 64, right: 24, top: marks.length ? 66 : 24, bottom: 46 },
    xAxis: axis(unit, { type: "value", min: first, max: last, splitLine: { show: false } }),
    yAxis: axis(t("atlas.firms.step", { step: plain(step), unit }), { type: "value", nameGap: 44 }),
    series: [
      {
        type: "custom",
        encode: { x: [0, 1], y: 2 },
        data: bars,
        tooltip: {
          formatter: ({ data }: { data: { value: number[]; firms: number; open: boolean } }) =>
            `${data.open ? t("range.from", { from: plain(data.value[0] ?? 0) }) : `${plain(data.value[0] ?? 0)} – ${plain(data.value[1] ?? 0)}`} ${unit}\n${count(data.firms)} ${t("unit.firms")}`,
        },
        renderItem: (params: { dataIndex: number }, at: Coords): Shape => {
          const [x0, y0] = at.coord([at.value(0), at.value(2)]);
          const [x1, y1] = at.coord([at.value(1), 0]);
          const bar = bars[params.dataIndex];
          return {
            type: "rect",
            shape: { x: x0 + 0.5, y: y0, width: Math.max(0.5, x1 - x0 - 1), height: y1 - y0 },
            style: bar?.open ? { fill: "#dfe9ee", stroke: "#2f8fa0", lineDash: [3, 2] } : { fill: "#5f9fb5" },
            textContent: bar?.open ? { type: "text", style: { text: `≥ ${plain(at.value(0))}`, fill: AXIS_INK, fontSize: 10 } } : { type: "text", style: { text: "" } },
            textConfig: { position: "top" },
          };
        },
      },
      {
        type: "custom",
        silent: true,
        clip: false,
        data: marks.filter(({ value }) => value >= first && value <= last).map(({ share, value }) => [value, 0, share]),
        renderItem: (params: { dataIndex: number; coordSys: { y: number; height: number } }, at: Coords): Shape => {
          const [x] = at.coord([at.value(0), 0]);
          const { y, height } = params.coordSys;
          // Marks of a skewed distribution stand close: their words take turns on three lines.
          const top = y - 14 - (marks.length - 1 - params.dataIndex) * 11;
          return {
            type: "group",
            children: [
              { type: "line", shape: { x1: x, x2: x, y1: top + 6, y2: y + height }, style: { stroke: "#a9281c", lineWidth: 1, lineDash: at.value(2) === 0.5 ? undefined : [3, 3] } },
              { type: "text", style: { text: `${t("atlas.quantile", { share: Math.round(at.value(2) * 100) })}  ${number(at.value(0), 2)}`, x: x + 4, y: top, fill: "#a9281c", fontSize: 10, verticalAlign: "middle" } },
            ],
          };
        },
      },
    ],
  };
}

function gradeWords(grade: string): string {
  return grade || t("atlas.grade.none");
}

/** The next of 1, 2, 5 × 10ⁿ beyond the values' end, so that the plot is filled. */
function roundEnd(values: readonly number[], end: "least" | "most"): number {
  const found = values.reduce((a, b) => (end === "least" ? Math.min(a, b) : Math.max(a, b)), values[0] ?? 1);
  const power = 10 ** Math.floor(Math.log10(found));
  const steps = [1, 2, 5, 10].map((step) => step * power);
  return (end === "least" ? [...steps].reverse().find((step) => step <= found) : steps.find((step) => step >= found)) ?? found;
}
