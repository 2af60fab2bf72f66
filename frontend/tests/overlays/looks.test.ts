/** The business layers' one table: every state has its class, classes of a layer differ without colour, cards name their page. */

import { beforeEach, describe, expect, it } from "vitest";
import { cardBody } from "../../src/overlays/card";
import { overlay, OVERLAYS } from "../../src/overlays/looks";
import { overlayChoice, overlayLegend } from "../../src/overlays/panel";
import { DEFAULT_VIEW, OVERLAY_IDS, type ViewState } from "../../src/state";
import { createStore } from "../../src/store";
import { contrast } from "../colour";

beforeEach(() => document.body.replaceChildren());

const late = new Set(["〔2024〕闲置001"]);

describe("looks", () => {
  it("has one for every layer that the address knows", () => {
    expect(OVERLAYS.map(({ id }) => id).sort()).toEqual([...OVERLAY_IDS].sort());
  });

  it.each(OVERLAYS)("tells the states of $id apart without colour", ({ classes }) => {
    const signs = classes.map(({ pattern, dash, width }) => `${pattern}|${dash.join(",")}|${width}`);
    expect(new Set(signs).size).toBe(classes.length);
    for (const { stroke } of classes) expect(contrast(stroke, "#fdfdfb")).toBeGreaterThan(4.5);
  });

  it("shows a case by its step that is overdue before its stage, and a closed one as closed", () => {
    const cases = overlay("idle-cases");
    const key = (facts: object): string => cases.classOf(facts, late).key;
    expect(key({ case_no: "〔2024〕闲置001" })).toBe("overdue");
    expect(key({ case_no: "〔2024〕闲置001", closed_on: "2024-05-01" })).toBe("closed");
    expect(key({ case_no: "〔2024〕闲置002", result: "idle_stopped" })).toBe("disposing");
    expect(key({ case_no: "〔2024〕闲置003" })).toBe("found");
  });

  it("tells what leaves the line from what comes in", () => {
    const line = overlay("line-adjustments");
    expect(line.classOf({ side: "out", state: "entered" }, late).key).toBe("out-entered");
    expect(line.classOf({ side: "in", state: "under_way" }, late).key).toBe("in-under_way");
    expect(overlay("projects").classOf({ progress: "overdue" }, late).key).toBe("overdue");
  });
});

describe("the switches", () => {
  it("keep the order of the layers and show a legend only for what is on", () => {
    const store = createStore<ViewState>(DEFAULT_VIEW);
    const element = overlayChoice(store);
    document.body.append(element);
    const box = (id: string): HTMLInputElement => element.querySelector(`input[value="${id}"]`) as HTMLInputElement;
    const legend = (id: string): HTMLElement => element.querySelector(`[data-overlay="${id}"]`) as HTMLElement;
    expect(legend("projects").hidden).toBe(true);
    box("projects").click();
    box("remediation").click();
    expect(store.get().overlays).toEqual(["remediation", "projects"]);
    expect(legend("projects").textContent).toContain("已逾期");
    expect(legend("projects").querySelector("a")?.getAttribute("href")).toBe("/campaigns/");
    store.set({ overlays: [] });
    expect(box("projects").checked).toBe(false);
    expect(legend("projects").hidden).toBe(true);
    expect(overlayLegend(["clusters"])).toHaveLength(1);
  });
});

describe("a card", () => {
  const card = {
    collection: "projects", id: 12, kind: "攻坚项目", title: "甲", page: "/campaigns/projects/12/", geometry: null,
    facts: [{ title: "所处阶段", value: "<b>立项</b>" }],
  };

  it("leads to the page, reads markup as text, and says that it has no shape", () => {
    document.body.append(...cardBody(card, "2024-01-31"));
    expect(document.querySelector("a")?.getAttribute("href")).toBe("/campaigns/projects/12/");
    expect(document.querySelector("dd")?.textContent).toBe("<b>立项</b>");
    expect(document.body.textContent).toContain("2024-01-31 的状态");
    expect(document.body.textContent).toContain("没有图形");
  });
});
