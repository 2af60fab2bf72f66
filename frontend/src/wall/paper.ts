/** The wall on paper, A3 or A0 landscape: the same sheet in millimetres. Refuses to print before the map is drawn for it. */

import type { WallMap } from "./map";

export const PAPERS = ["A3", "A0"] as const;
export type Paper = (typeof PAPERS)[number];
const LATEST_MS = 5000;

export function paperPrinter(chart: WallMap): (paper: Paper) => void {
  const root = document.documentElement;
  const lay = (paper: Paper): void => {
    root.dataset["paper"] = paper;
    chart.resize();
    chart.map.renderSync();
  };
  const restore = (): void => {
    delete root.dataset["paper"];
    delete root.dataset["sheet"];
    chart.resize();
  };
  // The browser's own menu gives no time to load: what there is, is laid out on A3.
  window.addEventListener("beforeprint", () => {
    if (!root.dataset["paper"]) lay("A3");
  });
  window.addEventListener("afterprint", restore);
  return (paper) => {
    lay(paper);
    const once = (): void => {
      window.clearTimeout(late);
      root.dataset["sheet"] = "ready";
      window.print();
    };
    const late = window.setTimeout(() => (chart.map.un("rendercomplete", once), once()), LATEST_MS);
    chart.map.once("rendercomplete", once);
    chart.map.render();
  };
}
