/** An area with its unit: typed in 亩, ㎡ or 公顷, the others beside it at once. Refuses to change the figure when only the unit does. */

import { t } from "../../i18n";
import { h } from "../../ui/dom";
import { AREA_UNITS, areaShown, areaText, readArea, type AreaUnit } from "../area-units";
import type { Control } from "./fields";

const KEPT = "landgis.area-unit";

export function areaControl(value: number | null, label: string): Control<number | null> {
  let area_m2 = value;
  let text = "";
  const input = h("input", { type: "text", class: "form-control num", autocomplete: "off", attrs: { inputmode: "decimal" } });
  const unit = h(
    "select",
    { class: "form-select", ariaLabel: t("area.unit.of", { label }) },
    ...AREA_UNITS.map((one) => h("option", { value: one }, t(`area.unit.${one}`))),
  );
  const others = h("output", { class: "area-others" });
  const chosen = (): AreaUnit => unit.value as AreaUnit;
  const read = (): number | null | undefined => (input.value === text ? area_m2 : readArea(input.value, chosen()));
  const write = (): void => {
    text = areaText(area_m2, chosen());
    input.value = text;
    tell();
  };
  const tell = (): void => {
    const now = read();
    others.textContent =
      typeof now === "number"
        ? AREA_UNITS.filter((one) => one !== chosen())
            .map((one) => `${areaShown(now, one)} ${t(`area.unit.${one}`)}`)
            .join(" = ")
        : "";
  };
  unit.value = usualUnit();
  unit.addEventListener("change", (event) => {
    // A unit is a way of reading, not a change of the register.
    event.stopPropagation();
    keepUnit(unit.value);
    const now = read();
    if (now !== undefined) area_m2 = now;
    if (now !== undefined) write();
    else tell();
  });
  unit.addEventListener("input", (event) => event.stopPropagation());
  input.addEventListener("input", tell);
  write();
  return {
    element: h("div", { class: "area-input" }, input, unit, others),
    focus: input,
    get: () => {
      const now = read();
      return now === undefined ? null : now;
    },
    set(next) {
      area_m2 = next;
      write();
    },
    problem: () => (read() === undefined ? t("area.broken") : ""),
  };
}

function usualUnit(): AreaUnit {
  const kept = localStorage.getItem(KEPT) as AreaUnit | null;
  return kept && AREA_UNITS.includes(kept) ? kept : "m2";
}

function keepUnit(unit: string): void {
  try {
    localStorage.setItem(KEPT, unit);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
