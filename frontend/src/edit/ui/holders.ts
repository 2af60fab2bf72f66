/**
 * Who holds the right: name, unified social credit code with its check digit live, share; the shares make the whole.
 * Refuses to guess a share that isn't given.
 */

import { t } from "../../i18n";
import { percent } from "../../format";
import { h, replace } from "../../ui/dom";
import { icon } from "../../ui/icons";
import { readShare, sharesWhole, shareText } from "../shares";
import type { HolderValue } from "../types";
import { tidyUscc, usccProblem } from "../uscc";
import type { Control } from "./fields";

interface Row {
  element: HTMLTableRowElement;
  read(): HolderValue | null;
  problem(): string;
  share(): number | undefined;
  name: HTMLInputElement;
}

export function holdersControl(value: readonly HolderValue[]): Control<HolderValue[]> {
  let rows: Row[] = [];
  const body = h("tbody");
  const sum = h("p", { class: "holders-sum", attrs: { "aria-live": "polite" } });
  const add = h(
    "button",
    { type: "button", class: "link-button", on: { click: () => another() } },
    icon("plus"),
    t("holders.add"),
  );
  const table = h(
    "table",
    { class: "mini holders-table" },
    h(
      "thead",
      {},
      h("tr", {}, head(t("holders.name")), head(t("holders.uscc")), head(t("holders.share")), h("td")),
    ),
    body,
  );
  const element = h("div", { class: "holders-input" }, table, h("div", { class: "holders-foot" }, add, sum));

  const tell = (): void => {
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const filled = (): Row[] => rows.filter((row) => row.read() !== null);
  const missingShare = (): number => {
    const rest = 1 - filled().reduce((total, row) => total + (row.share() ?? 0), 0);
    return rest > 0 ? Number(rest.toFixed(8)) : 1;
  };
  const showSum = (): void => {
    const shares = filled().map((row) => row.share() ?? 0);
    const whole = shares.length === 0 || sharesWhole(shares);
    sum.textContent = shares.length > 1 || !whole ? t("holders.sum", { sum: percent(shares.reduce((a, b) => a + b, 0), 2) }) : "";
    sum.classList.toggle("is-wrong", !whole);
  };
  const put = (holder: HolderValue): void => {
    const row = holderRow(holder, () => {
      rows = rows.filter((one) => one !== row);
      row.element.remove();
      showSum();
      tell();
      (rows.at(-1)?.name ?? add).focus();
    });
    rows.push(row);
    body.append(row.element);
  };
  const another = (): void => {
    put({ name: "", uscc: "", share: missingShare() });
    tell();
    rows.at(-1)?.name.focus();
  };
  const set = (holders: readonly HolderValue[]): void => {
    rows = [];
    replace(body);
    for (const holder of holders) put(holder);
    showSum();
  };
  body.addEventListener("input", showSum);
  set(value);
  return {
    element,
    focus: add,
    get: () => rows.flatMap((row) => row.read() ?? []),
    set,
    problem() {
      const first = rows.map((row) => row.problem()).find(Boolean);
      if (first) return first;
      const shares = filled().map((row) => row.share() ?? 0);
      return shares.length && !sharesWhole(shares) ? t("holders.sum.wrong") : "";
    },
  };
}

function holderRow(holder: HolderValue, remove: () => void): Row {
  const name = h("input", { type: "text", class: "form-control", value: holder.name, ariaLabel: t("holders.name"), maxLength: 200 });
  const uscc = h("input", {
    type: "text",
    class: "form-control mono",
    value: holder.uscc,
    ariaLabel: t("holders.uscc"),
    autocomplete: "off",
    spellcheck: false,
    maxLength: 24,
  });
  const share = h("input", {
    type: "text",
    class: "form-control num",
    value: shareText(holder.share),
    ariaLabel: t("holders.share"),
    title: t("holders.share.hint"),
  });
  const written = share.value;
  const said = h("small", { class: "uscc-said", attrs: { "aria-live": "polite" } });
  const shareOf = (): number | undefined => (share.value === written ? holder.share : readShare(share.value));
  const usccWords = (): string => {
    const problem = usccProblem(uscc.value);
    return problem && t(`uscc.${problem}`, { n: tidyUscc(uscc.value).length });
  };
  const look = (): void => {
    const problem = usccWords();
    const typed = tidyUscc(uscc.value);
    said.textContent = problem || (typed ? t("uscc.good") : "");
    said.classList.toggle("is-wrong", problem !== "");
    if (problem) uscc.setAttribute("aria-invalid", "true");
    else uscc.removeAttribute("aria-invalid");
  };
  uscc.addEventListener("input", look);
  uscc.addEventListener("change", () => (uscc.value = tidyUscc(uscc.value)));
  look();
  const cell = (...content: (Node | string)[]): HTMLElement => h("td", {}, ...content);
  const element = h(
    "tr",
    {},
    cell(name),
    cell(uscc, said),
    cell(share),
    cell(
      h(
        "button",
        { type: "button", class: "icon-button", title: t("holders.remove"), ariaLabel: t("holders.remove"), on: { click: remove } },
        icon("trash"),
      ),
    ),
  );
  return {
    element,
    name,
    share: shareOf,
    read: () =>
      name.value.trim() || uscc.value.trim()
        ? { name: name.value.trim(), uscc: tidyUscc(uscc.value), share: shareOf() ?? 0 }
        : null,
    problem() {
      if (!name.value.trim()) return uscc.value.trim() ? t("holders.nameless") : "";
      if (usccWords()) return `${name.value.trim()}：${usccWords()}`;
      return shareOf() === undefined ? t("holders.share.broken", { name: name.value.trim() }) : "";
    },
  };
}

function head(text: string): HTMLElement {
  return h("th", { attrs: { scope: "col" } }, text);
}
