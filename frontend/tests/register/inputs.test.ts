/** The inputs of the register's forms: areas in three units, shares, credit codes, code lists by keyboard, errors in their place. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { areaText, fromSquareMetres, readArea, toSquareMetres } from "../../src/edit/area-units";
import { readShare, sharesWhole, shareText } from "../../src/edit/shares";
import { areaControl } from "../../src/edit/ui/area-input";
import { combobox, matching } from "../../src/edit/ui/combobox";
import { dateControl, field as makeField, textControl } from "../../src/edit/ui/fields";
import { holdersControl } from "../../src/edit/ui/holders";
import { checkDigit, usccProblem } from "../../src/edit/uscc";
import { press, type } from "./cast";

beforeEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
});

describe("areas", () => {
  it("convert by the ratio that defines the 亩", () => {
    expect(toSquareMetres(15, "mu")).toBe(10000);
    expect(toSquareMetres(1, "mu")).toBe(666.6667);
    expect(toSquareMetres(1.5, "ha")).toBe(15000);
    expect(fromSquareMetres(9695.25, "mu")).toBe(14.5429);
    expect(areaText(10000, "ha")).toBe("1");
  });

  it("are read with grouping and full-width digits, and refused when they are none", () => {
    expect(readArea("9,695.25", "m2")).toBe(9695.25);
    expect(readArea("１５", "mu")).toBe(10000);
    expect(readArea("", "m2")).toBeNull();
    for (const text of ["0", "-3", "一亩", "1e3"]) expect(readArea(text, "m2")).toBeUndefined();
  });

  it("keep every digit when only the unit changes", () => {
    const control = areaControl(9695.2537, "登记面积");
    const [input, unit] = [control.element.querySelector("input")!, control.element.querySelector("select")!];
    const told = vi.fn();
    control.element.addEventListener("change", told);
    unit.value = "mu";
    unit.dispatchEvent(new Event("change", { bubbles: true }));
    expect(input.value).toBe("14.5429");
    expect(control.get()).toBe(9695.2537);
    expect(told).not.toHaveBeenCalled();
    expect(control.element.textContent).toContain("9,695.25 ㎡ = 0.9695 公顷");
  });

  it("show the others while one is typed", () => {
    const control = areaControl(null, "登记面积");
    type(control.element.querySelector("input")!, "10000");
    expect(control.element.querySelector("output")?.textContent).toBe("15.00 亩 = 1.0000 公顷");
    type(control.element.querySelector("input")!, "abc");
    expect(control.problem?.()).toContain("大于 0");
  });
});

describe("shares", () => {
  it("are percentages or fractions", () => {
    expect(readShare("50")).toBe(0.5);
    expect(readShare("33.33 %")).toBe(0.3333);
    expect(readShare("1/3")).toBe(0.33333333);
    for (const text of ["0", "120", "半", "2/1"]) expect(readShare(text)).toBeUndefined();
    expect(shareText(0.33333333)).toBe("1/3");
    expect(shareText(0.125)).toBe("12.5");
  });

  it("of a third thrice make the whole, of 33.33 % don't", () => {
    expect(sharesWhole([0.33333333, 0.33333333, 0.33333333])).toBe(true);
    expect(sharesWhole([0.3333, 0.3333, 0.3333])).toBe(false);
  });
});

describe("credit codes", () => {
  const good = `91330782MA28D1234${checkDigit("91330782MA28D1234")}`;

  it("have a check digit", () => {
    expect(usccProblem("91350100M000100Y43")).toBe("");
    expect(usccProblem(good)).toBe("");
    expect(usccProblem(good.slice(0, 17) + (good.endsWith("0") ? "1" : "0"))).toBe("check_digit");
  });

  it("are told from what looks like them", () => {
    expect(usccProblem("")).toBe("");
    expect(usccProblem("123456789")).toBe("organisation_code");
    expect(usccProblem("330782000012345")).toBe("business_number");
    expect(usccProblem("9133")).toBe("length");
    expect(usccProblem("9133078OI")).toBe("alphabet");
  });
});

describe("holders", () => {
  it("say what is wrong while it is typed", () => {
    const control = holdersControl([{ name: "甲公司", uscc: "", share: 1 }]);
    const uscc = control.element.querySelector<HTMLInputElement>("input.mono")!;
    type(uscc, "9133");
    expect(control.element.querySelector(".uscc-said")?.textContent).toContain("应为 18 位");
    expect(uscc.getAttribute("aria-invalid")).toBe("true");
    type(uscc, "91350100m000100y43");
    expect(uscc.value).toBe("91350100M000100Y43");
    expect(control.element.querySelector(".uscc-said")?.textContent).toBe("校验位正确");
    expect(control.problem?.()).toBe("");
  });

  it("take the rest of the share with each new row, and must make the whole", () => {
    const control = holdersControl([{ name: "甲公司", uscc: "", share: 1 }]);
    const shares = (): HTMLInputElement[] => [...control.element.querySelectorAll<HTMLInputElement>("input.num")];
    type(shares()[0]!, "60");
    expect(control.problem?.()).toContain("100 %");
    control.element.querySelector<HTMLButtonElement>(".link-button")!.click();
    const names = control.element.querySelectorAll<HTMLInputElement>("td:first-child input");
    type(names[1]!, "乙公司");
    expect(shares()[1]!.value).toBe("40");
    expect(control.problem?.()).toBe("");
    expect(control.get()).toEqual([
      { name: "甲公司", uscc: "", share: 0.6 },
      { name: "乙公司", uscc: "", share: 0.4 },
    ]);
  });

  it("leave out a row that nothing stands in", () => {
    const control = holdersControl([]);
    control.element.querySelector<HTMLButtonElement>(".link-button")!.click();
    expect(control.get()).toEqual([]);
    expect(control.problem?.()).toBe("");
  });
});

describe("a code list", () => {
  const choices = [
    { value: "a|0601", label: "工业用地", detail: "0601" },
    { value: "a|0602", label: "采矿用地", detail: "0602" },
  ];

  it("is searched by code and by name", () => {
    expect(matching(choices, "060").length).toBe(2);
    expect(matching(choices, "采矿").map((one) => one.value)).toEqual(["a|0602"]);
    expect(matching(choices, "用地 0601").map((one) => one.value)).toEqual(["a|0601"]);
  });

  it("is chosen with the keyboard", () => {
    const control = combobox("a|0601", choices);
    document.body.append(control.element);
    const input = control.element.querySelector("input")!;
    expect(input.value).toBe("0601 工业用地");
    input.value = "采";
    input.dispatchEvent(new Event("input"));
    expect(input.getAttribute("aria-expanded")).toBe("true");
    press(input, "ArrowDown");
    expect(input.getAttribute("aria-activedescendant")).toBeTruthy();
    press(input, "Enter");
    expect(control.get()).toBe("a|0602");
    expect(input.getAttribute("aria-expanded")).toBe("false");
  });

  it("keeps Esc for itself while it is open", () => {
    const control = combobox("", choices);
    const outer = vi.fn();
    const box = document.createElement("div");
    box.addEventListener("keydown", outer);
    box.append(control.element);
    document.body.append(box);
    const input = control.element.querySelector("input")!;
    input.value = "用";
    input.dispatchEvent(new Event("input"));
    expect(press(input, "Escape").defaultPrevented).toBe(true);
    expect(outer).not.toHaveBeenCalled();
  });

  it("refuses what it doesn't hold, unless any text will do", () => {
    const strict = combobox("", choices);
    const input = strict.element.querySelector("input")!;
    input.value = "宅基地";
    input.dispatchEvent(new Event("input"));
    input.dispatchEvent(new Event("blur"));
    expect(strict.problem?.()).toContain("宅基地");
    expect(strict.get()).toBe("");
    const free = combobox("", choices, { free: true });
    const other = free.element.querySelector("input")!;
    other.value = "作价出资";
    other.dispatchEvent(new Event("input"));
    expect(free.get()).toBe("作价出资");
    expect(free.problem?.()).toBe("");
  });
});

describe("a field", () => {
  it("marks its change and goes back", () => {
    const made = makeField("location", "坐落", textControl("甲路"));
    const input = made.element.querySelector("input")!;
    type(input, "乙路");
    expect(made.isDirty()).toBe(true);
    expect(made.element.classList.contains("is-dirty")).toBe(true);
    made.element.querySelector<HTMLButtonElement>(".field-reset")!.click();
    expect(input.value).toBe("甲路");
    expect(made.isDirty()).toBe(false);
  });

  it("carries the server's words where a screen reader finds them, until it is typed in again", () => {
    const made = makeField("location", "坐落", textControl(""));
    const input = made.element.querySelector("input")!;
    made.error("坐落过长。");
    const ids = (input.getAttribute("aria-describedby") ?? "").split(" ");
    expect(ids.map((id) => made.element.querySelector(`#${id}`)?.textContent)).toContain("坐落过长。");
    expect(input.getAttribute("aria-invalid")).toBe("true");
    type(input, "短");
    expect(input.hasAttribute("aria-invalid")).toBe(false);
  });

  it("refuses a day that is still to come", () => {
    const made = makeField("on", "生效日期", dateControl("2024-01-01", "2024-06-30"), { required: true });
    type(made.element.querySelector("input")!, "2024-07-01");
    expect(made.check()).toBe(false);
    expect(made.element.textContent).toContain("不能晚于 2024-06-30");
    type(made.element.querySelector("input")!, "");
    expect(made.check()).toBe(false);
    expect(made.element.textContent).toContain("请填写生效日期");
  });

  it("has a label that names its input", () => {
    const made = makeField("note", "备注", textControl(""));
    const label = made.element.querySelector("label")!;
    expect(label.htmlFor).toBe(made.element.querySelector("input")!.id);
  });
});
