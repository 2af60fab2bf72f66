/** Files as evidence: dropped or chosen, with progress, thumbnail, kind and a way to leave them out. Refuses to hide a failed one. */

import { isAborted } from "../../api";
import { t } from "../../i18n";
import { h, replace } from "../../ui/dom";
import { icon } from "../../ui/icons";
import { attachmentUrl, thumbnailUrl } from "../api";
import type { AttachmentOut } from "../types";
import { MEDIA_TYPES, uploadFile, whyNot, type Uploader } from "../upload";

export const ATTACHMENT_KINDS = ["contract", "approval", "survey_report", "photo", "other"] as const;

export interface UploadsOptions {
  upload?: Uploader;
  /** Files of an existing parcel hang on it at once; those of a change hang on its event when it is saved. */
  parcel?: string;
  kept?: readonly AttachmentOut[];
  changed(): void;
}

export interface Uploads {
  element: HTMLElement;
  files(): AttachmentOut[];
  isBusy(): boolean;
}

export function uploads(options: UploadsOptions): Uploads {
  const send = options.upload ?? uploadFile;
  let kept: AttachmentOut[] = [...(options.kept ?? [])];
  let running = 0;
  const rows = h("ul", { class: "attachments" });
  const kind = h(
    "select",
    { class: "form-select", ariaLabel: t("upload.kind") },
    ...ATTACHMENT_KINDS.map((one) => h("option", { value: one }, t(`attachment.${one}`))),
  );
  const picker = h("input", {
    type: "file",
    multiple: true,
    accept: MEDIA_TYPES.join(","),
    class: "visually-hidden",
    tabIndex: -1,
    ariaLabel: t("upload.choose"),
    on: { change: () => (take(picker.files), (picker.value = "")) },
  });
  const zone = h(
    "div",
    { class: "drop-zone" },
    icon("upload"),
    h("span", {}, t("upload.drop")),
    h("button", { type: "button", class: "btn btn-sm", on: { click: () => picker.click() } }, t("upload.choose")),
    kind,
    picker,
  );
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    // Not for the map behind, which would read it as a geometry.
    event.stopPropagation();
    zone.classList.remove("is-over");
    take(event.dataTransfer?.files ?? null);
  });

  const take = (files: FileList | readonly File[] | null): void => {
    for (const file of [...(files ?? [])]) start(file);
  };
  const start = (file: File): void => {
    const why = whyNot(file);
    const row = h("li", { class: "attachment" });
    rows.append(row);
    if (why) return failed(row, why);
    const bar = h("progress", { max: 1, value: 0, ariaLabel: t("upload.progress", { name: file.name }) });
    const running_ = send(file, { kind: kind.value, ...(options.parcel ? { parcel: options.parcel } : {}) }, (share) => (bar.value = share));
    replace(row, icon("paperclip"), h("span", { class: "attachment-name" }, file.name), bar, removeButton(t("upload.stop"), running_.stop));
    running += 1;
    options.changed();
    running_.done
      .then(
        (saved) => {
          kept.push(saved);
          show(row, saved);
        },
        (error: unknown) => {
          if (isAborted(error)) return row.remove();
          failed(row, t("upload.failed", { name: file.name, why: error instanceof Error ? error.message : "" }), () => (row.remove(), start(file)));
        },
      )
      .finally(() => {
        running -= 1;
        options.changed();
      });
  };
  const show = (row: HTMLElement, file: AttachmentOut): void => {
    replace(
      row,
      ...attachmentParts(file),
      options.parcel
        ? null
        : removeButton(t("upload.remove"), () => {
            kept = kept.filter((one) => one !== file);
            row.remove();
            options.changed();
          }),
    );
  };
  const failed = (row: HTMLElement, why: string, again?: () => void): void => {
    row.classList.add("is-wrong");
    replace(
      row,
      icon("alert"),
      h("span", { class: "attachment-name", attrs: { role: "alert" } }, why),
      again ? h("button", { type: "button", class: "link-button", on: { click: again } }, t("error.retry")) : null,
      removeButton(t("upload.remove"), () => row.remove()),
    );
  };
  for (const file of kept) {
    const row = h("li", { class: "attachment" });
    rows.append(row);
    show(row, file);
  }
  return {
    element: h("div", { class: "uploads" }, rows, zone, h("p", { class: "field-hint" }, t("upload.hint"))),
    files: () => [...kept],
    isBusy: () => running > 0,
  };
}

/** Thumbnail or sign, name as a link, kind and size: the same in a form, in a timeline and in the detail. */
export function attachmentParts(file: AttachmentOut): HTMLElement[] {
  return [
    file.thumbnail
      ? h("img", { class: "attachment-thumb", src: thumbnailUrl(file.id), alt: "", loading: "lazy", width: 48, height: 48 })
      : h("span", { class: "attachment-thumb" }, icon("paperclip")),
    h(
      "span",
      { class: "attachment-name" },
      h("a", { href: attachmentUrl(file.id), target: "_blank", rel: "noopener", title: file.note || t("attachment.open") }, file.name),
      h("small", {}, [kindTitle(file.kind), sizeText(file.bytes)].join(" · ")),
    ),
  ];
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function kindTitle(kind: string): string {
  const known = ATTACHMENT_KINDS.find((one) => one === kind);
  return known ? t(`attachment.${known}`) : kind;
}

function removeButton(label: string, click: () => void): HTMLElement {
  return h("button", { type: "button", class: "icon-button", title: label, ariaLabel: label, on: { click } }, icon("close"));
}
