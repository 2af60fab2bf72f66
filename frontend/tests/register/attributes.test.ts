/** The form of register facts: in a draft it writes at once and follows undo; alone it is saved with the version that was read. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { ConflictError, FieldErrors, refusal, RulesError, type EditApi } from "../../src/edit/api";
import { attributesAlone, attributesInSession, type AloneOptions } from "../../src/edit/ui/attributes";
import type { Values } from "../../src/edit/types";
import { differing, valueInWords } from "../../src/edit/ui/register-fields";
import { api, buttonOf, CODE, conflict, exact, field, finding, LISTS, session, soon, TODAY, type, VALUES, why } from "./cast";

beforeEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
});

describe("in a change set", () => {
  it("writes a field into the draft when it is left, and only that field", async () => {
    const one = session();
    const form = attributesInSession(one, CODE, TODAY);
    document.body.append(form);
    await soon();
    type(field(form, "location").querySelector("input")!, "雪峰西路 1 号");
    expect(one.setValues).toHaveBeenCalledExactlyOnceWith(CODE, { location: "雪峰西路 1 号" });
    expect(field(form, "location").classList.contains("is-dirty")).toBe(true);
    expect(form.querySelector('[data-field="code"]')).toBeNull();
  });

  it("writes nothing that is wrong", async () => {
    const one = session();
    const form = attributesInSession(one, CODE, TODAY);
    document.body.append(form);
    await soon();
    type(field(form, "registered_area_m2").querySelector("input")!, "很大");
    expect(one.setValues).not.toHaveBeenCalled();
    expect(field(form, "registered_area_m2").textContent).toContain("大于 0");
  });

  it("says beside the field why it wasn't taken", async () => {
    const one = session({}, { setValues: vi.fn(() => Promise.resolve(false)) });
    one.store.set({ error: "镇街不存在。" });
    const form = attributesInSession(one, CODE, TODAY);
    document.body.append(form);
    await soon();
    type(field(form, "note").querySelector("textarea")!, "x");
    await soon();
    expect(field(form, "note").querySelector(".field-error")?.textContent).toBe("镇街不存在。");
  });

  it("follows an undo", async () => {
    let values: Values = { ...VALUES, location: "改过的" };
    const one = session({ cursor: 2 }, { valuesOf: () => values });
    const form = attributesInSession(one, CODE, TODAY);
    document.body.append(form);
    await soon();
    expect(field(form, "location").querySelector("input")!.value).toBe("改过的");
    values = VALUES;
    one.store.set({ cursor: 1 });
    expect(field(form, "location").querySelector("input")!.value).toBe("苏福路308号");
  });

  it("marks against the register, also when the draft was there first", async () => {
    const one = session(
      { operations: [{ kind: "attributes", parcel: CODE, values: { location: "草稿" } }], cursor: 1 },
      { valuesOf: () => ({ ...VALUES, location: "草稿" }) },
    );
    const form = attributesInSession(one, CODE, TODAY);
    document.body.append(form);
    await soon();
    const location = field(form, "location");
    expect(location.querySelector("input")!.value).toBe("草稿");
    expect(location.classList.contains("is-dirty")).toBe(true);
    location.querySelector<HTMLButtonElement>(".field-reset")!.click();
    expect(one.setValues).toHaveBeenCalledWith(CODE, { location: "苏福路308号" });
  });

  it("lets a new parcel have its code", async () => {
    const form = attributesInSession(session(), "#1.1", TODAY);
    document.body.append(form);
    await soon();
    expect(field(form, "code")).toBeTruthy();
  });
});

describe("alone", () => {
  const build = (patch: EditApi["patchParcel"], more: Partial<AloneOptions> = {}): { form: HTMLElement; options: AloneOptions } => {
    const options: AloneOptions = {
      api: api({ patchParcel: patch }),
      code: CODE,
      today: TODAY,
      saved: vi.fn(),
      cancel: vi.fn(),
      conflict: vi.fn(() => Promise.resolve(null)),
      ...more,
    };
    const form = attributesAlone(options);
    document.body.append(form);
    return { form, options };
  };
  const saved = { change_id: 1, on: TODAY, events: [], parcels: [], findings: [] };

  it("sends what changed, with the version that was read", async () => {
    const patch = vi.fn<EditApi["patchParcel"]>(() => Promise.resolve(saved));
    const { form, options } = build(patch);
    await soon();
    const button = buttonOf(form, "保存登记信息");
    expect(why(button)).toBe("没有修改");
    type(field(form, "location").querySelector("input")!, "新坐落");
    expect(why(button)).toBe("请填写变更原因");
    type(field(form, "reason").querySelector("textarea")!, "门牌变更");
    expect(why(button)).toBe("");
    button.click();
    await soon();
    expect(patch).toHaveBeenCalledWith(CODE, 7, { values: { location: "新坐落" }, reason: "门牌变更", on: TODAY });
    expect(options.saved).toHaveBeenCalled();
  });

  it("puts the server's complaints to their fields", async () => {
    const { form } = build(() => Promise.reject(new FieldErrors("有误", { "holders.0.uscc": "校验位不符。", reason: "原因过短。", x: "别的问题。" })));
    await soon();
    type(field(form, "location").querySelector("input")!, "新坐落");
    type(field(form, "reason").querySelector("textarea")!, "改");
    buttonOf(form, "保存登记信息").click();
    await soon();
    expect(field(form, "holders").querySelector(".field-error")?.textContent).toBe("校验位不符。");
    expect(field(form, "reason").querySelector(".field-error")?.textContent).toBe("原因过短。");
    expect(form.querySelector(".form-trouble")?.textContent).toContain("别的问题。");
  });

  it("asks for a reason where only warnings stand in the way", async () => {
    const patch = vi.fn<EditApi["patchParcel"]>(() => Promise.reject(new RulesError("有提示", [finding()])));
    const { form } = build(patch);
    await soon();
    type(field(form, "location").querySelector("input")!, "新坐落");
    type(field(form, "reason").querySelector("textarea")!, "改");
    buttonOf(form, "保存登记信息").click();
    await soon();
    expect(form.textContent).toContain("0.2 米缝隙");
    expect(why(buttonOf(form, "保存登记信息"))).toBe("请说明保留提示的理由");
    type(field(form, "warnings_reason").querySelector("textarea")!, "已现场核实");
    buttonOf(form, "保存登记信息").click();
    await soon();
    expect(patch.mock.calls[1]?.[2].warnings_reason).toBe("已现场核实");
  });

  it("asks who wins, and puts mine on the newest version", async () => {
    const parcels = vi
      .fn()
      .mockResolvedValueOnce({ crs: 4549, parcels: [exact()], truncated: false })
      .mockResolvedValue({ crs: 4549, parcels: [exact({ version: 9, values: { ...VALUES, note: "他人" } })], truncated: false });
    const patch = vi.fn<EditApi["patchParcel"]>().mockRejectedValueOnce(new ConflictError("冲突", [conflict()])).mockResolvedValue(saved);
    const { form, options } = build(patch, { api: api({ parcels, patchParcel: patch }), conflict: vi.fn(() => Promise.resolve("mine" as const)) });
    await soon();
    type(field(form, "location").querySelector("input")!, "新坐落");
    type(field(form, "reason").querySelector("textarea")!, "改");
    buttonOf(form, "保存登记信息").click();
    await soon(5);
    expect(options.conflict).toHaveBeenCalledWith({ location: "新坐落" }, [conflict()]);
    expect(field(form, "location").querySelector("input")!.value).toBe("新坐落");
    expect(field(form, "note").querySelector("textarea")!.value).toBe("他人");
    type(field(form, "reason").querySelector("textarea")!, "改");
    buttonOf(form, "保存登记信息").click();
    await soon();
    expect(patch.mock.calls[1]?.slice(0, 2)).toEqual([CODE, 9]);
    expect(patch.mock.calls[1]?.[2].values).toEqual({ location: "新坐落" });
  });
});

describe("a refusal of several fields", () => {
  it("tells each of them", () => {
    const issues = [
      { field: "town_code", code: "x", message: "镇街不存在。" },
      { field: "note", code: "y", message: "备注过长。" },
    ];
    const error = refusal(422, { code: "values_invalid", message: "镇街不存在。", remedy: "请改正。", field: "town_code", issues });
    expect(error).toBeInstanceOf(FieldErrors);
    expect((error as FieldErrors).fields).toEqual({ town_code: "镇街不存在。", note: "备注过长。" });
  });
});

describe("values in words", () => {
  it("name codes and holders", () => {
    expect(valueInWords("land_class_code", VALUES, LISTS)).toBe("0601 工业用地");
    expect(valueInWords("town_code", VALUES, LISTS)).toBe("稠江街道");
    expect(valueInWords("holders", { holders: [{ name: "甲", uscc: "", share: 0.5 }] }, LISTS)).toBe("甲（50 %）");
  });

  it("differ only where they differ: nothing and empty are the same", () => {
    expect(differing({ note: "" }, {})).toEqual([]);
    expect(differing(VALUES, { ...VALUES, location: "x", note: "y" })).toEqual(["location", "note"]);
  });
});
