/**
 * The workspace put together: store, map, list, panels, and who listens to whom.
 * Refuses to hold logic: each part knows its own work, this file only introduces them.
 */

import { linkAddress } from "./address";
import { isAborted, type Api } from "./api";
import { clusterTool } from "./clusters/tool";
import { classCounts, idleTotals, type ClassCounts } from "./counts";
import { editApi } from "./edit/api";
import { editMode, type EditMode } from "./edit/mode";
import { editDialogs } from "./edit/ui/dialogs";
import { filterQuery } from "./filters";
import { foundByText, type Found } from "./found";
import { mu } from "./format";
import { t } from "./i18n";
import { surveyCrs } from "./map/crs";
import { readPick } from "./url";
import { askOverdue } from "./overlays/card";
import { createMap } from "./map/workspace-map";
import { datedApi } from "./register/dated-api";
import { EDIT_CADASTRE, wireRegister } from "./register/wire";
import { OVERLAY_IDS, type Moment, type ViewState } from "./state";
import { createStore, same } from "./store";
import { buildThemes, USUAL_TAX_CLASSES } from "./themes";
import type { Bbox, ParcelDetail, Workspace } from "./types";
import { h, settle, slot } from "./ui/dom";
import { filterBar } from "./ui/filterbar";
import { buildFrame } from "./ui/frame";
import { PAGE_SIZE, parcelList } from "./ui/list";
import { buildPanel } from "./ui/panel";
import { searchField } from "./ui/search";
import { sidePanel } from "./ui/side";
import { showTotals } from "./ui/totals";
import { totalsAbout } from "./ui/totals-about";
import { mapTools } from "./tools";
import { wirePrinting } from "./printing";

export const VIEW_FIGURES = "view_firm_figures";

