/** Entry of the map workspace: reads the county, then builds the screen. Refuses a half-built screen: first facts, then parts. */

import "./styles/page.css";
import "./styles/workspace.css";
import "ol/ol.css";
import { api, ApiError } from "./api";
import { startWorkspace } from "./app";
import { t } from "./i18n";
import { closeMenusElsewhere } from "./menus";
import { h, replace, slot } from "./ui/dom";
import { notice } from "./ui/notice";
import { readView } from "./url";

async function boot(): Promise<void> {
  const cover = slot("cover");
  replace(cover, h("p", { class: "waiting" }, t("loading")));
  try {
    const view = readView(location.search);
    const workspace = await api.workspace(view.year);
    cover.hidden = true;
    startWorkspace(api, workspace, view);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) return;
    cover.hidden = false;
    replace(
      cover,
      error.status === 403
        ? notice(t("error.forbidden"), undefined, t("error.forbidden.hint"))
        : notice(t("error.load"), () => void boot(), error.status ? error.message : t("error.load.hint")),
    );
  }
}

closeMenusElsewhere(document);
void boot();
