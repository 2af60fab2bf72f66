/**
 * The register's history and its forms put into the workspace: days under the map, sections in the detail, the list's bulk change.
 * Refuses to let anyone change the past: while another day is shown every form says why it stays shut.
 */

import { filterQuery } from "../filters";
import { today } from "./days";
import { dateBar } from "./date-bar";
import { attachmentSection } from "./attachments";
import { endedNotice, formerParcel } from "./former";
import { lineageSection, type LineageOptions } from "./lineage";
import type { EditApi } from "../edit/api";
import { attributesAlone } from "../edit/ui/attributes";
import { bulkDialog } from "../edit/ui/bulk";
import { askConflict } from "../edit/ui/conflict";
import { listsOf } from "../edit/lists";
import { t } from "../i18n";
import type { WorkspaceMap } from "../map/workspace-map";
import { filterWords } from "../printing";
import type { Moment, ViewState } from "../state";
import type { Store } from "../store";
import type { Workspace } from "../types";
import type { DetailActions } from "../ui/detail";
import { h } from "../ui/dom";
import type { Frame } from "../ui/frame";
import { mapButton } from "../ui/map-button";
import { toast } from "../ui/notice";
import type { Side, SideOptions } from "../ui/side";

export const EDIT_CADASTRE = "edit_cadastre";

export interface RegisterParts {
  api: EditApi;
  chart: WorkspaceMap;
  frame: Frame;
  store: Store<ViewState>;
  moment: Store<Moment>;
  workspace: Workspace;
  side(): Side;
  open(code: string): void;
  /** The register changed: everything on the screen is asked for again. */
  changed(): void;
  /** The box that the list is limited to, if it is. */
  bbox(): readonly number[] | null;
}

export interface RegisterWiring {
  more: Pick<DetailActions, "notice" | "moreButtons" | "moreSections">;
  former: NonNullable<SideOptions["former"]>;
  /** Beside the list's filters. */
  bulkButton: HTMLElement | null;
  /** Opens the days under the map. */
  button: HTMLElement;
  /** What the list shows now. */
  listed(total: number): void;
  toggle(): void;
  /** After a change: the days have one more. */
  outdated(): void;
}

export function wireRegister(parts: RegisterParts): RegisterWiring {
  const { api, chart, frame, store, moment, workspace } = parts;
  const now = today();
  const mayEdit = workspace.actor.rights.includes(EDIT_CADASTRE);
  const past = (): string => (store.get().on ? t("history.no_edit", { on: store.get().on }) : "");

  const dates = dateBar({ api, store, today: now });
  // What is being edited is today's register: the days wait until it is saved or left.
  const toggle = (): void => (moment.get().editing ? toast(t("history.editing")) : dates.toggle());
  const button = mapButton("history", t("history.button"), toggle, "D");
  const mark = (open: boolean): void => button.setAttribute("aria-pressed", String(open));
  mark(dates.isOpen());
  dates.onOpen(mark);
  frame.mapBox.append(dates.bar, dates.banner);
  moment.watch(
    ({ editing }) => editing,
    (editing) => {
      if (editing && dates.isOpen()) dates.toggle();
      button.setAttribute("aria-disabled", String(editing));
      button.title = editing ? t("history.editing") : `${t("history.button")}（D）`;
    },
  );
  store.watch(({ on }) => on, chart.setDay);
  store.watch(({ sel }) => sel, () => chart.showOutline(null));

  const lineage: LineageOptions = {
    api,
    open: parts.open,
    outline: chart.showOutline,
    showDay: (on) => store.set({ on: on >= now ? "" : on, page: 1 }),
    mayEdit,
    changed: parts.changed,
  };

  const edit = (code: string): void => {
    if (past()) return toast(past());
    const back = (): void => parts.side().parcel(code);
    const form = attributesAlone({
      api,
      code,
      today: now,
      cancel: back,
      saved: () => {
        toast(t("attr.saved"));
        parts.changed();
      },
      conflict: async (mine, conflicts) => {
        const lists = await listsOf(api).catch(() => null);
        const choices = await askConflict(
          conflicts,
          (parcel) => {
            const found = conflicts.find((one) => one.parcel === parcel);
            // The form changes no shape: theirs stays either way.
            const shape = found?.current.geometry;
            return { shapes: shape ? [shape] : [], values: { ...(found?.base ?? found?.current)?.values, ...mine }, does: [] };
          },
          lists,
        );
        return choices?.get(code) ?? null;
      },
    });
    parts.side().form(t("attr.title"), code, form);
  };

  let total = 0;
  const bulk = mayEdit
    ? h(
        "button",
        {
          type: "button",
          class: "btn btn-sm bulk-button",
          on: { click: () => bulk?.getAttribute("aria-disabled") !== "true" && void change() },
        },
        t("bulk.button"),
      )
    : null;
  const change = (): Promise<void> => {
    const { filters, inView } = store.get();
    const box = inView ? parts.bbox() : null;
    const words = filterWords(store.get(), workspace);
    return bulkDialog({
      api,
      filter: { ...filterQuery(filters), ...(box ? { bbox: box.map((value) => value.toFixed(6)).join(",") } : {}) },
      words: box ? [...words, t("filter.in_view")] : words,
      total,
      today: now,
      done: parts.changed,
    });
  };
  const able = (): void => {
    const why = past() ? t("bulk.why.past") : moment.get().editing ? t("bulk.why.editing") : total === 0 ? t("bulk.why.none") : "";
    bulk?.setAttribute("aria-disabled", String(why !== ""));
    if (bulk) bulk.title = why;
  };
  store.watch(({ on }) => on, able);
  moment.watch(({ editing }) => editing, able);

  return {
    more: {
      notice: (parcel) => endedNotice(parcel, lineage),
      moreButtons: ({ code, in_force }) =>
        mayEdit && in_force !== false ? [["pencil", past() || t("detail.edit"), () => edit(code)]] : [],
      moreSections: ({ code, in_force }) => [
        attachmentSection(code, { api, mayEdit: mayEdit && !past() && in_force !== false }),
        lineageSection(code, lineage),
      ],
    },
    async former(code, signal) {
      try {
        const known = await api.lineage(code, signal);
        return known.events.length || known.versions.length ? formerParcel(known, store.get().on, lineage) : null;
      } catch {
        // The first answer said that there is no such parcel: that stands.
        return null;
      }
    },
    bulkButton: bulk,
    button,
    listed(count) {
      total = count;
      able();
    },
    toggle,
    outdated: dates.outdated,
  };
}
