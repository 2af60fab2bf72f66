/** Asks for the code of a retired parcel that comes back into force. Refuses to close while the server has refused it. */

import { t } from "../../i18n";
import { plainButton, showDialog } from "../../ui/dialog";
import { h } from "../../ui/dom";
import { tidyQuery } from "../../ui/search";

export function restoreDialog(restore: (code: string) => Promise<boolean>, problem: () => string): void {
  const input = h("input", {
    type: "text",
    id: "edit-restore-code",
    class: "form-control mono",
    autocomplete: "off",
    spellcheck: false,
    attrs: { "aria-describedby": "edit-restore-problem", "data-first": "" },
    on: { keydown: (event) => event.key === "Enter" && (event.preventDefault(), void run()) },
  });
  const said = h("p", { class: "field-error", id: "edit-restore-problem", attrs: { role: "alert" } });
  const run = async (): Promise<void> => {
    const code = tidyQuery(input.value);
    said.textContent = code ? "" : t("edit.restore.empty");
    if (!code) return input.focus();
    if (await restore(code)) dialog.close();
    else said.textContent = problem();
  };
  const dialog = showDialog({
    title: t("edit.action.restore"),
    size: "is-small",
    body: [
      h("p", {}, t("edit.restore.about")),
      h("label", { class: "field", htmlFor: "edit-restore-code" }, t("edit.restore.code")),
      input,
      said,
    ],
    foot: [plainButton(t("dialog.cancel"), () => dialog.close()), plainButton(t("edit.restore.run"), () => void run(), "btn-primary")],
  });
}
