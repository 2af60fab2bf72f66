/** Keeps the address bar and the view's store alike, both ways. Refuses to make a history entry of every pan. */

import type { ViewState } from "./state";
import type { Store } from "./store";
import { isStep, readView, writeView } from "./url";

export function linkAddress(store: Store<ViewState>, went: (view: ViewState) => void): void {
  let returning = false;
  store.subscribe((next, previous) => {
    if (returning) return;
    const address = location.pathname + writeView(next);
    if (isStep(next, previous)) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  });
  window.addEventListener("popstate", () => {
    returning = true;
    const view = readView(location.search);
    store.set(view);
    returning = false;
    went(view);
  });
}
