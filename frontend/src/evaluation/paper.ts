/** Printing a sheet on A4 or A3: laid out first, printed when everything is drawn, and put back. Refuses to leave the screen as paper. */

export interface Paper {
  print(): Promise<void>;
  /** Whether the page is laid out for paper now. */
  laid(): boolean;
}

interface Laying {
  size: () => string;
  lay: () => Promise<void> | void;
  restore: () => Promise<void> | void;
}

export function paperDuring({ size, lay, restore }: Laying): Paper {
  let now = "";
  const put = (): void => {
    now = `is-${size().toLowerCase()}`;
    document.body.classList.add("is-paper", now);
  };
  const back = (): void => {
    if (!now) return;
    document.body.classList.remove("is-paper", now);
    now = "";
    void restore();
  };
  // The browser's own menu gives no time to wait: what is on the screen is laid out as it is.
  window.addEventListener("beforeprint", () => {
    if (now) return;
    put();
    void lay();
  });
  window.addEventListener("afterprint", back);
  return {
    async print() {
      put();
      await lay();
      document.body.dataset["paper"] = "ready";
      window.print();
    },
    laid: () => now !== "",
  };
}
