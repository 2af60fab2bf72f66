/**
 * Edit mode: coming and going, the draft kept and offered, dialogs opened, saving followed by a fresh map.
 * Refuses to leave with changes without asking, and to start where the survey coordinates aren't known.
 */

import { t, type Key } from "../i18n";
import type { SurveyCrs } from "../map/crs";
import type { WorkspaceMap } from "../map/workspace-map";
import { EDIT_CADASTRE } from "../register/wire";
import type { Place } from "../state";
import { h } from "../ui/dom";
import type { Frame } from "../ui/frame";
import { mapButton } from "../ui/map-button";
import { toast } from "../ui/notice";
import type { Workspace } from "../types";
import type { EditApi } from "./api";
import { converter } from "./convert";
import { draftsLeft, draftStore, type DraftStore, type StoredDraft } from "./draft-store";
import { exactBook } from "./exact";
import { listenToEditKeys } from "./keys";
import { startPresence, type Presence } from "./presence";
import { createSession } from "./session";
import type { EditSlots } from "./slots";
import { createStage, type Stage } from "./stage";
import { TOOLS } from "./tools";
import type { EditToolId } from "./tools/tool";
import type { Saved, SurveyShape } from "./types";
import { changesPanel, whyNotSave } from "./ui/changes";
import { markDrafts } from "./ui/draft-mark";
import { fileDrop } from "./ui/file-drop";
import { leaveDialog } from "./ui/recover";
import { restoreDialog } from "./ui/restore";
import { editToolbar, type EditAction } from "./ui/toolbar";

export interface EditParts {
  api: EditApi;
  slots: EditSlots;
  workspace: Workspace;
  chart: WorkspaceMap;
  frame: Frame;
  crs: SurveyCrs | null;
  /** Why parcels can't be edited now (a past day is shown), or null. */
  barred(): Key | null;
  /** The parcel whose detail is open, or "": whoever starts to edit means this one. */
  selected(): string;
  /** A stored parcel was taken in hand on the map: the list marks it too. */
  activated(code: string): void;
  /** The workspace makes room, or takes it back: its own tools and panels rest meanwhile. */
  entered(on: boolean): void;
  /** Parcels whose stored shape isn't the one in force: tiles leave them out. */
  covered(codes: ReadonlySet<string>): void;
  /** After a save: tiles, list and figures are read anew. */
  saved(saved: Saved): void;
}

export interface EditMode {
  on(): boolean;
  /** With a parcel: its vertices are at hand at once. */
  enter(code?: string): Promise<void>;
  leave(): Promise<boolean>;
  /** A row or a search result was chosen: in edit mode it becomes the active parcel. True when it was taken. */
  chosen(code: string): boolean;
  /** The pointer is on a row of the list: its shape lights up. */
  pointed(code: string): void;
}

/** What `#map` says of an edit that begins. */
const MARKS = { edit: "on", editOps: "0", editBusy: "", editActive: "", editChecked: "true", editConflicts: "0" };

/** What runs only while parcels are edited. */
interface Running {
  stage: Stage;
  presence: Presence;
  drafts: DraftStore;
  stop(): void;
}

