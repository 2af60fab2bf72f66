/** The wall: its figures with signs and links, and what it says of its own freshness. */

import { expect, it } from "vitest";
import { ApiError } from "../src/api";
import { attended } from "../src/wall/attended";
import { lightUp, panels, townTable } from "../src/wall/board";
import { rowsUrl, type WallData, type WallRow } from "../src/wall/data";
import { extentShown } from "../src/wall/extent";
import { judged, STALE_AFTER_MS } from "../src/wall/fresh";
import { LIGHTS } from "../src/wall/looks";

const EMPTY = { type: "FeatureCollection" as const, features: [] };
const row = (code: string, figures: WallRow["figures"]): WallRow => ({ code, name: code || "示意县", figures });
const DATA: WallData = {
  version: "1",
  made_at: "2026-01-01T08:00:00+08:00",
  on: "2023-06-30",
  county: { code: "990001", name: "示意县", is_demo: true },
  targets: {
    remediation: { basis: "行动方案", first: "2021-01-01", last: "2023-12-31" },
    revitalisation: { basis: "", first: null, last: null },
  },
  rule_versions: {},
  rows: [
    row("", { remediation_mu: "3883.1", remediation_target_mu: "9000", remediation_due_mu: "7487.7", remediation_light: "red", remediation_outlook: "will_miss", remediation_rate: "43.15" }),
    row("甲", { remediation_mu: "5", remediation_target_mu: null, remediation_light: "none", remediation_outlook: "unknown" }),
  ],
  overdue: [{ title: "甲项目", state: "已逾期", town_code: "甲", since: "2023-06-20", url: "/campaigns/projects/7/" }],
  map: { towns: EMPTY, remediation: EMPTY, revitalisation: EMPTY, cases: EMPTY },
};

it("says with sign and word whether a target will be met, and links each figure to its rows", () => {
  const [first] = panels(DATA, DATA.rows[0] as WallRow);
  expect(first?.textContent).toContain("■ 将完不成");
  expect(first?.textContent).toContain("43.2 %");
  expect(first?.querySelector("a")?.getAttribute("href")).toBe(rowsUrl("2023-06-30", "remediation_mu", ""));
  expect(first?.querySelector<HTMLElement>(".done")?.style.width).toBe("43.15%");
});

it("shows a dash where there is no target, and no mark of a schedule", () => {
  const table = townTable(DATA, { hover: () => undefined, choose: () => undefined });
  const cell = table.querySelector("td.wide");
  expect(cell?.textContent).toContain("5 / —");
  expect(cell?.querySelector<HTMLElement>(".due")?.hidden).toBe(true);
});

it("shows what became of a plan that ended without a successor", () => {
  const figures = { ...(DATA.rows[0] as WallRow).figures, remediation_outlook: "missed", remediation_after_mu: "12" };
  const ended = { ...DATA, on: "2024-06-30", rows: [row("", figures)] };
  const [first] = panels(ended, ended.rows[0] as WallRow);
  expect(first?.textContent).toContain("■ 期满未完成");
  expect(first?.textContent).toContain("任务期至 2023-12-31");
  expect(first?.textContent).toContain("期满后入账 12 亩");
  expect(first?.textContent).not.toContain("序时应完成");
});

it("leads from what is overdue to its page", () => {
  const tiles = panels(DATA, DATA.rows[0] as WallRow);
  expect(tiles[3]?.querySelector(".late a")?.getAttribute("href")).toBe("/campaigns/projects/7/");
  expect(tiles[3]?.querySelector(".late li")?.textContent).toBe("甲项目逾期 10 天");
});

it("says that somebody is there once for each touch", () => {
  attended();
  expect(attended()).toEqual({});
  window.dispatchEvent(new Event("keydown"));
  expect(attended()).toEqual({ "X-Landgis-Attended": "1" });
  expect(attended()).toEqual({});
});

it("lights up the row of a town", () => {
  const table = townTable(DATA, { hover: () => undefined, choose: () => undefined });
  lightUp(table, "甲", "");
  expect(table.querySelector("tr.is-hovered")?.textContent).toContain("甲");
  lightUp(table, "", "甲");
  expect(table.querySelectorAll("tr.is-hovered")).toHaveLength(0);
  expect(table.querySelectorAll("tr.is-chosen")).toHaveLength(1);
});

it("gives every light a sign of its own", () => {
  expect(new Set(Object.values(LIGHTS).map((look) => look.sign)).size).toBe(4);
});

it("is stale only after some beats without an answer, and says when the session is over", () => {
  const silent = new ApiError(0, "");
  expect(judged(silent, false, 1000).state).toBe("live");
  expect(judged(silent, false, STALE_AFTER_MS + 1)).toEqual({ state: "stale", minutes: 1 });
  expect(judged(new ApiError(401, ""), false, 0).state).toBe("signed_out");
  expect(judged(new ApiError(500, "坏"), true, 0)).toEqual({ state: "failed", message: "坏" });
});

it("shows the ground of a county without towns, and says that none are set up", () => {
  const nothing = [Infinity, Infinity, -Infinity, -Infinity];
  expect(extentShown([0, 0, 4, 4], [[1, 1, 2, 2]])).toEqual([0, 0, 4, 4]);
  expect(extentShown(nothing, [[1, 1, 2, 2], nothing, [5, 0, 6, 1]])).toEqual([1, 0, 6, 2]);
  expect(extentShown(null, [nothing, null])).toBeNull();
  const events = { hover: () => undefined, choose: () => undefined };
  const none = townTable({ ...DATA, rows: DATA.rows.slice(0, 1) }, events);
  expect(none.textContent).toContain("没有划分镇街");
  expect(townTable(DATA, events).textContent).not.toContain("没有划分镇街");
});
