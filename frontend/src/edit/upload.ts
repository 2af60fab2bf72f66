/** One file on its way to the server, with how far it got. Refuses what the register doesn't keep before it is sent. */

import { ApiError, cookie } from "../api";
import { t } from "../i18n";
import { refusal } from "./api";
import type { AttachmentOut } from "./types";

/** As the server takes them. */
export const MEDIA_TYPES = ["image/jpeg", "image/png", "application/pdf"] as const;
export const LARGEST_BYTES = 20 * 1024 * 1024;

export interface Upload {
  done: Promise<AttachmentOut>;
  stop(): void;
}

export type Uploader = (file: File, about: { kind: string; parcel?: string }, progress: (share: number) => void) => Upload;

/** "" when the file can be sent, else why not. */
export function whyNot(file: Pick<File, "type" | "size" | "name">): string {
  if (!(MEDIA_TYPES as readonly string[]).includes(file.type)) return t("upload.type", { name: file.name });
  if (file.size > LARGEST_BYTES) return t("upload.large", { name: file.name, mb: LARGEST_BYTES / 1024 / 1024 });
  return file.size === 0 ? t("upload.empty", { name: file.name }) : "";
}

/** `fetch` doesn't tell how far an upload got. */
export const uploadFile: Uploader = (file, about, progress) => {
  const request = new XMLHttpRequest();
  const done = new Promise<AttachmentOut>((resolve, reject) => {
    request.open("POST", "/api/attachments");
    request.setRequestHeader("X-CSRFToken", cookie("csrftoken"));
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("load", () =>
      request.status >= 200 && request.status < 300
        ? resolve(request.response as AttachmentOut)
        : reject(refusal(request.status, request.response)),
    );
    request.addEventListener("error", () => reject(new ApiError(0, t("error.load"))));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    const body = new FormData();
    body.append("file", file);
    for (const [name, value] of Object.entries(about)) if (value) body.append(name, value);
    request.send(body);
  });
  return { done, stop: () => request.abort() };
};
