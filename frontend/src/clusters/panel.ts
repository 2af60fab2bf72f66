/**
 * The panel of the tool for clusters: limits, what was found, the picked parcels with their figures, and the confirmation.
 * Refuses to confirm without a way and a reason.
 */

import { count, mu, number, parcelCode, percent, perMu, shortCode } from "../format";
import { t } from "../i18n";
import { factList } from "../ui/facts";
import { h, replace } from "../ui/dom";
import { notice } from "../ui/notice";
import type { Begin, Confirmed, FoundCluster, FoundClusters, PickedCluster } from "./api";

export interface ClusterPanel {
  element: HTMLElement;
  limits(): Record<string, string>;
  showFound(found: FoundClusters, chosen: number): void;
  showPicked(codes: readonly string[], figures: PickedCluster | null, waiting: boolean): void;
  showConfirmed(made: Confirmed): void;
  fail(message: string): void;
}

export interface ClusterPanelActions {
  find(): void;
  choose(at: number): void;
  add(codes: string): void;
  remove(code: string): void;
  clear(): void;
  confirm(way: string, reason: string): void;
}

export function clusterPanel(begin: Begin, act: ClusterPanelActions): ClusterPanel {
  const field = (name: string, label: string, value: number): [HTMLElement, HTMLInputElement] => {
    const input = h("input", { type: "number", class: "form-control", name, min: "0", step: "any", value: String(value) });
    return [h("label", { class: "cluster-limit" }, h("span", {}, label), input), input];
  };
  const [gap, gapInput] = field("tolerance_m", t("clusters.gap"), begin.limits.tolerance_m);
  const [least, leastInput] = field("min_mu", t("clusters.least"), begin.limits.min_mu);
  const [tax, taxInput] = field("tax_per_mu_below", t("clusters.tax"), begin.limits.tax_per_mu_below);
  taxInput.readOnly = !begin.may_state_tax;
  if (taxInput.readOnly) taxInput.title = t("clusters.tax_fixed");
  const told = h("div", { class: "cluster-told", attrs: { role: "status" } });
  const list = h("ol", { class: "cluster-list" });
  const picked = h("section", { class: "cluster-picked" });
  const done = h("div", { attrs: { role: "status" } });

  const codesInput = h("input", { type: "text", class: "form-control", name: "code", ariaLabel: t("clusters.code"), placeholder: t("clusters.code") });
  const adding = h(
    "form",
    {
      class: "cluster-add",
      on: {
        submit: (event) => {
          event.preventDefault();
          if (codesInput.value.trim()) act.add(codesInput.value);
          codesInput.value = "";
        },
      },
    },
    codesInput,
    h("button", { type: "submit", class: "btn btn-sm" }, t("clusters.add")),
  );
  const way = h("select", { class: "form-select", name: "way", required: true }, ...begin.ways.map((one) => h("option", { value: one }, one)));
  // A way that was chosen isn't overruled by the next suggestion.
  way.addEventListener("change", () => (way.dataset["touched"] = "true"));
  const reason = h("input", { type: "text", class: "form-control", name: "reason", required: true, maxLength: 500 });
  const confirming = h(
    "form",
    {
      class: "cluster-confirm",
      hidden: true,
      on: {
        submit: (event) => {
          event.preventDefault();
          act.confirm(way.value, reason.value);
        },
      },
    },
    h("label", {}, h("span", {}, t("clusters.way")), way),
    h("label", {}, h("span", {}, t("clusters.reason")), reason),
    h("button", { type: "submit", class: "btn btn-primary" }, t("clusters.confirm")),
  );
  const finding = h(
    "form",
    {
      class: "cluster-limits",
      on: {
        submit: (event) => {
          event.preventDefault();
          act.find();
        },
      },
    },
    gap,
    least,
    tax,
    h("button", { type: "submit", class: "btn btn-primary" }, t("clusters.find")),
  );

  return {
    element: h("div", { class: "cluster-tool" }, done, finding, told, list, h("h3", {}, t("clusters.picked")), adding, picked, confirming),
    limits: () => ({ tolerance_m: gapInput.value, min_mu: leastInput.value, tax_per_mu_below: taxInput.value }),
    showFound(found, chosen) {
      const n = found.clusters.length;
      const more = found.total > n ? t("clusters.first", { n }) : "";
      replace(told, h("p", { class: "note" }, t("clusters.found", { n: count(found.total), parcels: count(found.inefficient_parcels) }) + more));
      replace(list, ...found.clusters.map((one, at) => foundRow(one, at, at === chosen, act)));
    },
    showPicked(codes, figures, waiting) {
      confirming.hidden = !figures || figures.elsewhere.length > 0;
      if (!codes.length) return replace(picked, h("p", { class: "nothing" }, t("clusters.none")));
      if (figures && !way.dataset["touched"] && figures.suggested_way) way.value = figures.suggested_way;
      replace(
        picked,
        figures ? figureList(figures) : waiting ? h("p", { class: "waiting" }, t("clusters.waiting")) : null,
        h(
          "ul",
          { class: "cluster-codes" },
          ...codes.map((code) =>
            h(
              "li",
              {},
              h("span", { class: "mono", title: parcelCode(code) }, shortCode(code)),
              h(
                "button",
                { type: "button", class: "btn btn-sm", ariaLabel: t("clusters.remove", { code: shortCode(code) }), on: { click: () => act.remove(code) } },
                "×",
              ),
            ),
          ),
        ),
        h("button", { type: "button", class: "btn btn-sm", on: { click: act.clear } }, t("clusters.clear")),
      );
    },
    showConfirmed(made) {
      reason.value = "";
      delete way.dataset["touched"];
      replace(
        done,
        h(
          "div",
          { class: "alert alert-success", data: { confirmed: String(made.id) } },
          h("p", {}, t("clusters.confirmed", { no: made.cluster_no })),
          h("a", { class: "btn btn-sm btn-primary", href: made.project }, t("clusters.project")),
          " ",
          h("a", { class: "btn btn-sm", href: made.page }, t("clusters.page")),
        ),
      );
      done.querySelector("a")?.focus();
    },
    fail: (message) => replace(told, notice(message)),
  };
}

