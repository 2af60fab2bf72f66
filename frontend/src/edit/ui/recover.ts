/** A draft of an earlier visit, and leaving with one open. Refuses to drop work without the list of what would be lost. */

import { parcelCode } from "../../format";
import { t } from "../../i18n";
import { plainButton, showDialog } from "../../ui/dialog";
import { h } from "../../ui/dom";
import { icon } from "../../ui/icons";
import type { DraftOffer } from "../slots";
import { moment } from "./conflict";

export type Recovered = "restore" | "discard" | "later";
export type Leaving = "stay" | "keep" | "discard";

/** The slot of the core. Closing the window decides nothing: the draft waits. */
export function recoverDialog(draft: DraftOffer): Promise<Recovered> {
  return choose<Recovered>(t("recover.title"), "later", [
    h("p", {}, t("recover.found", { at: moment(draft.savedAt), n: draft.changes.length })),
    changeList(draft.changes),
    draft.changedSince.length
      ? h(
          "p",
          { class: "warn-line" },
          icon("alert"),
          t("recover.changed", { codes: draft.changedSince.map(parcelCode).join("、") }),
        )
      : null,
  ], [
    ["later", t("recover.later"), ""],
    ["discard", t("recover.discard"), "btn-outline-danger"],
    ["restore", t("recover.restore"), "btn-primary"],
  ]);
}

/** `kept` false: the browser refused to keep the draft, so that leaving loses it. */
export function leaveDialog(changes: readonly string[], kept: boolean): Promise<Leaving> {
  return choose<Leaving>(t("leave.title"), "stay", [
    h("p", {}, t(kept ? "leave.kept" : "leave.lost", { n: changes.length })),
    changeList(changes),
  ], [
    ["discard", t("leave.discard"), "btn-outline-danger"],
    ...(kept ? [["keep", t("leave.keep"), ""] as const] : []),
    ["stay", t("leave.stay"), "btn-primary"],
  ]);
}

function choose<A extends string>(
  title: string,
  usual: A,
  body: (Node | null)[],
  buttons: readonly (readonly [A, string, string])[],
): Promise<A> {
  return new Promise((resolve) => {
    let answer = usual;
    const dialog = showDialog({
      title,
      size: "is-small",
      body,
      foot: buttons.map(([value, label, look]) => {
        const button = plainButton(label, () => {
          answer = value;
          dialog.close();
        }, look);
        if (look === "btn-primary") button.dataset["first"] = "";
        return button;
      }),
      closed: () => resolve(answer),
    });
  });
}

function changeList(changes: readonly string[]): HTMLElement {
  return h("ol", { class: "change-list", tabIndex: 0, ariaLabel: t("recover.list") }, ...changes.map((one) => h("li", {}, one)));
}
