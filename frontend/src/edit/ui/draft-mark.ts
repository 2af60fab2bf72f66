/** Says on the button that opens editing that a draft of an earlier visit waits. Refuses to open it: that is the officer's click. */

import { t } from "../../i18n";
import { h } from "../../ui/dom";
import type { StoredDraft } from "../draft-store";

export function markDrafts(button: HTMLButtonElement, drafts: readonly Pick<StoredDraft, "changes">[]): void {
  button.querySelector(".draft-mark")?.remove();
  const [newest] = drafts;
  button.title = newest ? t("edit.open.draft", { n: newest.changes.length }) : `${t("edit.open")}（E）`;
  if (newest) button.append(h("em", { class: "draft-mark" }, t("edit.open.waiting")));
}
