/** A file held over the map becomes a geometry when it is let go. Refuses what isn't a file, and says why when it can't be read now. */

import { t } from "../../i18n";
import { h } from "../../ui/dom";
import { icon } from "../../ui/icons";

export interface FileDrop {
  /** "" when a file may be dropped now, else why not. */
  whyNot(): string;
  take(file: File): void;
}

/** Returns the way to stop. */
export function fileDrop(surface: HTMLElement, { whyNot, take }: FileDrop): () => void {
  const words = h("strong");
  const overlay = h("div", { class: "drop-overlay", hidden: true, attrs: { role: "status" } }, h("div", {}, icon("upload"), words));
  surface.append(overlay);
  // Entering a child comes before leaving its parent: only a count knows when the file is gone.
  let depth = 0;
  const holds = (event: DragEvent): boolean => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (on: boolean): void => {
    overlay.hidden = !on;
    const why = on ? whyNot() : "";
    words.textContent = why || t("drop.release");
    overlay.classList.toggle("is-refused", why !== "");
  };
  const enter = (event: DragEvent): void => {
    if (!holds(event)) return;
    event.preventDefault();
    depth += 1;
    if (depth === 1) show(true);
  };
  const over = (event: DragEvent): void => {
    if (!holds(event)) return;
    // Without this the browser would open the file in place of the page.
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = whyNot() ? "none" : "copy";
  };
  const leave = (event: DragEvent): void => {
    if (!holds(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) show(false);
  };
  const drop = (event: DragEvent): void => {
    if (!holds(event)) return;
    event.preventDefault();
    depth = 0;
    show(false);
    const file = event.dataTransfer?.files[0];
    if (file && !whyNot()) take(file);
  };
  surface.addEventListener("dragenter", enter);
  surface.addEventListener("dragover", over);
  surface.addEventListener("dragleave", leave);
  surface.addEventListener("drop", drop);
  return () => {
    overlay.remove();
    surface.removeEventListener("dragenter", enter);
    surface.removeEventListener("dragover", over);
    surface.removeEventListener("dragleave", leave);
    surface.removeEventListener("drop", drop);
  };
}