export function editMode(parts: EditParts): EditMode | null {
  const { workspace, chart, frame, crs } = parts;
  if (!workspace.actor.rights.includes(EDIT_CADASTRE)) return null;
  const surface = frame.map;
  const mark = (name: string, value: string): void => {
    surface.dataset[name] = value;
  };
  if (!crs) {
    frame.toolbox.append(editButton(() => toast(t("edit.bar.crs")), "edit.bar.crs"));
    return null;
  }

  const exact = exactBook(parts.api, (code) => session.store.get().parcels.some(({ key }) => key === code));
  const session = createSession({ api: parts.api, exact, crs: crs.epsg });
  const convert = converter(crs);
  let running: Running | null = null;
  let asking = false;

  // --- saving, conflicts, facts --------------------------------------------------------------------------------
  const settle = async (): Promise<void> => {
    const { conflicts } = session.store.get();
    if (asking || !conflicts.length || !running) return;
    asking = true;
    const { layers } = running.stage;
    const choices = await parts.slots.conflict(session, conflicts, layers.show).finally(() => (asking = false));
    layers.show([]);
    if (choices) await session.settle(choices);
  };
  const save = async (): Promise<void> => {
    const why = whyNotSave(session.store.get());
    if (why || asking) return why ? toast(why) : undefined;
    asking = true;
    await parts.slots.saveForm(session).finally(() => (asking = false));
    void settle();
  };
  session.onSaved((saved) => {
    running?.drafts.remove();
    toast(t("edit.saved", { n: saved.parcels.filter(({ state }) => state !== "densified").length }));
    parts.saved(saved);
    void running?.stage.readView();
  });
  const askFacts = async (): Promise<void> => {
    if ((await parts.slots.facts(session)) && running) keep(running);
  };
  const coordinates = async (file: File | null): Promise<void> => {
    if (!running || asking) return;
    const { active } = session.store.get();
    const replace = !file && active !== "" && running.stage.current() === "vertices";
    asking = true;
    const { layers, fit } = running.stage;
    const before = chart.place();
    const show = (shapes: SurveyShape[]): void => {
      layers.show(shapes);
      fit(shapes);
    };
    const shapes = await parts.slots
      .coordinates(session, { purpose: replace ? "replace" : "new", code: replace ? active : "", file, show })
      .finally(() => (asking = false));
    layers.show([]);
    if (!shapes && before) chart.goTo(before);
    const [first] = shapes ?? [];
    if (replace && first) return void (await session.apply({ kind: "reshape", parcel: active, geometry: first }));
    for (const geometry of shapes ?? []) {
      if (await session.apply({ kind: "draw", geometry, values: {} })) session.setActive(`#${session.store.get().cursor}.1`, false);
    }
  };

  // --- the draft -----------------------------------------------------------------------------------------------
  const keep = ({ drafts }: Running): void => {
    const draft = session.draft();
    const words = draft.operations.slice(0, draft.cursor).map((one) => session.words(one));
    session.store.set({ kept: drafts.write(draft, words, chart.place()) });
  };
  const offer = async ({ drafts }: Running): Promise<void> => {
    for (const draft of await drafts.left()) {
      if (session.store.get().dirty) return;
      const changedSince = await changedSinceThen(draft);
      const choice = await parts.slots.recover({ savedAt: draft.savedAt, changes: draft.changes, changedSince });
      if (choice === "discard") drafts.remove(draft.id);
      if (choice !== "restore") continue;
      drafts.take(draft.id);
      if (draft.place) chart.goTo(draft.place satisfies Place);
      await session.restore(draft);
      return;
    }
  };
  const changedSinceThen = async (draft: StoredDraft): Promise<string[]> => {
    const codes = Object.keys(draft.versions);
    const now = await exact.loadCodes(codes).catch(() => null);
    if (!now) return [];
    const versions = new Map(now.map(({ code, version }) => [code, version]));
    return codes.filter((code) => versions.get(code) !== draft.versions[code]);
  };

  // --- tools and actions ---------------------------------------------------------------------------------------
  const needsParcel = (): Key | null => (session.store.get().active ? null : "edit.bar.parcel");
  const actions: EditAction[] = [
    {
      id: "retire",
      key: "R",
      icon: "archive",
      title: "edit.action.retire",
      barred: needsParcel,
      run: () => void session.apply({ kind: "retire", parcel: session.store.get().active }),
    },
    {
      id: "restore",
      key: "T",
      icon: "restore",
      title: "edit.action.restore",
      barred: () => null,
      run: () => void restoreDialog((code) => session.apply({ kind: "restore", parcel: code }), () => session.store.get().error),
    },
    {
      id: "coordinates",
      key: "C",
      icon: "coordinates",
      title: "edit.action.coordinates",
      barred: () => null,
      run: () => void coordinates(null),
    },
  ];

  const start = (): Running => {
    const bar = editToolbar({
      tools: TOOLS,
      actions,
      barred: (kind) => run.stage.barred(kind),
      use: (id) => {
        run.stage.use(id);
        surface.focus({ preventScroll: true });
      },
    });
    const stage = createStage({
      chart,
      surface,
      convert,
      exact,
      session,
      changed: () => run && bar.show(run.stage.current(), run.stage.tool()),
    });
    const panel = changesPanel({
      session,
      save: () => void save(),
      leave: () => void mode.leave(),
      facts: () => void askFacts(),
      settle: () => void settle(),
      locate: stage.locate,
      hover: stage.hover,
      attributes: (key) => parts.slots.attributes(session, key),
    });
    const openCodes = (): string[] => {
      const { parcels, active } = session.store.get();
      const codes = parcels.filter(({ key, state }) => !key.startsWith("#") && state !== "densified").map(({ key }) => key);
      return [...new Set([...codes, ...(active && !active.startsWith("#") ? [active] : [])])];
    };
    const presence = startPresence(parts.api, openCodes, (others) => session.store.set({ others }));
    const drafts = draftStore(workspace.county.code, workspace.actor.name);
    const undrop = fileDrop(surface, { whyNot: () => "", take: (file) => void coordinates(file) });
    const finish = (event: Event): void => {
      event.preventDefault();
      stage.tool().finish?.(false);
    };
    surface.addEventListener("contextmenu", finish);
    let covered = "";
    const unsubscribe = session.store.subscribe((next, previous) => {
      mark("editOps", String(next.cursor));
      mark("editBusy", next.busy);
      mark("editActive", next.active);
      mark("editChecked", String(next.checked));
      mark("editConflicts", String(next.conflicts.length));
      if (next.operations !== previous.operations || next.cursor !== previous.cursor || next.decisions !== previous.decisions) keep(run);
      if (next.parcels !== previous.parcels || next.active !== previous.active) presence.tell();
      if (next.active && next.active !== previous.active && !next.active.startsWith("#")) parts.activated(next.active);
      const codes = new Set(next.parcels.filter(({ state }) => state !== "densified").map(({ key }) => key));
      if (covered !== (covered = [...codes].sort().join())) parts.covered(codes);
      if (next.conflicts.length && !previous.conflicts.length && !document.querySelector("dialog[open]")) void settle();
      if (next.error && next.error !== previous.error && !next.conflicts.length) toast(next.error);
    });
    frame.mapBox.append(bar.element);
    frame.detail.after(panel);
    const run: Running = {
      stage,
      presence,
      drafts,
      stop() {
        presence.stop();
        drafts.close();
        undrop();
        unsubscribe();
        surface.removeEventListener("contextmenu", finish);
        stage.remove();
        bar.element.remove();
        panel.remove();
      },
    };
    return run;
  };

  const mode: EditMode = {
    on: () => running !== null,
    async enter(code = "") {
      const why = parts.barred();
      if (why) return toast(t(why));
      if (!running) {
        running = start();
        parts.entered(true);
        for (const [name, value] of Object.entries(MARKS)) mark(name, value);
        running.stage.use("pick");
        surface.focus({ preventScroll: true });
        chart.map.updateSize();
        void running.stage.readView();
        void offer(running);
        const selected = parts.selected();
        if (!code && selected) await take(selected, "pick");
      }
      if (code) await take(code, "vertices");
    },
    async leave() {
      if (!running) return true;
      const { dirty, kept } = session.store.get();
      if (dirty) {
        const { operations, cursor } = session.draft();
        const choice = await leaveDialog(operations.slice(0, cursor).map((one) => session.words(one)), kept);
        if (choice === "stay") return false;
        if (choice === "discard") running.drafts.remove();
      } else running.drafts.remove();
      const { stop } = running;
      running = null;
      stop();
      session.discard();
      exact.outdate();
      for (const name of Object.keys(MARKS)) delete surface.dataset[name];
      parts.covered(new Set());
      parts.entered(false);
      // The lock on the draft is let go a moment later.
      window.setTimeout(lookForDrafts);
      chart.map.updateSize();
      surface.focus({ preventScroll: true });
      return true;
    },
    chosen(code) {
      if (!running) return false;
      if (session.store.get().active !== code) void take(code);
      return true;
    },
    pointed: (code) => running?.stage.hover(code),
  };

  /** With a tool the view stays where it is as long as the parcel is in it; without one the parcel is looked for. */
  const take = async (code: string, tool?: EditToolId): Promise<void> => {
    try {
      if (!session.shapeOf(code)) await exact.loadCodes([code]);
    } catch (error) {
      return toast((error as Error).message);
    }
    const shape = session.shapeOf(code);
    if (!shape || !running) return toast(t("edit.not_here"));
    session.setActive(code);
    const box = chart.selectionBox();
    if (!tool || !box || !chart.shows(box)) running.stage.fit([shape]);
    if (tool) running.stage.use(tool);
  };

  const opener = editButton(() => void mode.enter(), null);
  frame.toolbox.append(opener);
  const lookForDrafts = (): void =>
    void draftsLeft(workspace.county.code, workspace.actor.name).then((left) => markDrafts(opener, left), () => undefined);
  lookForDrafts();
  listenToEditKeys(surface, {
    editing: () => running !== null,
    enter: () => void mode.enter(),
    leave: () => void mode.leave(),
    tool: () => running?.stage.tool() ?? null,
    hand: () => running?.stage.hand ?? null,
    choose(key) {
      const kind = TOOLS.find((one) => one.key.toLowerCase() === key);
      const action = actions.find((one) => one.key.toLowerCase() === key);
      if (kind) running?.stage.use(kind.id);
      else if (action) {
        const why = action.barred();
        if (why) toast(t(why));
        else action.run();
      } else return false;
      return true;
    },
    undo: () => session.undo(),
    redo: () => session.redo(),
    save: () => void save(),
    back: () => running?.stage.use("pick"),
    acted: () => running?.stage.redraw(),
    otherSide() {
      const panel = document.getElementById("edit-panel");
      (document.activeElement === surface ? panel : surface)?.focus({ preventScroll: true });
    },
  });
  return mode;
}

function editButton(click: () => void, barred: Key | null): HTMLButtonElement {
  const button = mapButton("pencil", t("edit.open"), click, "E");
  button.append(h("span", {}, t("edit.open")));
  button.dataset["tool"] = "edit";
  if (barred) {
    button.setAttribute("aria-disabled", "true");
    button.title = t(barred);
  }
  return button;
}
