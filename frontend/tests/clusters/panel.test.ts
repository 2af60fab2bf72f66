/** The panel of the tool for clusters: figures with their warnings, picks by keyboard, no confirmation of what is held elsewhere. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FoundCluster, PickedCluster } from "../../src/clusters/api";
import { clusterPanel, type ClusterPanelActions } from "../../src/clusters/panel";

const BEGIN = { limits: { tolerance_m: 20, min_mu: 30, tax_per_mu_below: 6 }, may_state_tax: true, ways: ["有机更新", "收储", "做地"] };
const FIGURES: PickedCluster = {
  parcels: 2, net_mu: 45.25, hull_mu: 60, compactness: 0.754, holders: 1, towns: ["甲镇"], line_share: 0.5, suggested_way: "收储",
  hull: { type: "Polygon", coordinates: [] }, pieces: 1, elsewhere: [],
};
const FOUND: FoundCluster = { ...FIGURES, codes: ["A", "B"] };

const spies = (): ClusterPanelActions => ({
  find: vi.fn(), choose: vi.fn(), add: vi.fn(), remove: vi.fn(), clear: vi.fn(), confirm: vi.fn(),
});
const within = <E extends HTMLElement>(selector: string): E => document.querySelector<E>(selector) as E;

beforeEach(() => document.body.replaceChildren());

describe("the panel", () => {
  it("begins with the county's limits and hands on those typed", () => {
    const panel = clusterPanel(BEGIN, spies());
    document.body.append(panel.element);
    expect(panel.limits()).toEqual({ tolerance_m: "20", min_mu: "30", tax_per_mu_below: "6" });
    within<HTMLInputElement>("[name=tolerance_m]").value = "50";
    expect(panel.limits()["tolerance_m"]).toBe("50");
    expect(within<HTMLInputElement>("[name=tax_per_mu_below]").readOnly).toBe(false);
  });

  it("leaves the county's tax limit to whoever isn't cleared for firms' figures", () => {
    document.body.append(clusterPanel({ ...BEGIN, may_state_tax: false }, spies()).element);
    expect(within<HTMLInputElement>("[name=tax_per_mu_below]").readOnly).toBe(true);
  });

  it("lists what was found, says when not all of it, and chooses by a button", () => {
    const act = spies();
    const panel = clusterPanel(BEGIN, act);
    document.body.append(panel.element);
    panel.showFound({ inefficient_parcels: 9, total: 7, clusters: [FOUND, FOUND] }, 1);
    expect(document.body.textContent).toContain("低效宗地 9 宗，共 7 片，列出面积最大的 2 片");
    const rows = document.querySelectorAll<HTMLButtonElement>(".cluster-row");
    expect([...rows].map((row) => row.getAttribute("aria-pressed"))).toEqual(["false", "true"]);
    rows[0]?.click();
    expect(act.choose).toHaveBeenCalledWith(0);
  });

  it("shows the figures, suggests the way, and lets parcels be left out by name", () => {
    const act = spies();
    const panel = clusterPanel(BEGIN, act);
    document.body.append(panel.element);
    panel.showPicked(["330782003015GB00223", "B"], FIGURES, false);
    const told = within("[data-figures]").textContent ?? "";
    for (const part of ["45.25 亩", "0.75", "甲镇", "50.0 %", "收储"]) expect(told).toContain(part);
    expect(told).not.toContain("亩均税收");
    expect(within<HTMLSelectElement>("[name=way]").value).toBe("收储");
    within<HTMLButtonElement>(".cluster-codes button").click();
    expect(act.remove).toHaveBeenCalledWith("330782003015GB00223");
    expect(within<HTMLFormElement>(".cluster-confirm").hidden).toBe(false);
  });

  it("keeps the way that was chosen and tells the tax only where it came", () => {
    const panel = clusterPanel(BEGIN, spies());
    document.body.append(panel.element);
    const way = within<HTMLSelectElement>("[name=way]");
    way.value = "做地";
    way.dispatchEvent(new Event("change"));
    panel.showPicked(["A"], { ...FIGURES, tax_per_mu: 1.5 }, false);
    expect(way.value).toBe("做地");
    expect(within("[data-figures]").textContent).toContain("1.50 万元/亩");
  });

  it("warns of pieces apart, and doesn't confirm what a confirmed cluster holds", () => {
    const panel = clusterPanel(BEGIN, spies());
    document.body.append(panel.element);
    panel.showPicked(["A"], { ...FIGURES, pieces: 3 }, false);
    expect(document.body.textContent).toContain("仍分为 3 处");
    expect(within<HTMLFormElement>(".cluster-confirm").hidden).toBe(false);
    panel.showPicked(["A"], { ...FIGURES, elsewhere: [{ code: "A", cluster_no: "〔2026〕连片001号" }] }, false);
    expect(document.body.textContent).toContain("〔2026〕连片001号");
    expect(within<HTMLFormElement>(".cluster-confirm").hidden).toBe(true);
    panel.showPicked([], null, false);
    expect(within<HTMLFormElement>(".cluster-confirm").hidden).toBe(true);
  });

  it("leads on to the project after the confirmation", () => {
    const panel = clusterPanel(BEGIN, spies());
    document.body.append(panel.element);
    panel.showConfirmed({ id: 7, cluster_no: "〔2026〕连片007号", page: "/clusters/7/", project: "/campaigns/projects/new?cluster=7" });
    expect([...document.querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual([
      "/campaigns/projects/new?cluster=7",
      "/clusters/7/",
    ]);
  });
});