function foundRow(one: FoundCluster, at: number, chosen: boolean, act: ClusterPanelActions): HTMLElement {
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "cluster-row", attrs: { "aria-pressed": String(chosen) }, on: { click: () => act.choose(at) } },
      h("b", { class: "num" }, `${mu(one.net_mu)} ${t("unit.mu")}`),
      " ",
      h("span", { class: "num" }, t("clusters.parcels", { n: count(one.parcels) })),
      " ",
      h("span", {}, one.towns.join("、")),
    ),
  );
}

function figureList(one: PickedCluster): HTMLElement {
  return h(
    "div",
    { data: { figures: "picked" } },
    one.elsewhere.length
      ? h(
          "p",
          { class: "cluster-warning" },
          t("clusters.elsewhere", { told: one.elsewhere.slice(0, 3).map(({ code, cluster_no }) => `${shortCode(code)}（${cluster_no}）`).join("、") }),
        )
      : null,
    one.pieces > 1 ? h("p", { class: "cluster-warning" }, t("clusters.pieces", { n: one.pieces })) : null,
    factList([
      [t("clusters.count"), t("clusters.parcels", { n: count(one.parcels) })],
      [t("clusters.net"), `${mu(one.net_mu)} ${t("unit.mu")}`],
      [t("clusters.hull"), `${mu(one.hull_mu)} ${t("unit.mu")}`],
      [t("clusters.compactness"), number(one.compactness, 2)],
      [t("clusters.holders"), count(one.holders)],
      [t("clusters.towns"), one.towns.join("、")],
      [t("clusters.line"), percent(one.line_share, 1)],
      ...("tax_per_mu" in one ? ([[t("totals.tax"), `${perMu(one.tax_per_mu)} ${t("unit.wan_per_mu")}`]] as [string, string][]) : []),
      [t("clusters.suggested"), one.suggested_way],
    ]),
  );
}
