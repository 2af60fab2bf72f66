/** What comes from outside into a change: coordinates, files over the map, evidence; each looked at before it is used. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EditApi } from "../../src/edit/api";
import type { CoordinatesAsk } from "../../src/edit/slots";
import type { InputShapes, SurveyShape } from "../../src/edit/types";
import { readLine } from "../../src/edit/typed-line";
import { coordinatesDialog } from "../../src/edit/ui/coordinates";
import { fileDrop } from "../../src/edit/ui/file-drop";
import { uploads } from "../../src/edit/ui/uploads";
import { whyNot, type Uploader } from "../../src/edit/upload";
import { api, attachment, buttonOf, CODE, session, soon, square, type, why } from "./cast";

beforeEach(() => document.body.replaceChildren());
afterEach(() => {
  document.querySelectorAll("dialog").forEach((one) => one.close());
  vi.useRealTimers();
});

const dialog = (): HTMLDialogElement => document.querySelector("dialog")!;

describe("coordinates", () => {
  const read: InputShapes = {
    crs_detected: "CGCS2000 / 3-degree GK CM 120E",
    shapes: [
      { name: "一号", geometry: square(500000, 3240000, 100), planar_area_m2: 10000 },
      { name: "", geometry: square(500200, 3240000, 50), planar_area_m2: 2500 },
    ],
    issues: [{ row: 4, code: "", field: "", message: "不是坐标。" }],
  };
  const open = (ask: Partial<CoordinatesAsk> = {}, geometry: EditApi["geometry"] = () => Promise.resolve(read)) => {
    const one = session({}, { api: api({ geometry }) });
    const show = vi.fn<(shapes: SurveyShape[]) => void>();
    const answer = coordinatesDialog(one, { purpose: "new", code: CODE, file: null, show, ...ask });
    return { one, show, answer };
  };

  it("are looked at while they are typed, and taken as they were read", async () => {
    vi.useFakeTimers();
    const { show, answer } = open();
    expect(why(buttonOf(dialog(), "采用"))).toBe("还没有可用的图形");
    type(dialog().querySelector("textarea")!, "J1 3240000 500000");
    await vi.advanceTimersByTimeAsync(400);
    expect(dialog().textContent).toContain("CGCS2000 / 3-degree GK CM 120E");
    expect(dialog().textContent).toContain("15.00 亩 · 10,000.00 ㎡");
    expect(dialog().textContent).toContain("第 4 行：不是坐标。");
    expect(show).toHaveBeenLastCalledWith(read.shapes.map((one) => one.geometry));
    const box = dialog().querySelectorAll<HTMLInputElement>(".shape-list input")[1]!;
    box.checked = false;
    box.dispatchEvent(new Event("change"));
    buttonOf(dialog(), "采用").click();
    expect(await answer).toEqual([read.shapes[0]!.geometry]);
  });

  it("of a dropped file are read at once; one shape takes a parcel's place", async () => {
    const file = new File(["x"], "宗地.zip");
    const geometry = vi.fn<EditApi["geometry"]>(() => Promise.resolve(read));
    const { answer } = open({ purpose: "replace", file }, geometry);
    await soon();
    expect(geometry.mock.calls[0]?.[0]).toBe(file);
    expect(dialog().textContent).toContain("文件：宗地.zip");
    buttonOf(dialog(), "采用").click();
    expect(await answer).toEqual([read.shapes[0]!.geometry]);
  });

  it("become a cutting line by themselves", async () => {
    const { one, answer } = open();
    const cut = dialog().querySelector<HTMLInputElement>('input[value="cut"]')!;
    cut.checked = true;
    cut.dispatchEvent(new Event("change"));
    expect(why(buttonOf(dialog(), "采用"))).toBe("还没有可用的图形");
    type(dialog().querySelector("textarea")!, "点号 X Y\nJ1 3240010 499990\nJ2 3240010 40500110");
    expect(dialog().textContent).toContain("2 点，长 120.00 米");
    buttonOf(dialog(), "采用").click();
    expect(await answer).toBeNull();
    expect(one.apply).toHaveBeenCalledWith({ kind: "split", parcel: CODE, lines: [[[499990, 3240010], [500110, 3240010]]] });
  });

  it("say why they can't become what needs a parcel", () => {
    const one = session({ active: "" }, { api: api({}) });
    void coordinatesDialog(one, { purpose: "new", code: "", file: null, show: () => undefined });
    const hole = dialog().querySelector<HTMLInputElement>('input[value="hole"]')!;
    expect(hole.disabled).toBe(true);
    expect(hole.closest("label")?.textContent).toContain("需先选中一宗地");
  });

  it("of a line know the zone", () => {
    expect(readLine("J1 3240010 40500110\nJ2,3240020,500120", 4549).points).toEqual([[500110, 3240010], [500120, 3240020]]);
    expect(readLine("J1 3240010 39500110", 4549).issues[0]).toContain("带号 39");
    expect(readLine("J1 3240010 500110\nJ2 3240020 500120", 4528).points[0]).toEqual([40500110, 3240010]);
    expect(readLine("J1 3240010\nJ2 x", 4549).issues.length).toBe(2);
  });
});

describe("a file over the map", () => {
  const drag = (name: string, types = ["Files"], files: File[] = []): Event => {
    const event = new Event(name, { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types, files, dropEffect: "" } });
    return event;
  };

  it("is announced, taken when let go, and refused with a reason", () => {
    const surface = document.createElement("div");
    let no = "";
    const take = vi.fn();
    const stop = fileDrop(surface, { whyNot: () => no, take });
    const overlay = surface.querySelector<HTMLElement>(".drop-overlay")!;
    surface.dispatchEvent(drag("dragenter", ["text/plain"]));
    expect(overlay.hidden).toBe(true);
    surface.dispatchEvent(drag("dragenter"));
    surface.dispatchEvent(drag("dragenter"));
    surface.dispatchEvent(drag("dragleave"));
    expect(overlay.hidden).toBe(false);
    expect(overlay.querySelector("strong")?.textContent).toBe("松开以读入图形");
    const file = new File(["x"], "a.geojson");
    const drop = drag("drop", ["Files"], [file]);
    surface.dispatchEvent(drop);
    expect(drop.defaultPrevented).toBe(true);
    expect(take).toHaveBeenCalledExactlyOnceWith(file);
    no = "正在显示过去";
    surface.dispatchEvent(drag("dragenter"));
    expect(overlay.querySelector("strong")?.textContent).toBe("正在显示过去");
    surface.dispatchEvent(drag("drop", ["Files"], [file]));
    expect(take).toHaveBeenCalledOnce();
    stop();
    expect(surface.childElementCount).toBe(0);
  });
});

describe("evidence", () => {
  it("shows its progress, then its thumbnail, and can be left out", async () => {
    let tell: (share: number) => void = () => undefined;
    let finish: (file: ReturnType<typeof attachment>) => void = () => undefined;
    const send: Uploader = (_, __, progress) => {
      tell = progress;
      return { done: new Promise((resolve) => (finish = resolve)), stop: () => undefined };
    };
    const changed = vi.fn();
    const made = uploads({ upload: send, changed });
    const event = new Event("drop", { cancelable: true });
    Object.assign(event, { dataTransfer: { files: [new File(["x"], "a.png", { type: "image/png" })] } });
    made.element.querySelector(".drop-zone")!.dispatchEvent(event);
    expect(made.isBusy()).toBe(true);
    tell(0.5);
    expect(made.element.querySelector("progress")?.value).toBe(0.5);
    finish(attachment({ id: 8, thumbnail: true, name: "a.png", kind: "photo" }));
    await soon();
    expect(made.isBusy()).toBe(false);
    expect(made.element.querySelector("img")?.getAttribute("src")).toBe("/api/attachments/8/thumbnail");
    expect(made.files().map((one) => one.id)).toEqual([8]);
    buttonOf(made.element, "移除").click();
    expect(made.files()).toEqual([]);
  });

  it("refuses what the register doesn't keep", () => {
    expect(whyNot({ name: "a.exe", type: "application/x", size: 10 })).toContain("a.exe");
    expect(whyNot({ name: "a.pdf", type: "application/pdf", size: 30 * 1024 * 1024 })).toContain("20 MB");
    expect(whyNot({ name: "a.pdf", type: "application/pdf", size: 0 })).toContain("空文件");
    expect(whyNot({ name: "a.pdf", type: "application/pdf", size: 10 })).toBe("");
  });

  it("keeps a failed file in sight with a way to try again", async () => {
    const send = vi.fn<Uploader>(() => ({ done: Promise.reject(new Error("文件已损坏。")), stop: () => undefined }));
    const made = uploads({ upload: send, changed: () => undefined });
    const event = new Event("drop", { cancelable: true });
    Object.assign(event, { dataTransfer: { files: [new File(["x"], "a.png", { type: "image/png" })] } });
    made.element.querySelector(".drop-zone")!.dispatchEvent(event);
    await soon();
    expect(made.element.textContent).toContain("文件已损坏");
    buttonOf(made.element, "重试").click();
    expect(send).toHaveBeenCalledTimes(2);
  });
});
