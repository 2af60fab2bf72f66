/** The register's past on the screen: days, banner, timeline, retired parcels, evidence; and nothing of the past can be changed. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Api } from "../../src/api";
import { LaterChangesError, type EditApi, type RegisterDates } from "../../src/edit/api";
import { attachmentSection } from "../../src/register/attachments";
import { dateBar, type DateBar } from "../../src/register/date-bar";
import { datedApi } from "../../src/register/dated-api";
import { dayNumber, isoDay, nextDay, today } from "../../src/register/days";
import { endedNotice, endOf, formerParcel } from "../../src/register/former";
import { lineageParts, lineageSection, type LineageOptions } from "../../src/register/lineage";
import { DEFAULT_VIEW, type ViewState } from "../../src/state";
import { createStore, type Store } from "../../src/store";
import type { ParcelDetail } from "../../src/types";
import { readView } from "../../src/url";
import { api, attachment, buttonOf, CODE, event, field, lineage, soon, TODAY, type, why } from "./cast";

beforeEach(() => document.body.replaceChildren());
afterEach(() => {
  document.querySelectorAll("dialog").forEach((one) => one.close());
  vi.useRealTimers();
});

describe("days", () => {
  it("are whole numbers and back", () => {
    expect(isoDay(dayNumber("2020-02-29"))).toBe("2020-02-29");
    expect(dayNumber("2021-02-29")).toBeNaN();
    expect(dayNumber("30.6.2019")).toBeNaN();
    expect(today(new Date(2024, 5, 30, 23, 59))).toBe("2024-06-30");
  });

  it("know the next event", () => {
    const days = ["2019-01-01", "2020-01-01"];
    expect(nextDay(days, "2019-01-01", true)).toBe("2020-01-01");
    expect(nextDay(days, "2019-06-01", false)).toBe("2019-01-01");
    expect(nextDay(days, "2019-01-01", false)).toBeNull();
  });

  it("stand in the address; what is no past day is left out", () => {
    expect(readView("?on=2019-06-30").on).toBe("2019-06-30");
    for (const on of ["2019-02-31", "9999-01-01", "gestern"]) expect(readView(`?on=${on}`).on).toBe("");
  });
});

describe("the questions of a day", () => {
  it("carry it to the list and to the detail, and nothing for today", async () => {
    const parcels = vi.fn<Api["parcels"]>(() => Promise.resolve({ total: 0, area_mu: 0, page: 1, items: [] }));
    const parcel = vi.fn<Api["parcel"]>(() => Promise.reject(new Error()));
    let on = "";
    const dated = datedApi({ parcels, parcel } as unknown as Api, () => on);
    await dated.parcels({ filters: { town: "1" }, year: null });
    on = "2019-06-30";
    await dated.parcels({ filters: { town: "1" }, year: null });
    await dated.parcel(CODE, 2023).catch(() => undefined);
    expect(parcels.mock.calls.map(([query]) => query.filters)).toEqual([{ town: "1" }, { town: "1", on: "2019-06-30" }]);
    expect(parcel).toHaveBeenCalledWith(CODE, 2023, undefined, "2019-06-30");
  });
});

describe("the days under the map", () => {
  const dates: RegisterDates = {
    first: "2018-01-01",
    last: "2022-03-01",
    days: [
      { on: "2018-01-01", events: 120 },
      { on: "2019-06-30", events: 1 },
      { on: "2022-03-01", events: 4 },
    ],
  };
  const build = async (known: RegisterDates = dates): Promise<{ made: DateBar; store: Store<ViewState> }> => {
    const store = createStore<ViewState>(DEFAULT_VIEW);
    const made = dateBar({ api: api({ dates: () => Promise.resolve(known) }), store, today: TODAY, pace: 100 });
    document.body.append(made.bar, made.banner);
    made.toggle();
    await Promise.resolve();
    await Promise.resolve();
    return { made, store };
  };

  it("are shut at first and ask only when opened", () => {
    const asked = vi.fn(() => Promise.resolve(dates));
    const made = dateBar({ api: api({ dates: asked }), store: createStore<ViewState>(DEFAULT_VIEW), today: TODAY });
    expect(made.bar.hidden).toBe(true);
    expect(made.banner.hidden).toBe(true);
    expect(asked).not.toHaveBeenCalled();
  });

  it("step from event to event and say where they end", async () => {
    const { made, store } = await build();
    const [previous, next] = [buttonOf(made.bar, "上一个变更日"), buttonOf(made.bar, "已是今天")];
    expect(next.getAttribute("aria-disabled")).toBe("true");
    previous.click();
    expect(store.get().on).toBe("2022-03-01");
    expect(made.bar.textContent).toContain("4 项变更");
    previous.click();
    previous.click();
    expect(store.get().on).toBe("2018-01-01");
    expect(previous.title).toBe("之前没有变更");
    next.click();
    next.click();
    next.click();
    expect(store.get().on).toBe("");
  });

  it("show the past under a banner that leads back", async () => {
    const { made, store } = await build();
    const input = made.bar.querySelector<HTMLInputElement>("input[type=date]")!;
    type(input, "2019-06-30");
    expect(store.get().on).toBe("2019-06-30");
    expect(made.banner.hidden).toBe(false);
    expect(made.banner.textContent).toContain("正在显示 2019-06-30 的登记状态");
    buttonOf(made.banner, "回到今天").click();
    expect(store.get().on).toBe("");
    expect(made.banner.hidden).toBe(true);
  });

  it("slide, once the hand rests", async () => {
    vi.useFakeTimers();
    const { made, store } = await build();
    const slider = made.bar.querySelector<HTMLInputElement>("input[type=range]")!;
    slider.value = String(dayNumber("2019-06-30"));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    expect(store.get().on).toBe("");
    expect(made.bar.querySelector<HTMLInputElement>("input[type=date]")!.value).toBe("2019-06-30");
    await vi.advanceTimersByTimeAsync(200);
    expect(store.get().on).toBe("2019-06-30");
    expect(slider.getAttribute("aria-valuetext")).toBe("2019-06-30");
  });

  it("play from the first day to today and stop there", async () => {
    vi.useFakeTimers();
    const { made, store } = await build();
    buttonOf(made.bar, "逐日播放").click();
    const seen = [store.get().on];
    for (let at = 0; at < 4; at += 1) {
      await vi.advanceTimersByTimeAsync(100);
      seen.push(store.get().on);
    }
    expect(seen).toEqual(["2018-01-01", "2019-06-30", "2022-03-01", "", ""]);
    expect(buttonOf(made.bar, "逐日播放")).toBeTruthy();
  });

  it("open by themselves when a link names a day, and closing them leads back to today", async () => {
    const store = createStore<ViewState>({ ...DEFAULT_VIEW, on: "2019-06-30" });
    const made = dateBar({ api: api({ dates: () => Promise.resolve(dates) }), store, today: TODAY });
    expect(made.isOpen()).toBe(true);
    await soon();
    made.toggle();
    expect(store.get().on).toBe("");
  });

  it("say so when there is no past, and try again when it can't be read", async () => {
    const { made } = await build({ first: null, last: null, days: [] });
    expect(made.bar.textContent).toContain("没有可回看的日期");
    const asked = vi.fn().mockRejectedValueOnce(new Error("暂时读不到")).mockResolvedValue(dates);
    const other = dateBar({ api: api({ dates: asked }), store: createStore<ViewState>(DEFAULT_VIEW), today: TODAY });
    other.toggle();
    await soon();
    buttonOf(other.bar, "重试").click();
    await soon();
    expect(other.bar.querySelector("input[type=range]")).not.toBeNull();
  });

  it("mark each day of change with one path", async () => {
    const { made } = await build();
    expect(made.bar.querySelector(".date-ticks path")?.getAttribute("d")?.match(/M/g)?.length).toBe(3);
  });
});

describe("沿革", () => {
  const options = (change: Partial<LineageOptions> = {}): LineageOptions => ({
    api: api(),
    open: vi.fn(),
    outline: vi.fn(),
    showDay: vi.fn(),
    mayEdit: true,
    changed: vi.fn(),
    ...change,
  });

  it("tells each event with its day, people, paper and evidence", () => {
    const given = options();
    document.body.append(...lineageParts(lineage(), given));
    const item = document.querySelector<HTMLElement>("li[data-event]")!;
    for (const part of ["2019-06-30", "分割", "王明", "分宗供地", "合同 义土合〔2019〕12 号 2019-06-20", "合同.pdf"]) {
      expect(item.textContent).toContain(part);
    }
    buttonOf(item, "2019-06-30").click();
    expect(given.showDay).toHaveBeenCalledWith("2019-06-30");
  });

  it("draws a relative while it is pointed at and opens it", () => {
    const given = options();
    document.body.append(...lineageParts(lineage(), given));
    const link = [...document.querySelectorAll<HTMLButtonElement>(".relatives button")].find((one) => one.textContent === "A")!;
    link.dispatchEvent(new Event("mouseenter"));
    expect(given.outline).toHaveBeenLastCalledWith(lineage().ancestors[0]!.geometry);
    link.dispatchEvent(new Event("blur"));
    expect(given.outline).toHaveBeenLastCalledWith(null);
    link.click();
    expect(given.open).toHaveBeenCalledWith("A");
  });

  it("lists the versions, the newest first", () => {
    const parts = lineageParts(lineage(), options());
    document.body.append(...parts);
    const rows = [...document.querySelectorAll(".versions tbody tr")];
    expect(rows.map((row) => row.textContent?.includes("今"))).toEqual([true, false]);
    expect(rows[0]?.textContent).toContain("10,020.00 ㎡");
  });

  it("strikes a reversed event and offers to take back only what may be", () => {
    document.body.append(...lineageParts(lineage({ events: [event({ reversed_by: 9 }), event({ id: 2, reversible: false })] }), options()));
    expect(document.querySelector('[data-event="1"]')?.className).toBe("is-reversed");
    expect(document.body.textContent).not.toContain("撤销此变更");
    document.body.replaceChildren(...lineageParts(lineage(), options({ mayEdit: false })));
    expect(document.body.textContent).not.toContain("撤销此变更");
  });

  it("takes a change back with a reason, and names later ones that stand on it", async () => {
    const row = { change_id: 13, on: "2020-05-01", recorded_at: "", by: "李红", reason: "", events: [{ id: 3, kind: "consolidation", title: "" }], parcels: ["C"] };
    const reverse = vi
      .fn<EditApi["reverse"]>()
      .mockRejectedValueOnce(new LaterChangesError("之后还有变更。", [row]))
      .mockResolvedValue({ change_id: 14, on: TODAY, events: [], parcels: [], findings: [] });
    const given = options({ api: api({ reverse }) });
    document.body.append(...lineageParts(lineage(), given));
    buttonOf(document, "撤销此变更").click();
    const dialog = document.querySelector("dialog")!;
    expect(dialog.textContent).toContain("恢复：A；注销：330782 003015 GB00223、B");
    const act = dialog.querySelector<HTMLButtonElement>(".dialog-foot .btn-danger")!;
    expect(why(act)).toBe("请填写变更原因");
    type(field(dialog, "reason").querySelector("textarea")!, "合同解除");
    act.click();
    await soon();
    expect(dialog.textContent).toContain("2020-05-01 李红：合并（C）");
    act.click();
    await soon();
    expect(reverse).toHaveBeenLastCalledWith(11, { reason: "合同解除" });
    expect(given.changed).toHaveBeenCalled();
  });

  it("says what failed and tries again", async () => {
    const read = vi.fn().mockRejectedValueOnce(new Error("暂时连不上")).mockResolvedValue(lineage({ events: [] }));
    const section = lineageSection(CODE, options({ api: api({ lineage: read }) }));
    await soon();
    buttonOf(section, "重试").click();
    await soon();
    expect(section.textContent).toContain("还没有变更记录");
  });
});

describe("a retired parcel", () => {
  const options: LineageOptions = { api: api(), open: vi.fn(), outline: vi.fn(), showDay: vi.fn(), mayEdit: false, changed: vi.fn() };
  const ended = lineage({
    events: [event({ parents: [CODE], children: ["B", "C"] })],
    ancestors: [],
    versions: [{ ...lineage().versions[0]!, valid_to: "2019-06-30" }],
  });

  it("says so, names its heirs and shows the day before", () => {
    const former = formerParcel(ended, "", options);
    document.body.append(...former.body);
    expect(former.title).toBe("已注销的宗地");
    expect(document.querySelector(".former")?.textContent).toContain("该宗地已注销（2019-06-30）");
    buttonOf(document.querySelector(".former")!, "C").click();
    expect(options.open).toHaveBeenCalledWith("C");
    buttonOf(document, "查看注销前的登记状态").click();
    expect(options.showDay).toHaveBeenCalledWith("2019-06-29");
    expect(former.geometry).toBe(ended.versions[0]!.geometry);
  });

  it("says so over its last state too; one in force has nothing to say", () => {
    const parcel = { code: CODE, in_force: false, valid_to: "2019-06-30", successors: ["B"] } as ParcelDetail;
    const shown = endedNotice(parcel, options)!;
    expect(shown.textContent).toContain("该宗地已注销（2019-06-30）");
    buttonOf(shown, "B").click();
    expect(options.open).toHaveBeenLastCalledWith("B");
    expect(endedNotice({ ...parcel, in_force: true }, options)).toBeNull();
  });

  it("isn't called retired when it only wasn't there on that day", () => {
    expect(formerParcel(lineage(), "2015-01-01", options).title).toBe("当日没有登记的宗地");
  });

  it("didn't end by what was taken back", () => {
    expect(endOf(lineage({ events: [event({ parents: [CODE], reversed_by: 5 })] }))).toBeNull();
  });
});

describe("attachments of a parcel", () => {
  it("open in a tab of their own; adding needs the right", async () => {
    const files = api({ attachments: () => Promise.resolve([attachment({ id: 3, thumbnail: true })]) });
    const shown = attachmentSection(CODE, { api: files, mayEdit: false });
    await soon();
    const link = shown.querySelector("a")!;
    expect([link.getAttribute("href"), link.target, link.rel]).toEqual(["/api/attachments/3", "_blank", "noopener"]);
    expect(shown.querySelector(".drop-zone")).toBeNull();
    expect(attachmentSection(CODE, { api: files, mayEdit: true }).querySelector(".drop-zone")).not.toBeNull();
  });
});
