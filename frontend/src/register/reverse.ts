/** Takes back a saved change by a new event. Refuses where later changes stand on it, and names them. */

import { parcelCode } from "../format";
import { t } from "../i18n";
import { LaterChangesError, type EditApi } from "../edit/api";
import { eventTitle } from "../edit/ui/event-words";
import { field, noteControl } from "../edit/ui/fields";
import type { LineageEvent, Saved } from "../edit/types";
import { actButton, plainButton, showDialog } from "../ui/dialog";
import { h, replace } from "../ui/dom";
import { notice } from "../ui/notice";

export function reverseDialog(api: Pick<EditApi, "reverse">, event: LineageEvent): Promise<Saved | null> {
  return new Promise((resolve) => {
    let saved: Saved | null = null;
    const trouble = h("div", { class: "form-trouble", attrs: { role: "alert" } });
    const reason = field("reason", t("reverse.reason"), noteControl("", 3), {
      required: true,
      fresh: true,
      changed: () => ready(),
    });
    const act = actButton(t("reverse.act"), () => void send(), "btn-danger");
    const ready = (): void => act.refuse(reason.get() ? "" : t("save.why.reason"));
    const send = async (): Promise<void> => {
      act.busy(true);
      replace(trouble);
      try {
        saved = await api.reverse(event.change_id, { reason: reason.get() });
        act.busy(false);
        return dialog.close();
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        replace(trouble, ...(error instanceof LaterChangesError ? later(error) : [notice(said)]));
      }
      act.busy(false);
    };
    ready();
    const dialog = showDialog({
      title: t("reverse.title"),
      size: "is-small",
      body: [
        h("p", {}, t("reverse.what", { on: event.on, kind: eventTitle(event.kind, event.title) })),
        event.parents.length || event.children.length
          ? h(
              "p",
              { class: "note" },
              t("reverse.effect", {
                back: event.parents.map(parcelCode).join("、") || t("conflict.nothing"),
                gone: event.children.map(parcelCode).join("、") || t("conflict.nothing"),
              }),
            )
          : h("p", { class: "note" }, t("reverse.effect.adjusted")),
        reason.element,
        trouble,
      ],
      foot: [plainButton(t("dialog.cancel"), () => dialog.close()), act.element],
      closed: () => resolve(saved),
    });
    reason.focus();
  });
}

function later(error: LaterChangesError): HTMLElement[] {
  return [
    notice(error.message),
    h(
      "ul",
      { class: "issue-list" },
      ...error.changes.map((one) =>
        h(
          "li",
          {},
          t("reverse.later", {
            on: one.on,
            by: one.by,
            kinds: one.events.map((event) => eventTitle(event.kind, event.title)).join("、"),
            parcels: one.parcels.map(parcelCode).join("、"),
          }),
        ),
      ),
    ),
  ];
}
