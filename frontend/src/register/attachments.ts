/** Photos and papers of a parcel in its detail: thumbnails, opening, adding. Refuses to take one away: evidence stays. */

import { t } from "../i18n";
import type { EditApi } from "../edit/api";
import { attachmentParts, uploads } from "../edit/ui/uploads";
import type { Uploader } from "../edit/upload";
import { h, replace } from "../ui/dom";
import { section } from "../ui/facts";
import { notice } from "../ui/notice";

export interface AttachmentOptions {
  api: Pick<EditApi, "attachments">;
  mayEdit: boolean;
  upload?: Uploader;
}

export function attachmentSection(code: string, { api, mayEdit, upload }: AttachmentOptions): HTMLElement {
  const list = h("div", {}, h("p", { class: "waiting" }, t("attachments.loading")));
  const load = async (): Promise<void> => {
    try {
      const files = await api.attachments(code);
      replace(
        list,
        files.length
          ? h("ul", { class: "attachments" }, ...files.map((file) => h("li", { class: "attachment" }, ...attachmentParts(file))))
          : h("p", { class: "nothing" }, t("attachments.none")),
      );
    } catch (error) {
      replace(list, notice(error instanceof Error ? error.message : String(error), () => void load()));
    }
  };
  void load();
  const add = mayEdit ? uploads({ parcel: code, changed: () => undefined, ...(upload ? { upload } : {}) }).element : null;
  return section("attachments", t("attachments.title"), list, add);
}
