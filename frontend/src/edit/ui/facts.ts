/** What hangs on parcels that end — firms, contracts, rights — and where each goes. Refuses to answer for the officer where it must be asked. */

import { parcelCode } from "../../format";
import { t } from "../../i18n";
import { actButton, plainButton, showDialog } from "../../ui/dialog";
import { h } from "../../ui/dom";
import { isMade } from "../operations";
import type { EditSession } from "../slots";
import type { ParcelKey, TiedFact, WorkingParcel } from "../types";
import { parcelName as parcelShort } from "../words";

/** A parcel by its code, or by its number among those that the change makes. */
export function parcelName(key: ParcelKey, parcels: readonly WorkingParcel[]): string {
  const code = isMade(key) ? parcels.find((one) => one.key === key)?.code : key;
  return code && !isMade(code) ? parcelCode(code) : parcelShort(key);
}

export function undecided(session: EditSession): TiedFact[] {
  const { facts, decisions } = session.store.get();
  return facts.filter((one) => one.asked && decisions[one.fact] === undefined);
}

/** One row a fact; those that ask have no answer until one is given. */
export function factsTable(session: EditSession): HTMLElement {
  const { facts, parcels, decisions } = session.store.get();
  const name = (option: string): string => (option === "proportional" ? t("facts.proportional") : parcelName(option, parcels));
  const choice = (one: TiedFact): HTMLElement => {
    const given = decisions[one.fact];
    const now = given ?? (one.asked ? "" : one.default);
    const select = h(
      "select",
      {
        class: "form-select",
        ariaLabel: t("facts.to.of", { title: one.title }),
        on: { change: () => select.value && session.decide(one.fact, select.value) },
      },
      one.asked && given === undefined ? h("option", { value: "" }, t("facts.choose")) : null,
      ...one.options.map((option) =>
        h("option", { value: option, selected: option === now }, option === one.default ? t("facts.usual", { name: name(option) }) : name(option)),
      ),
    );
    return select;
  };
  return h(
    "table",
    { class: "mini facts-table" },
    h("thead", {}, h("tr", {}, head(t("facts.what")), head(t("facts.from")), head(t("facts.to")))),
    h(
      "tbody",
      {},
      ...facts.map((one) =>
        h(
          "tr",
          { data: { fact: one.fact }, class: one.asked && decisions[one.fact] === undefined ? "is-open" : "" },
          h("td", {}, h("small", {}, t(`facts.kind.${one.kind}`)), one.title),
          h("td", { class: "mono" }, parcelName(one.parcel, parcels)),
          h("td", {}, choice(one)),
        ),
      ),
    ),
  );
}

/** The slot of the core. False when it was given up. */
export function factsDialog(session: EditSession): Promise<boolean> {
  return new Promise((resolve) => {
    let done = false;
    const box = h("div");
    const act = actButton(t("facts.done"), () => {
      done = true;
      dialog.close();
    });
    const draw = (): void => {
      const focused = (document.activeElement?.closest("tr[data-fact]") as HTMLElement | null)?.dataset["fact"];
      box.replaceChildren(factsTable(session));
      if (focused) box.querySelector<HTMLElement>(`tr[data-fact="${CSS.escape(focused)}"] select`)?.focus();
      const open = undecided(session).length;
      act.refuse(open ? t("facts.open", { n: open }) : "");
    };
    const stop = session.store.watch((state) => [state.facts, state.decisions, state.parcels], draw);
    const dialog = showDialog({
      title: t("facts.title"),
      size: "is-wide",
      body: [h("p", { class: "note" }, t("facts.note")), box],
      foot: [plainButton(t("dialog.cancel"), () => dialog.close()), act.element],
      closed() {
        stop();
        resolve(done);
      },
    });
  });
}

function head(text: string): HTMLElement {
  return h("th", { attrs: { scope: "col" } }, text);
}
