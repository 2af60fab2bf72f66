/**
 * The tool for clusters on the map: find with other limits, pick parcels, confirm, go on to the project.
 * Refuses to work on a past day, and to keep an answer that a newer pick has overtaken.
 */

import { isAborted } from "../api";
import { t } from "../i18n";
import type { WorkspaceMap } from "../map/workspace-map";
import { settle } from "../ui/dom";
import { toast } from "../ui/notice";
import { clusterApi, type ClusterApi, type FoundClusters, type PickedCluster } from "./api";
import { clusterLayer } from "./layer";
import { clusterPanel, type ClusterPanel } from "./panel";

export interface ClusterTool {
  start(): void;
  stop(): void;
}

export interface ClusterToolOptions {
  chart: WorkspaceMap;
  year(): number | null;
  active(): boolean;
  /** Puts the panel on the screen. */
  open(title: string, element: HTMLElement): void;
  /** A cluster was confirmed: what shows clusters reads them anew. */
  confirmed(): void;
  api?: ClusterApi;
}

const BETWEEN = /[\s,，、;；]+/;

export function clusterTool(options: ClusterToolOptions): ClusterTool {
  const api = options.api ?? clusterApi;
  const picked = new Set<string>();
  let panel: ClusterPanel | null = null;
  let found: FoundClusters | null = null;
  let chosen = -1;
  let asking: AbortController | null = null;
  let finding: AbortController | null = null;

  const asked = (): Record<string, string> => ({ codes: [...picked].join(" "), year: String(options.year() ?? "") });
  const show = (figures: PickedCluster | null, waiting = false): void => {
    panel?.showPicked([...picked], figures, waiting);
    layer.showPicked(picked, figures?.hull ?? null);
  };
  const measure = settle(() => void measureNow(), 250);
  const measureNow = async (): Promise<void> => {
    asking?.abort();
    if (!picked.size) return;
    const { signal } = (asking = new AbortController());
    try {
      show(await api.measure({ ...asked(), tolerance_m: panel?.limits()["tolerance_m"] ?? "" }, signal));
    } catch (error) {
      if (isAborted(error)) return;
      show(null);
      panel?.fail((error as Error).message);
    }
  };
  const changed = (): void => {
    asking?.abort();
    show(null, picked.size > 0);
    measure();
  };
  const pick = (codes: Iterable<string>): void => {
    picked.clear();
    for (const code of codes) picked.add(code);
    changed();
  };
  const choose = (at: number): void => {
    const one = found?.clusters[at];
    if (!one || !found) return;
    chosen = at;
    panel?.showFound(found, chosen);
    layer.showFound(found.clusters.map(({ hull }) => hull), chosen);
    layer.fit(one.hull);
    pick(one.codes);
  };
  const toggle = (code: string): void => {
    if (!picked.delete(code)) picked.add(code);
    changed();
  };
  const layer = clusterLayer(options.chart, options.active, { toggle, chosen: choose, far: () => toast(t("clusters.far")) });

  const find = async (): Promise<void> => {
    finding?.abort();
    const { signal } = (finding = new AbortController());
    try {
      found = await api.find({ ...(panel?.limits() ?? {}), year: String(options.year() ?? "") }, signal);
      chosen = -1;
      panel?.showFound(found, chosen);
      layer.showFound(found.clusters.map(({ hull }) => hull), chosen);
    } catch (error) {
      if (!isAborted(error)) panel?.fail((error as Error).message);
    }
  };
  const confirm = async (way: string, reason: string): Promise<void> => {
    try {
      const made = await api.confirm({ ...asked(), way, reason });
      pick([]);
      found = null;
      layer.clear();
      panel?.showConfirmed(made);
      options.confirmed();
    } catch (error) {
      panel?.fail((error as Error).message);
    }
  };

  return {
    async start() {
      try {
        panel ??= clusterPanel(await api.begin(), {
          find: () => void find(),
          choose,
          add: (text) => pick([...picked, ...text.split(BETWEEN).filter(Boolean)]),
          remove: toggle,
          clear: () => pick([]),
          confirm: (way, reason) => void confirm(way, reason),
        });
      } catch (error) {
        return toast((error as Error).message);
      }
      if (!options.active()) return;
      options.open(t("clusters.title"), panel.element);
      if (found) layer.showFound(found.clusters.map(({ hull }) => hull), chosen);
      changed();
    },
    stop() {
      asking?.abort();
      finding?.abort();
      layer.clear();
    },
  };
}
