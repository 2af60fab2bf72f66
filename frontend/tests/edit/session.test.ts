/** The draft: steps at once, judged by the server behind; undo and redo to any depth; conflicts; what a crash leaves. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { ConflictError, OperationError, RulesError } from "../../src/edit/api";
import { draftsLeft, draftStore, readDraft } from "../../src/edit/draft-store";
import { markDrafts } from "../../src/edit/ui/draft-mark";
import { joined, without } from "../../src/edit/operations";
import type { Conflict, Finding, Operation, WorkingParcel } from "../../src/edit/types";
import { answer, at, block, fixture, square, working, type Fixture } from "./cast";

const move = (from: [number, number], to: [number, number], parcels: string[] | null = null): Operation => ({
  kind: "move_vertices",
  moves: [{ from: at(...from), to: at(...to) }],
  parcels,
});
const split: Operation = { kind: "split", parcel: "A1", lines: [[at(-10, 50), at(110, 50)]] };
const halves: WorkingParcel[] = [
  working("A1", square(0, 0), { state: "ended" }),
  working("#1.1", square(0, 0, 50), { sources: ["A1"], code: "A1-1" }),
  working("#1.2", square(50, 0, 50), { sources: ["A1"], code: "A1-2" }),
];

function conflictOn(parcel: string, version = 2): Conflict {
  return {
    parcel,
    yours: 1,
    current: { version, in_force: true, geometry: square(0, 0), values: {}, planar_area_m2: 1, by: "李强", at: "", reason: "", kind: "" },
    base: null,
  };
}

let made: Fixture;
beforeEach(async () => {
  made = await fixture();
});

const states = (): Record<string, string> =>
  Object.fromEntries(made.session.store.get().parcels.map(({ key, state }) => [key, state]));

describe("steps in the browser", () => {
  it("moves a shared vertex in all parcels that have it, at once", async () => {
    await made.session.apply(move([100, 100], [105, 103]));
    expect(states()).toEqual({ A1: "changed", B1: "changed", A2: "changed", B2: "changed" });
    for (const key of ["A1", "B1", "A2", "B2"]) expect(JSON.stringify(made.session.shapeOf(key))).toContain(JSON.stringify(at(105, 103)));
    expect(made.preview).not.toHaveBeenCalled();
  });

  it("moves only the parcel that is named", async () => {
    await made.session.apply(move([100, 100], [95, 95], ["A1"]));
    expect(states()).toEqual({ A1: "changed" });
  });

  it("says why a step can't be done and keeps the draft as it was", async () => {
    expect(await made.session.apply(move([7, 7], [8, 8]))).toBe(false);
    expect(made.session.store.get().error).not.toBe("");
    expect(made.session.store.get().operations).toEqual([]);
  });

  it("undoes and redoes to any depth, to the same bytes", async () => {
    const seen = [JSON.stringify(made.session.store.get().parcels)];
    for (let n = 1; n <= 12; n += 1) {
      await made.session.apply(move([100 + n - 1, 100], [100 + n, 100]));
      seen.push(JSON.stringify(made.session.store.get().parcels));
    }
    for (let n = 11; n >= 0; n -= 1) {
      made.session.undo();
      expect(JSON.stringify(made.session.store.get().parcels)).toBe(seen[n]);
    }
    expect(made.session.store.get().canUndo).toBe(false);
    made.session.goTo(12);
    expect(JSON.stringify(made.session.store.get().parcels)).toBe(seen[12]);
    made.session.undo();
    await made.session.apply({ kind: "retire", parcel: "C3" });
    expect(made.session.store.get().canRedo).toBe(false);
    expect(made.session.store.get().operations).toHaveLength(12);
  });

  it("joins nudges of one vertex into one step, and forms of one parcel", async () => {
    await made.session.apply(move([100, 100], [100, 101]), "nudge");
    await made.session.apply(move([100, 101], [100, 102]), "nudge");
    expect(made.session.store.get().operations).toEqual([move([100, 100], [100, 102])]);
    await made.session.setValues("A1", { location: "乙路" });
    await made.session.setValues("A1", { note: "注" });
    expect(made.session.store.get().operations).toHaveLength(2);
    expect(made.session.valuesOf("A1")).toMatchObject({ location: "乙路", note: "注", code: "A1" });
  });

  it("brings back the parcel that was in hand", async () => {
    made.session.setActive("A1");
    made.preview.mockResolvedValueOnce(answer(halves));
    await made.session.apply(split);
    made.session.setActive("#1.2");
    made.session.undo();
    expect(made.session.store.get().active).toBe("A1");
    made.session.redo();
    expect(made.session.store.get().active).toBe("#1.2");
  });
});

describe("steps of the server", () => {
  it("splits only when the server has answered, and then from its answer", async () => {
    made.preview.mockResolvedValueOnce(answer(halves));
    expect(await made.session.apply(split)).toBe(true);
    expect(made.session.shapeOf("A1")).toBeNull();
    expect(made.session.scene.ghosts().map(({ code }) => code)).toEqual(["A1"]);
    expect(made.session.store.get().canSave).toBe(true);
    expect(made.preview.mock.calls[0]?.[0].versions).toEqual({ A1: 1 });
  });

  it("drops a split that the server refuses and says its words", async () => {
    made.preview.mockRejectedValueOnce(new OperationError("分割线没有分开宗地", "split_nothing", 1, "lines", ""));
    expect(await made.session.apply(split)).toBe(false);
    expect(made.session.store.get()).toMatchObject({ error: "分割线没有分开宗地", operations: [], dirty: false });
  });

  it("works on what a split made, and sends every version that it stands on", async () => {
    made.preview.mockResolvedValueOnce(answer(halves));
    await made.session.apply(split);
    await made.session.apply(move([50, 50], [50, 52]));
    expect(states()).toMatchObject({ A1: "ended", "#1.1": "new" });
    await made.session.apply(move([100, 100], [101, 101]));
    expect(made.session.changeSet({ reason: "分宗" })).toMatchObject({
      reason: "分宗",
      versions: { A1: 1, B1: 1, A2: 1, B2: 1 },
    });
  });

  it("takes back a step that looked well here but not there", async () => {
    await made.session.apply(move([100, 100], [105, 105]));
    made.preview.mockResolvedValueOnce(answer(made.session.store.get().parcels as WorkingParcel[]));
    await made.session.check();
    await made.session.apply({ kind: "retire", parcel: "C3" });
    made.preview.mockRejectedValueOnce(new OperationError("不能注销", "tied", 2, "", ""));
    await made.session.check();
    expect(made.session.store.get().operations).toHaveLength(1);
    expect(made.session.store.get().error).toBe("不能注销");
  });

  it("gives an older question up when a newer step comes", async () => {
    vi.useFakeTimers();
    const quick = await fixture(block(), 50);
    const signals: AbortSignal[] = [];
    quick.preview.mockImplementation((_, signal) => new Promise(() => signals.push(signal!)));
    await quick.session.apply(move([100, 100], [101, 100]));
    await vi.advanceTimersByTimeAsync(60);
    await quick.session.apply(move([101, 100], [102, 100]));
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    await vi.advanceTimersByTimeAsync(60);
    expect(quick.preview).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
  });

  it("lets a step wait for the one before it on the server", async () => {
    let done: () => void = () => undefined;
    made.preview.mockImplementationOnce(() => new Promise((resolve) => (done = () => resolve(answer(halves)))));
    const first = made.session.apply(split);
    const second = made.session.apply({ kind: "retire", parcel: "C3" });
    done();
    expect(await first).toBe(true);
    expect(await second).toBe(true);
    expect(made.session.store.get().operations.map(({ kind }) => kind)).toEqual(["split", "retire"]);
  });
});

describe("saving", () => {
  const error = { rule: "overlap", severity: "error" } as Finding;

  it("empties the draft after a save and tells who listens", async () => {
    const heard = vi.fn();
    made.session.onSaved(heard);
    await made.session.apply({ kind: "retire", parcel: "C3" });
    await made.session.save({ reason: "退出" });
    expect(made.save.mock.calls[0]?.[0]).toMatchObject({ reason: "退出", versions: { C3: 1 }, facts: "default" });
    expect(heard).toHaveBeenCalledOnce();
    expect(made.session.store.get()).toMatchObject({ dirty: false, operations: [], busy: "" });
  });

  it("keeps the draft when rules are broken", async () => {
    await made.session.apply({ kind: "retire", parcel: "C3" });
    made.save.mockRejectedValueOnce(new RulesError("有错误", [error]));
    await expect(made.session.save({ reason: "x" })).rejects.toBeInstanceOf(RulesError);
    expect(made.session.store.get()).toMatchObject({ dirty: true, error: "有错误", busy: "" });
  });

  it("keeps the draft in a conflict; “theirs” drops what was done to that parcel only", async () => {
    await made.session.apply(move([0, 0], [1, 1]));
    await made.session.apply({ kind: "retire", parcel: "C3" });
    made.save.mockRejectedValueOnce(new ConflictError("已被更改", [conflictOn("A1")]));
    await expect(made.session.save({ reason: "x" })).rejects.toBeInstanceOf(ConflictError);
    expect(made.session.store.get().conflicts).toHaveLength(1);
    made.preview.mockResolvedValueOnce(answer([working("C3", square(200, 200), { state: "ended" })]));
    await made.session.settle(new Map([["A1", "theirs"]]));
    expect(made.session.store.get().operations).toEqual([{ kind: "retire", parcel: "C3" }]);
    expect(made.session.store.get().conflicts).toEqual([]);
  });

  it("“mine” stands on the new version, as a plain shape where the steps no longer fit", async () => {
    await made.session.apply(move([0, 0], [1, 1]));
    const mine = made.session.shapeOf("A1");
    made.save.mockRejectedValueOnce(new ConflictError("已被更改", [conflictOn("A1", 5)]));
    await made.session.save({ reason: "x" }).catch(() => undefined);
    made.preview.mockRejectedValueOnce(new OperationError("没有这个界址点", "no_vertex", 1, "", ""));
    made.preview.mockResolvedValueOnce(answer([working("A1", mine!, { version: 5 })]));
    await made.session.settle(new Map([["A1", "mine"]]));
    expect(made.preview.mock.calls.at(-1)?.[0]).toMatchObject({
      operations: [{ kind: "reshape", parcel: "A1", geometry: mine }],
      versions: { A1: 5 },
    });
  });
});

describe("the list of operations", () => {
  it("takes out a step with its descendants and renumbers the rest", () => {
    const list: Operation[] = [
      split,
      { kind: "split", parcel: "B1", lines: [] },
      { kind: "merge", parcels: ["#1.1", "C1"] },
      { kind: "merge", parcels: ["#2.1", "C2"] },
      { kind: "retire", parcel: "#4.1" },
    ];
    expect(without(list, new Set([0]))).toEqual([
      { kind: "split", parcel: "B1", lines: [] },
      { kind: "merge", parcels: ["#1.1", "C2"] },
      { kind: "retire", parcel: "#2.1" },
    ]);
  });

  it("joins only what follows on", () => {
    expect(joined(move([0, 0], [1, 1]), move([5, 5], [6, 6]))).toBeNull();
    expect(joined(move([0, 0], [1, 1]), split)).toBeNull();
  });
});

describe("the draft on this machine", () => {
  beforeEach(() => localStorage.clear());

  it("survives a crash, with its changes in words", async () => {
    const drafts = draftStore("330782", "王明");
    await made.session.apply(move([100, 100], [101, 101]));
    expect(drafts.write(made.session.draft(), ["移动 1 个界址点"], null)).toBe(true);
    drafts.close();
    const [left] = await draftStore("330782", "王明").left();
    expect(left).toMatchObject({ changes: ["移动 1 个界址点"], cursor: 1, versions: { A1: 1, B1: 1, A2: 1, B2: 1 } });
    const other = await fixture();
    other.preview.mockResolvedValueOnce(answer(made.session.store.get().parcels as WorkingParcel[]));
    await other.session.restore(left!);
    expect(other.session.store.get()).toMatchObject({ dirty: true, cursor: 1, checked: true });
    expect(other.session.changeSet().operations).toEqual(made.session.changeSet().operations);
  });

  it("is told of on the button before anybody edits, and no longer when it is gone", async () => {
    draftStore("330782", "王明").write({ ...made.session.draft(), operations: [split], cursor: 1 }, ["分割"], null);
    const button = document.createElement("button");
    markDrafts(button, await draftsLeft("330782", "王明"));
    expect(button.querySelector(".draft-mark")?.textContent).toBe("草稿");
    expect(button.title).toContain("1 处修改没有保存");
    markDrafts(button, await draftsLeft("330782", "李强"));
    expect(button.querySelector(".draft-mark")).toBeNull();
  });

  it("belongs to one person and one county", async () => {
    draftStore("330782", "王明").write({ ...made.session.draft(), operations: [split], cursor: 1 }, [], null);
    expect(await draftStore("330782", "李强").left()).toEqual([]);
    expect(await draftStore("330783", "王明").left()).toEqual([]);
  });

  it("goes when nothing is left to keep, and a broken one is none", () => {
    const drafts = draftStore("330782", "王明");
    drafts.write({ ...made.session.draft(), operations: [split], cursor: 1 }, [], null);
    expect(localStorage.length).toBe(1);
    drafts.write(made.session.draft(), [], null);
    expect(localStorage.length).toBe(0);
    expect(readDraft("{")).toBeNull();
    expect(readDraft('{"operations":[]}')).toBeNull();
  });

  it("says when the browser refuses to keep it", () => {
    const full = { setItem: () => { throw new DOMException("", "QuotaExceededError"); } } as unknown as Storage;
    expect(draftStore("330782", "王明", full).write({ ...made.session.draft(), operations: [split], cursor: 1 }, [], null)).toBe(false);
  });
});

it("sends a restored draft with the versions it was made on, so that others' changes come to light", async () => {
  await made.session.apply(move([100, 100], [101, 101]));
  const draft = made.session.draft();
  const other = await fixture();
  other.preview.mockRejectedValueOnce(new ConflictError("已被更改", [conflictOn("A1")]));
  await other.session.restore(draft);
  expect(other.preview.mock.calls[0]?.[0].versions).toEqual({ A1: 1, B1: 1, A2: 1, B2: 1 });
  expect(other.session.store.get()).toMatchObject({ canSave: false, dirty: true });
  expect(other.session.store.get().conflicts).toHaveLength(1);
});
