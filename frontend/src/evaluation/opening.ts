/** Opens a page of the evaluation: reads the county's facts and hands them to the page. Refuses to stay blank when it can't. */

import { api, ApiError } from "../api";
import { t } from "../i18n";
import { closeMenusElsewhere } from "../menus";
import type { Workspace } from "../types";
import { replace, slot } from "../ui/dom";
import { notice } from "../ui/notice";

export function open(start: (facts: Workspace, root: HTMLElement) => void): void {
  const root = slot("atlas");
  const read = async (): Promise<void> => {
    try {
      start(await api.workspace(null), root);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      replace(root, notice(t("error.load"), () => void read(), error.message));
    }
  };
  closeMenusElsewhere(document);
  void read();
}
