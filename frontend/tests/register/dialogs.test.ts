/** The dialogs of editing: saving says why not, facts are asked for, conflicts overwrite nothing, drafts come back, many are changed as seen. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConflictError, FieldErrors, type BulkOut, type EditApi } from "../../src/edit/api";
import { bulkDialog } from "../../src/edit/ui/bulk";
import { conflictDialog, onTop, touches } from "../../src/edit/ui/conflict";
import { eventWords } from "../../src/edit/ui/event-words";
import { factsDialog } from "../../src/edit/ui/facts";
import { findingList } from "../../src/edit/ui/findings";
import { leaveDialog, recoverDialog } from "../../src/edit/ui/recover";
import { saveForm } from "../../src/edit/ui/save";
import { shapePicture } from "../../src/edit/ui/shape-svg";
import { parcelCode } from "../../src/format";
import { showDialog } from "../../src/ui/dialog";
import { api, buttonOf, CODE, conflict, field, finding, session, soon, square, TODAY, type, VALUES, why, working } from "./cast";

beforeEach(() => document.body.replaceChildren());
afterEach(() => {
  document.querySelectorAll("dialog").forEach((one) => one.close());
  vi.useRealTimers();
});

const dialog = (): HTMLDialogElement => document.querySelector("dialog")!;
const CHILDREN = [
  working({ key: "#1.1", code: "330782003015GB00301", state: "new", area_mu: 5 }),
  working({ key: "#1.2", code: "", state: "new", area_mu: 10 }),
];
const SPLIT = { kind: "subdivision", title: "分割", parents: [CODE], children: ["#1.1", "#1.2"] };

describe("a dialog", () => {
  it("gives the focus back and can refuse to close", () => {
    const opener = document.createElement("button");
    document.body.append(opener);
    opener.focus();
    let may = false;
    const shown = showDialog({ title: "题", body: ["话"], mayClose: () => may });
    buttonOf(shown.element, "关闭").click();
    expect(shown.element.isConnected).toBe(true);
    const cancel = new Event("cancel", { cancelable: true });
    shown.element.dispatchEvent(cancel);
    expect(cancel.defaultPrevented).toBe(true);
    may = true;
    buttonOf(shown.element, "关闭").click();
    expect(shown.element.isConnected).toBe(false);
    expect(document.activeElement).toBe(opener);
  });
});

describe("saving", () => {
  it("says first what ends and what begins", async () => {
    void saveForm(session({ parcels: CHILDREN, events: [SPLIT] }), TODAY);
    await soon();
    expect(dialog().querySelector(".event-words")?.textContent).toContain("330782 003015 GB00223 → 2 宗");
    expect(dialog().querySelector(".event-words")?.textContent).toContain("原代码注销");
    expect(dialog().textContent).toContain("变更后共 2 宗，15.00 亩");
  });

  it("names what stands in its way, one after the other", async () => {
    const one = session({ checked: false });
    void saveForm(one, TODAY);
    await soon();
    const button = buttonOf(dialog(), "保存变更");
    expect(why(button)).toBe("正在检查…");
    one.store.set({ checked: true, canSave: false, findings: [finding({ severity: "error" })] });
    expect(why(button)).toBe("有 1 项错误须先改正");
    one.store.set({ canSave: true, findings: [finding()] });
    expect(why(button)).toBe("请填写变更原因");
    type(field(dialog(), "reason").querySelector("textarea")!, "分宗");
    expect(why(button)).toBe("请说明保留提示的理由");
    type(field(dialog(), "warnings_reason").querySelector("textarea")!, "核实过");
    expect(why(button)).toBe("");
    button.click();
    await soon();
    expect(one.save).toHaveBeenCalledWith({ on: TODAY, reason: "分宗", warnings_reason: "核实过" });
    expect(document.querySelector("dialog")).toBeNull();
  });

  it("asks how only where a shape changed under its code, and checks again for another day", async () => {
    vi.useFakeTimers();
    const one = session({ events: [{ kind: "boundary_adjustment", title: "", parents: [], children: [CODE] }] });
    void saveForm(one, TODAY);
    await vi.advanceTimersByTimeAsync(1);
    expect(field(dialog(), "how").hidden).toBe(false);
    type(field(dialog(), "how").querySelector("select")!, "resurvey");
    type(field(dialog(), "on").querySelector("input")!, "2024-06-01");
    await vi.advanceTimersByTimeAsync(400);
    expect(one.check).toHaveBeenCalledOnce();
    expect(vi.mocked(one.check).mock.calls[0]?.[0]).toMatchObject({ on: "2024-06-01", how: "resurvey" });
    one.store.set({ events: [SPLIT] });
    expect(field(dialog(), "how").hidden).toBe(true);
  });

  it("wants an answer to what must be asked", async () => {
    const facts = [{ fact: "occupancy:12", kind: "occupancy" as const, title: "金凯电子 用地", parcel: CODE, asked: true, options: ["#1.1", "#1.2", "proportional"], default: "#1.1" }];
    const one = session({ facts, parcels: CHILDREN, events: [SPLIT] });
    void saveForm(one, TODAY);
    await soon();
    type(field(dialog(), "reason").querySelector("textarea")!, "分宗");
    expect(why(buttonOf(dialog(), "保存变更"))).toBe("还有 1 项归属未定");
    type(dialog().querySelector<HTMLSelectElement>("tr[data-fact] select")!, "proportional");
    expect(one.store.get().decisions).toEqual({ "occupancy:12": "proportional" });
    expect(why(buttonOf(dialog(), "保存变更"))).toBe("");
  });

  it("keeps what was filled in when it is closed and opened again", async () => {
    const one = session();
    const first = saveForm(one, TODAY);
    await soon();
    type(field(dialog(), "reason").querySelector("textarea")!, "写了一半");
    dialog().close();
    expect(await first).toBeNull();
    void saveForm(one, TODAY);
    await soon();
    expect(field(dialog(), "reason").querySelector("textarea")!.value).toBe("写了一半");
  });

  it("closes without an answer in a conflict, and puts complaints to their fields", async () => {
    const save = vi.fn().mockRejectedValueOnce(new FieldErrors("", { "document.no": "文号重复。" })).mockRejectedValueOnce(new ConflictError("", [conflict()]));
    const answer = saveForm(session({}, { save }), TODAY);
    await soon();
    type(field(dialog(), "reason").querySelector("textarea")!, "分宗");
    buttonOf(dialog(), "保存变更").click();
    await soon();
    expect(field(dialog(), "no").querySelector(".field-error")?.textContent).toBe("文号重复。");
    buttonOf(dialog(), "保存变更").click();
    expect(await answer).toBeNull();
  });

  it("says each kind of event in a sentence, and an unknown one in the server's words", () => {
    expect(eventWords({ ...SPLIT, kind: "consolidation", parents: ["A", "B"], children: ["#1.1"] }, CHILDREN)).toContain("合并：2 宗（A、B）→ 330782 003015 GB00301");
    expect(eventWords({ ...SPLIT, kind: "swap", title: "互换" }, CHILDREN)).toBe("互换");
  });
});

describe("findings", () => {
  it("name parcels as the register does, those without a code by their number in the draft", () => {
    const two = { ...finding({ severity: "error" }), parcels: ["#3.1", "#2.1"], message: "宗地 #3.1、#2.1 重叠 5.00 ㎡。" };
    const list = findingList([two], [working({ key: "#2.1", state: "new", code: CODE })]);
    expect(list?.querySelector("strong")?.textContent).toContain(`新宗地 3-1、${parcelCode(CODE)} 重叠 5.00 ㎡。`);
    expect(list?.querySelector("small")).toBeNull();
    const unsaid = findingList([finding({ message: "缝隙" })]);
    expect(unsaid?.querySelector("small")?.textContent).toBe(parcelCode(CODE));
  });
});

describe("facts", () => {
  it("are given up without an answer and done with one", async () => {
    const facts = [{ fact: "contract:3", kind: "contract" as const, title: "2019 出让合同", parcel: CODE, asked: true, options: ["#1.1"], default: "#1.1" }];
    const one = session({ facts, parcels: CHILDREN });
    const left = factsDialog(one);
    dialog().close();
    expect(await left).toBe(false);
    const done = factsDialog(one);
    expect(why(buttonOf(dialog(), "确定"))).toContain("1 项");
    type(dialog().querySelector("select")!, "#1.1");
    buttonOf(dialog(), "确定").click();
    expect(await done).toBe(true);
  });
});

describe("a conflict", () => {
  it("says who, when and why, shows both at one scale and what differs", async () => {
    const show = vi.fn();
    const answer = conflictDialog(session(), [conflict()], show);
    await soon();
    const text = dialog().textContent ?? "";
    for (const part of ["李红", "重新勘测", "复测", "苏福路 310 号", "split"]) expect(text).toContain(part);
    const pictures = [...dialog().querySelectorAll("svg.shape-picture")];
    expect(pictures.length).toBe(2);
    expect(pictures.every((one) => one.querySelector(".is-difference")?.hasAttribute("mask"))).toBe(true);
    expect(why(buttonOf(dialog(), "按所选处理"))).toContain("1 宗未选择");
    const seen = dialog().querySelector<HTMLInputElement>('input[value="theirs"][name$="sight"]')!;
    seen.checked = true;
    seen.dispatchEvent(new Event("change"));
    expect(show).toHaveBeenLastCalledWith([conflict().current.geometry]);
    const mine = dialog().querySelector<HTMLInputElement>('.choice-card input[value="mine"]')!;
    mine.checked = true;
    mine.dispatchEvent(new Event("change"));
    buttonOf(dialog(), "按所选处理").click();
    expect([...(await answer)!]).toEqual([[CODE, "mine"]]);
    expect(show).toHaveBeenLastCalledWith([]);
  });

  it("decides nothing when it is closed", async () => {
    const answer = conflictDialog(session(), [conflict({ in_force: false, geometry: null })], () => undefined);
    await soon();
    expect(dialog().textContent).toContain("该宗地现已注销");
    dialog().close();
    expect(await answer).toBeNull();
  });

  it("lays only the draft's own changes over theirs", () => {
    expect(onTop(conflict(), { ...VALUES, note: "我的" })).toEqual({ ...VALUES, location: "苏福路 310 号", note: "我的" });
  });

  it("knows which operations touch a parcel", () => {
    expect(touches({ kind: "merge", parcels: ["A", CODE] }, CODE)).toBe(true);
    expect(touches({ kind: "retire", parcel: "A" }, CODE)).toBe(false);
    expect(touches({ kind: "move_vertices", moves: [], parcels: null }, CODE)).toBe(true);
  });
});

describe("pictures", () => {
  it("draw north up and inside the frame", () => {
    const svg = shapePicture([{ shapes: [square(500000, 3240000, 100)], look: "is-mine" }], "图", 120, 120);
    expect(svg.querySelector("path")?.getAttribute("d")).toBe("M10.00 110.00L110.00 110.00L110.00 10.00L10.00 10.00L10.00 110.00Z");
  });

  it("of nothing are empty", () => {
    expect(shapePicture([], "图").childElementCount).toBe(0);
  });
});

describe("a draft", () => {
  it("is listed, and waits when nothing is decided", async () => {
    const offer = { savedAt: "2024-06-30T09:12:00+08:00", changes: ["分割 GB00223", "移动 2 个顶点"], changedSince: [CODE] };
    const later = recoverDialog(offer);
    expect(dialog().querySelectorAll(".change-list li").length).toBe(2);
    expect(dialog().textContent).toContain("330782 003015 GB00223");
    dialog().close();
    expect(await later).toBe("later");
    const restored = recoverDialog(offer);
    buttonOf(dialog(), "恢复草稿").click();
    expect(await restored).toBe("restore");
  });

  it("stays when leaving is thought better of; can't be kept where the browser refuses", async () => {
    const stay = leaveDialog(["分割"], false);
    expect(dialog().textContent).toContain("将丢失");
    expect([...dialog().querySelectorAll("button")].some((one) => one.textContent === "保留草稿并离开")).toBe(false);
    dialog().close();
    expect(await stay).toBe("stay");
    const keep = leaveDialog(["分割"], true);
    buttonOf(dialog(), "保留草稿并离开").click();
    expect(await keep).toBe("keep");
  });
});

describe("the bulk change", () => {
  const preview: BulkOut = {
    count: 12,
    area_mu: "180.5",
    sample: [{ code: CODE, before: VALUES, after: { ...VALUES, tenure: "划拨" } }],
    unchanged: 2,
    issues: [],
    token: "t1",
  };
  const open = async (bulk: EditApi["bulk"]) => {
    const done = vi.fn();
    await bulkDialog({ api: { ...api(), bulk }, filter: { town: "330782003" }, words: ["稠江街道"], total: 12, today: TODAY, done });
    return done;
  };
  const choose = (): void => {
    const box = dialog().querySelector<HTMLInputElement>('input[value="tenure"]')!;
    box.checked = true;
    box.dispatchEvent(new Event("change"));
    type(field(dialog(), "tenure").querySelector("input")!, "划拨");
  };

  it("is looked at before it is done, and done with the token", async () => {
    const bulk = vi.fn<EditApi["bulk"]>(() => Promise.resolve(preview));
    const done = await open(bulk);
    expect(why(buttonOf(dialog(), "预览"))).toBe("请先选择要修改的项目");
    choose();
    expect(why(buttonOf(dialog(), "全部修改"))).toBe("请先预览");
    buttonOf(dialog(), "预览").click();
    await soon();
    expect(dialog().textContent).toContain("将修改 12 宗，180.50 亩");
    expect(dialog().querySelector(".bulk-sample tbody")?.textContent).toContain("出让划拨");
    type(field(dialog(), "reason").querySelector("textarea")!, "统一更正");
    buttonOf(dialog(), "全部修改").click();
    await soon();
    expect(bulk.mock.calls[1]?.[0]).toEqual({ filter: { town: "330782003" }, values: { tenure: "划拨" }, reason: "统一更正", token: "t1" });
    expect(done).toHaveBeenCalled();
  });

  it("says what the server sees, field by field", async () => {
    const refused = new FieldErrors("有误", { tenure: "权利性质不在代码表中。", "": "现状自 2024-07-01 起才生效。" });
    await open(vi.fn<EditApi["bulk"]>().mockResolvedValueOnce({ ...preview, issues: [{ field: "tenure", code: "x", message: "少见的权利性质。" }] }).mockRejectedValueOnce(refused));
    choose();
    buttonOf(dialog(), "预览").click();
    await soon();
    expect(dialog().querySelector(".issue-list")?.textContent).toBe("少见的权利性质。");
    type(field(dialog(), "reason").querySelector("textarea")!, "统一更正");
    buttonOf(dialog(), "全部修改").click();
    await soon();
    expect(field(dialog(), "tenure").querySelector(".field-error")?.textContent).toBe("权利性质不在代码表中。");
    expect(dialog().querySelector(".form-trouble")?.textContent).toContain("2024-07-01");
  });

  it("forgets the preview when a value changes", async () => {
    await open(() => Promise.resolve(preview));
    choose();
    buttonOf(dialog(), "预览").click();
    await soon();
    type(field(dialog(), "tenure").querySelector("input")!, "出让");
    expect(why(buttonOf(dialog(), "全部修改"))).toBe("请先预览");
  });

  it("shows the preview again when the set changed meanwhile", async () => {
    const stale = Object.assign(new Error("已变动"), { status: 412 });
    const bulk = vi.fn<EditApi["bulk"]>().mockResolvedValueOnce(preview).mockRejectedValueOnce(stale).mockResolvedValueOnce({ ...preview, count: 13, token: "t2" });
    const done = await open(bulk);
    choose();
    buttonOf(dialog(), "预览").click();
    await soon();
    type(field(dialog(), "reason").querySelector("textarea")!, "统一更正");
    buttonOf(dialog(), "全部修改").click();
    await soon();
    expect(dialog().textContent).toContain("已重新预览");
    expect(dialog().textContent).toContain("13 宗");
    expect(done).not.toHaveBeenCalled();
  });
});
