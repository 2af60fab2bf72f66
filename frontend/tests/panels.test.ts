/** What the panels put on the screen: figures with their meaning, rows linked with the map, a legend that filters. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { classCounts, idleTotals, isChosen, withoutOwn } from "../src/counts";
import type { Api } from "../src/api";
import { DEFAULT_VIEW, NO_FILTERS, type Moment, type ViewState } from "../src/state";
import { createStore } from "../src/store";
import { buildThemes } from "../src/themes";
import { areasTable } from "../src/ui/areas";
import { idleBlock } from "../src/ui/idle";
import { indicatorCard } from "../src/ui/indicators";
import { nextSort, parcelList } from "../src/ui/list";
import { indicator, parcelItem, workspace } from "./cast";

beforeEach(() => document.body.replaceChildren());

describe("an indicator", () => {
  it("says how it was computed", () => {
    const card = indicatorCard(indicator());
    expect(card.querySelector(".indicator-value")?.textContent).toBe("10.71万元/亩");
    const how = card.querySelector("dl")?.textContent ?? "";
    for (const part of ["税收实际贡献 ÷ 用地面积", "5,844.41 万元", "545.60 亩", "2023-12-31", "per-mu 2023.1"]) {
      expect(how).toContain(part);
    }
  });

  it("that is missing shows a dash and what is missing, never 0", () => {
    const card = indicatorCard(indicator({ value: null, numerator: null, missing: ["3 家企业未填报税收实际贡献，未计入"] }));
    expect(card.querySelector(".indicator-value")?.textContent).toBe("—");
    expect(card.textContent).toContain("3 家企业未填报税收实际贡献");
  });

  it("that leaves firms out says so where it explains itself", () => {
    const how = indicatorCard(indicator({ missing: ["1 家企业没有当年年度报表，未计入"] })).querySelector("dl");
    expect(how?.textContent).toContain("1 家企业没有当年年度报表");
  });

  it("keeps the digits of a small ratio", () => {
    expect(indicatorCard(indicator({ value: 0.0302, unit: "" })).textContent).toContain("0.0302");
  });

  it("shows a name as text, whatever it holds", () => {
    const card = indicatorCard(indicator({ title: "<img src=x onerror=alert(1)>" }));
    expect(card.querySelector("img")).toBeNull();
  });
});

describe("areas", () => {
  const areas = { registered_area_m2: 9695.25, planar_area_m2: 9694.85, ellipsoidal_area_m2: 9694.95, area_mu: 14.54 };

  it("says whether they agree", () => {
    const ok = areasTable({ ...areas, difference_m2: -0.4, within_tolerance: true });
    expect(ok.textContent).toContain("在允许误差内");
    expect(ok.textContent).toContain("−0.40 ㎡");
    const bad = areasTable({ ...areas, difference_m2: -55, within_tolerance: false });
    expect(bad.querySelector(".is-bad")).not.toBeNull();
  });

  it("has no verdict without a registered area", () => {
    const table = areasTable({ ...areas, registered_area_m2: null, within_tolerance: null });
    expect(table.textContent).toContain("无登记面积");
    expect(table.textContent).toContain("—");
  });
});

describe("a screening", () => {
  it("shows article, clock, missing facts and steps", () => {
    const block = idleBlock({
      finding: "idle_not_started",
      title: "闲置（未动工）",
      article: "第二条第一款",
      agreed_start: "2020-06-21",
      full_year_on: "2021-06-21",
      gross_idle_days: 938,
      missing: ["实际动工日期"],
      steps: ["约定 2020-06-21 动工。", "满一年未动工。"],
      on: "2024-01-15",
      rule_version: "v1",
    });
    expect([...block.querySelectorAll("time")].map((time) => time.textContent)).toEqual([
      "2020-06-21",
      "2021-06-21",
      "2024-01-15",
    ]);
    expect(block.querySelectorAll(".step-list li")).toHaveLength(2);
    expect(block.textContent).toContain("938 天");
    expect(block.textContent).toContain("缺少：实际动工日期");
    expect(block.textContent).toContain("不是认定书");
  });
});

describe("the list", () => {
  const build = () => {
    const store = createStore<ViewState>(DEFAULT_VIEW);
    const moment = createStore<Moment>({ hover: "", tool: "select", editing: false });
    const open = vi.fn();
    const list = parcelList({ store, moment, workspace: workspace(), mayFigures: true, open });
    document.body.append(list.element);
    list.show({ total: 2, area_mu: 38.5, page: 1, items: [parcelItem(), parcelItem({ code: "B", tax_per_mu: null })] });
    const row = (code: string) => document.querySelector<HTMLTableRowElement>(`tr[data-code="${code}"]`)!;
    return { store, moment, open, list, row };
  };

  it("lights the row of the parcel under the pointer, and the map for the row", () => {
    const { moment, row } = build();
    moment.set({ hover: "B" });
    expect(row("B").classList.contains("is-hover")).toBe(true);
    row("330782003015GB00223").dispatchEvent(new MouseEvent("mouseenter"));
    expect(moment.get().hover).toBe("330782003015GB00223");
  });

  it("opens by click, by Enter, and walks with the arrows", () => {
    const { open, row } = build();
    row("B").click();
    const first = row("330782003015GB00223");
    first.focus();
    first.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
    expect(document.activeElement).toBe(row("B"));
    row("B").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    expect(open.mock.calls).toEqual([["B"], ["B"]]);
  });

  it("marks the chosen row and shows a dash for missing tax", () => {
    const { store, row } = build();
    store.set({ sel: "B" });
    expect(row("B").getAttribute("aria-selected")).toBe("true");
    expect(row("B").querySelector(".col-tax")?.textContent).toBe("—");
  });

  it("says so when nothing matches", () => {
    const { list } = build();
    list.show({ total: 0, area_mu: 0, page: 1, items: [] });
    expect(list.element.textContent).toContain("没有符合条件的宗地");
  });

  it("has no column of tax for those who may not see it", () => {
    const store = createStore<ViewState>(DEFAULT_VIEW);
    const moment = createStore<Moment>({ hover: "", tool: "select", editing: false });
    const list = parcelList({ store, moment, workspace: workspace(), mayFigures: false, open: vi.fn() });
    list.show({ total: 1, area_mu: 1, page: 1, items: [parcelItem()] });
    expect(list.element.querySelector(".col-tax")).toBeNull();
  });

  it("sorts figures from the largest, text from the first, and turns round", () => {
    expect(nextSort("code", "area_mu", true)).toBe("-area_mu");
    expect(nextSort("-area_mu", "area_mu", true)).toBe("area_mu");
    expect(nextSort("-area_mu", "code")).toBe("code");
  });
});

describe("the legend's counts", () => {
  const themes = buildThemes(workspace());

  it("ask without the theme's own filter and leave the rest to “no data”", async () => {
    const asked: Record<string, string>[] = [];
    const api = {
      parcels: ({ filters }: { filters: Record<string, string> }) => {
        asked.push(filters);
        const none = !("min_tax_per_mu" in filters) && !("max_tax_per_mu" in filters);
        return Promise.resolve({ total: none ? 100 : 10, area_mu: none ? 1000 : 100, page: 1, items: [] });
      },
    } as unknown as Api;
    const filters = { ...NO_FILTERS, town: "330782003", minTax: 40 };
    const counts = await classCounts(api, themes.tax, filters, 2023, new AbortController().signal);
    expect(asked[0]).toEqual({ town: "330782003" });
    expect(counts.get("6")).toEqual({ parcels: 10, area_mu: 100 });
    expect(counts.get("-1")).toEqual({ parcels: 30, area_mu: 300 });
  });

  it("know which class is chosen", () => {
    const [highest] = themes.tax.classes;
    expect(isChosen({ ...NO_FILTERS, minTax: 40 }, highest!)).toBe(true);
    expect(isChosen(NO_FILTERS, highest!)).toBe(false);
    expect(withoutOwn({ ...NO_FILTERS, finding: "clear" }, themes.idle).finding).toBe("");
  });

  it("add up both kinds of idle land", async () => {
    const api = {
      parcels: () => Promise.resolve({ total: 2, area_mu: "30.5", page: 1, items: [] }),
    } as unknown as Api;
    const totals = await idleTotals(api, workspace(), 2023);
    expect(totals).toEqual({ idle: { parcels: 4, area_mu: 61 }, overdue: { parcels: 2, area_mu: "30.5" } });
  });
});