export function startWorkspace(plainApi: Api, workspace: Workspace, opened: ViewState): void {
  const mayFigures = workspace.actor.rights.includes(VIEW_FIGURES);
  const allowed = (view: ViewState): ViewState =>
    mayFigures ? view : { ...view, theme: view.theme === "tax" ? "idle" : view.theme };
  const store = createStore<ViewState>(allowed(opened));
  const api = datedApi(plainApi, () => store.get().on);
  const moment = createStore<Moment>({ hover: "", tool: "select", editing: false });
  const year = (): number | null => store.get().year ?? workspace.year;
  const themes = buildThemes(workspace);
  const theme = (): (typeof themes)["tax"] => themes[store.get().theme];
  const taxClasses = workspace.tax_per_mu_classes ?? USUAL_TAX_CLASSES;
  const crs = surveyCrs(workspace.county.survey_crs);

  const frame = buildFrame(slot("workspace"));
  const chart = createMap(frame.map, workspace, crs, () => moment.get().hover);
  const resized = (): void => chart.map.updateSize();

  // --- parts -------------------------------------------------------------------------------------------------
  let shownBox: Bbox | null = null;
  let wantsZoom = (opened.sel !== "" || opened.pick !== "") && !opened.place;
  const open = (code: string, zoom = false): void => {
    wantsZoom = zoom;
    if (moment.get().tool === "cluster") moment.set({ tool: "select" });
    if (store.get().sel === code && zoom && shownBox) chart.fit(shownBox);
    store.set({ sel: code, pick: "" });
  };
  const pick = (text: string): void => {
    wantsZoom = false;
    store.set({ sel: "", pick: text });
  };
  let editing: EditMode | null = null;
  let wasFolded = false;
  const editButton = ({ code, in_force }: ParcelDetail): ["vertices", string, () => void][] =>
    editing && in_force !== false ? [["vertices", t("edit.this"), () => void editing?.enter(code)]] : [];
  const list = parcelList({ store, moment, workspace, mayFigures, open: (code) => open(code, true) });
  const register = wireRegister({
    api: editApi,
    chart,
    frame,
    store,
    moment,
    workspace,
    side: () => side,
    open: (code) => open(code),
    changed: () => void refresh(),
    bbox: () => chart.bbox(),
  });
  const filters = filterBar(store, workspace, mayFigures);
  if (register.bulkButton) filters.append(register.bulkButton);
  frame.placeList(list, filters, resized);
  const panel = buildPanel(frame.panel, { store, themes, mayFigures, gridPossible: crs !== null });
  const side = sidePanel(frame.detail, {
    api,
    mayFigures,
    year,
    on: () => store.get().on,
    resized,
    shown(parcel) {
      chart.showSelection(parcel.geometry);
      shownBox = chart.selectionBox();
      if (shownBox && (wantsZoom || !chart.shows(shownBox))) chart.fit(shownBox);
      wantsZoom = false;
    },
    closed: () => (store.set({ sel: "", pick: "" }), moment.set({ tool: "select" }), tools.clear()),
    zoom: () => shownBox && chart.fit(shownBox),
    copyLink: () => frame.copyLink(),
    drawAgain: () => moment.set({ tool: "polygon" }),
    more: { ...register.more, moreButtons: (parcel) => [...editButton(parcel), ...(register.more.moreButtons?.(parcel) ?? [])] },
    former: register.former,
  });
  const over = (pixel: number[]): { tip: HTMLElement[]; choose(): void } | null => {
    const hit = chart.overlays.at(pixel);
    if (!hit) return null;
    const { overlay, look, facts } = hit;
    const parts = [look.label, facts.area_mu === undefined ? "" : `${mu(facts.area_mu)} ${t("unit.mu")}`];
    const tip = [h("strong", {}, overlay.nameOf(facts)), h("span", {}, [overlay.title, ...parts].filter(Boolean).join(" · "))];
    return { tip, choose: () => pick(`${overlay.id}.${facts.id ?? 0}`) };
  };
  const search = searchField({
    api,
    year,
    open: (item) => open(item.code, true),
    filter: (q) => store.set({ filters: { ...store.get().filters, q }, page: 1 }),
  });
  slot("topbar-search").append(search.element);
  frame.yearChoice(slot("topbar-tools"), store, workspace);
  const clusters = mayCluster(workspace)
    ? clusterTool({
        chart,
        year,
        active: () => moment.get().tool === "cluster",
        open: side.tool,
        confirmed() {
          store.set({ overlays: OVERLAY_IDS.filter((id) => id === "clusters" || store.get().overlays.includes(id)) });
          void refresh();
        },
      })
    : null;
  const tools = mapTools({ chart, frame, crs, store, moment, theme, side, open, over, search, clusters, history: register.toggle, mayEdit: workspace.actor.rights.includes(EDIT_CADASTRE) });
  wirePrinting({ chart, frame, store, workspace, themes, year, counts: () => counts });
  frame.zoombox.append(register.button);

  // --- reactions ---------------------------------------------------------------------------------------------
  let counts: ClassCounts | null = null;
  let found: Found | null = null;
  let covered: ReadonlySet<string> = new Set();
  const draw = (): void => chart.showView(store.get(), theme(), taxClasses, found, covered);
  store.watch(({ theme, filters, layers, overlays, base }) => [theme, filters, layers, overlays, base], draw);
  store.watch(() => year(), chart.setYear);
  store.subscribe((next, previous) => {
    const { town } = next.filters;
    // A link or “back” brings its own place; a town just chosen is what the person wants to see.
    if (town && town !== previous.filters.town && same(next.place, previous.place)) chart.fitTown(town);
  });
  moment.watch(({ hover }) => hover, (code) => {
    chart.showHover(code, list.item(code)?.bbox ?? null);
    editing?.pointed(code);
  });
  store.watch(
    ({ sel, year: of, on }) => [sel, of, on] as const,
    ([sel]) => {
      frame.map.dataset["selected"] = sel;
      if (sel && editing?.chosen(sel)) return;
      if (sel) {
        tools.clear();
        return side.parcel(sel);
      }
      chart.showSelection(null);
      shownBox = null;
      if (side.showing() === "parcel") side.close();
    },
  );

  store.watch(
    ({ pick: picked, on }) => [picked, on] as const,
    ([text]) => {
      frame.map.dataset["picked"] = text;
      const picked = readPick(text);
      if (picked) {
        tools.clear();
        return side.card(picked);
      }
      if (side.showing() !== "card") return;
      chart.showSelection(null);
      shownBox = null;
      side.close();
    },
  );
  let asking: AbortController | null = null;
  store.watch(
    ({ overlays, on }) => [overlays.includes("idle-cases"), on] as const,
    ([shown, on]) => {
      asking?.abort();
      if (!shown) return;
      asking = new AbortController();
      // Without the answer the cases are drawn by their stage alone.
      askOverdue(on, asking.signal).then(chart.overlays.setOverdue, () => undefined);
    },
  );

  let listing: AbortController | null = null;
  const readList = async (): Promise<void> => {
    listing?.abort();
    const { signal } = (listing = new AbortController());
    const { filters, sort, page, inView } = store.get();
    list.loading();
    try {
      const bbox = inView ? chart.bbox() : null;
      const answer = await api.parcels(
        { filters: filterQuery(filters), year: year(), sort, page, pageSize: PAGE_SIZE, bbox },
        signal,
      );
      list.show(answer);
      register.listed(answer.total);
      const text = await foundByText(api, { filters, year: year(), inView }, answer, signal);
      if (!same(text && [...text.codes], found && [...found.codes])) {
        found = text;
        draw();
      }
    } catch (error) {
      if (!isAborted(error)) list.fail((error as Error).message, () => void readList());
    }
  };
  store.watch(({ filters, sort, page, inView, year: of, on }) => [filters, sort, page, inView, of, on], () => void readList());

  let counting: AbortController | null = null;
  const readCounts = settle(async () => {
    counting?.abort();
    const { signal } = (counting = new AbortController());
    try {
      counts = await classCounts(api, theme(), store.get().filters, year(), signal);
    } catch (error) {
      if (isAborted(error)) return;
      counts = null;
    }
    panel.showCounts(counts);
  }, 120);
  store.watch(({ theme, filters, year: of, on }) => [theme, filters, of, on], () => {
    readCounts();
  });

  const about = (now: Workspace) => (): void => {
    moment.set({ tool: "select" });
    store.set({ sel: "", pick: "" });
    side.tool(t("totals.about"), totalsAbout(now, store.get().on));
  };
  const readTotals = async (): Promise<void> => {
    const now = year() === workspace.year ? workspace : await api.workspace(year());
    showTotals(frame.totals, now, year(), null, mayFigures, about(now));
    showTotals(frame.totals, now, year(), await idleTotals(api, now, year()), mayFigures, about(now));
  };
  // The strip keeps its last figures when the server is away: the list beside it says so.
  store.watch(() => year(), () => void readTotals().catch(() => undefined));

  /** After a change of the register: map, list, sums and the open parcel as they are now. */
  const refresh = async (): Promise<void> => {
    register.outdated();
    const { sel } = store.get();
    if (sel && !editing?.on()) side.parcel(sel);
    readCounts();
    const [fresh] = await Promise.all([api.workspace(year()).catch(() => null), readList()]);
    if (fresh) {
      chart.setVersion(fresh.data_version);
      showTotals(frame.totals, fresh, year(), await idleTotals(api, fresh, year()).catch(() => null), mayFigures, about(fresh));
    }
  };

  // --- editing -------------------------------------------------------------------------------------------------
  editing = editMode({
    api: editApi,
    slots: editDialogs,
    workspace,
    chart,
    frame,
    crs,
    barred: () => (store.get().on ? "edit.bar.past" : null),
    selected: () => store.get().sel,
    activated: (code) => store.set({ sel: code }),
    entered(on) {
      moment.set({ tool: "select", editing: on, hover: "" });
      frame.mapBox.classList.toggle("is-editing", on);
      chart.showEditing(on);
      wasFolded = frame.foldPanel(on || wasFolded);
      if (on) return side.close();
      const { sel } = store.get();
      if (sel) side.parcel(sel);
    },
    covered(found) {
      covered = found;
      draw();
    },
    saved: () => void refresh(),
  });
  // The past can be looked at, not edited: one at a time.
  store.watch(({ on }) => on, (on) => on && editing?.on() && store.set({ on: "" }));

  // --- place ---------------------------------------------------------------------------------------------------
  if (opened.place) chart.goTo(opened.place);
  else if (!wantsZoom) chart.home();
  else chart.home(0);
  chart.map.on("moveend", () => {
    store.set({ place: chart.place() });
    if (store.get().inView) void readList();
  });
  linkAddress(store, (view) => {
    store.set({ theme: allowed(view).theme });
    if (view.place) chart.goTo(view.place);
  });
  api.districts("town").then(
    (towns) => {
      const own = workspace.actor.town_codes !== null;
      chart.showTowns(towns, own);
      if (own && !opened.place && !opened.sel && !opened.pick) chart.home(0);
      if (opened.filters.town && !opened.place && !opened.sel && !opened.pick) chart.fitTown(opened.filters.town);
      draw();
    },
    // Without town shapes the map still works; their layer stays empty.
    () => undefined,
  );
  // Read when they are first asked for; without them their layer stays empty.
  let platforms: Promise<void> | null = null;
  store.watch(
    (state) => state.layers.includes("platforms"),
    (wanted) => {
      if (wanted) platforms ??= api.districts("platform").then(chart.showPlatforms, () => undefined);
    },
  );
  // Asking for the county first sends a lost session to the log-in page, which a tile can't.
  chart.onTileTrouble(() =>
    frame.tileTrouble(() => void api.workspace(year()).then(chart.reloadTiles, chart.reloadTiles)),
  );
}

/** Clusters are confirmed by those who manage the campaigns of the whole county. */
const mayCluster = ({ actor }: Workspace): boolean => actor.rights.includes("manage_campaigns") && actor.town_codes === null;
