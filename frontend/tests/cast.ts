/** A small county for the tests. */

import type { Indicator, ParcelItem, Workspace } from "../src/types";

export function workspace(change: Partial<Workspace> = {}): Workspace {
  return {
    county: { code: "330782", name: "义乌市", survey_crs: 4549, bbox: [119.8, 29.0, 120.3, 29.6], boundary: null },
    actor: { name: "王明", roles: ["registrar"], rights: ["view_map", "view_firm_figures"], town_codes: null },
    years: [2022, 2023],
    year: 2023,
    screened_on: "2024-01-15",
    towns: [
      { code: "330782003", name: "稠江街道" },
      { code: "330782100", name: "佛堂镇" },
    ],
    totals: { parcels: 2, area_mu: 38.5, idle: { idle_not_started: 1 } },
    land_classes: [
      { code: "0601", name: "工业用地", colour: "#c59a8c" },
      { code: "0604", name: "仓储用地" },
    ],
    data_version: "1",
    ...change,
  };
}

export function parcelItem(change: Partial<ParcelItem> = {}): ParcelItem {
  return {
    code: "330782003015GB00223",
    holder: "金华金凯电子股份有限公司",
    town_code: "330782003",
    town_name: "稠江街道",
    location: "苏福路308号",
    area_mu: 14.54,
    land_class_code: "0601",
    tax_per_mu: 23.68,
    finding: "idle_not_started",
    bbox: [120.01, 29.2, 120.02, 29.21],
    ...change,
  };
}

export function indicator(change: Partial<Indicator> = {}): Indicator {
  return {
    indicator: "tax_per_mu",
    title: "亩均税收",
    value: 10.71,
    unit: "万元/亩",
    numerator: 5844.41,
    denominator: 545.6,
    numerator_unit: "万元",
    denominator_unit: "亩",
    formula: "税收实际贡献 ÷ 用地面积",
    year: 2023,
    as_of: "2023-12-31",
    source: "2023 年度企业年报",
    rule_version: "per-mu 2023.1",
    missing: [],
    ...change,
  };
}
