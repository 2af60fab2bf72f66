/** The tools by what they hand to the session: rings with holes, lines, drags, nudges, and what Esc and Ctrl+Z mean in between. */

import { beforeEach, describe, expect, it, vi } from "vitest";
import { planarArea } from "../../src/edit/geometry";
import { toolKind, TOOLS } from "../../src/edit/tools";
import { acrossEdge } from "../../src/edit/tools/boundary";
import { shapeOfRings, strokes } from "../../src/edit/tools/strokes";
import { nudge, nudged } from "../../src/edit/tools/vertices";
import type { EditToolId, Pointer, Tool, ToolContext } from "../../src/edit/tools/tool";
import type { Point } from "../../src/edit/types";
import { answer, at, fixture, square, type Fixture } from "./cast";

let made: Fixture;
let context: ToolContext;
const used: EditToolId[] = [];

beforeEach(async () => {
  made = await fixture();
  used.length = 0;
  context = {
    session: made.session,
    scene: made.session.scene,
    at: (point) => made.session.scene.at(point)[0]?.key ?? "",
    redraw: () => undefined,
    say: vi.fn(),
    use: (id) => used.push(id),
    refresh: () => undefined,
  };
});

const pointer = (point: Point, more: Partial<Pointer> = {}): Pointer => ({
  pixel: [0, 0],
  raw: point,
  at: point,
  snap: null,
  shift: false,
  reach: 2,
  ...more,
});
const clicks = (tool: Tool, ...points: Point[]): void => points.forEach((point) => tool.click?.(pointer(point)));
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe("rings", () => {
  it("tells holes from parts, and an island in a hole", () => {
    const ring = (e: number, size: number): Point[] => square(e, e, size).coordinates[0]![0]!.slice(0, -1);
    const shape = shapeOfRings([ring(20, 60), ring(0, 100), ring(200, 10), ring(40, 10)]);
    expect(shape.coordinates.map((rings) => rings.length)).toEqual([2, 1, 1]);
    expect(planarArea(shape)).toBeCloseTo(10_000 - 3600 + 100 + 100, 3);
  });

  it("takes points back across a closed ring and brings them again", () => {
    const lines = strokes(3);
    [at(0, 0), at(1, 0), at(1, 1)].forEach((point) => lines.add(point));
    expect(lines.close()).toBe(true);
    lines.add(at(5, 5));
    lines.undo();
    lines.undo();
    expect(lines.open()).toHaveLength(3);
    lines.redo();
    expect([lines.done().length, lines.open().length]).toEqual([1, 0]);
    expect(lines.drop()).toBe(true);
    expect(lines.empty()).toBe(true);
    lines.undo();
    expect(lines.done()).toHaveLength(1);
  });
});

describe("drawing", () => {
  it("closes on the first point, draws a hole, and Enter makes one parcel of it", async () => {
    const tool = toolKind("draw").start(context);
    clicks(tool, at(400, 0), at(500, 0), at(500, 100), at(400, 100), at(400, 0));
    expect(tool.sketching?.()).toBe(true);
    clicks(tool, at(420, 20), at(440, 20), at(440, 40));
    tool.finish?.(false);
    await settled();
    const [operation] = made.session.store.get().operations;
    expect(operation).toMatchObject({ kind: "draw", values: {} });
    expect(made.session.store.get().parcels[0]?.planar_area_m2).toBeCloseTo(9800, 3);
    expect(made.session.store.get().active).toBe("#1.1");
    expect(used).toEqual(["pick"]);
  });

  it("sets no point that makes the ring cross itself", () => {
    const tool = toolKind("draw").start(context);
    clicks(tool, at(0, 0), at(10, 0), at(10, 10), at(5, -5));
    expect(context.say).toHaveBeenCalledOnce();
    expect(tool.from?.()).toEqual(at(10, 10));
  });

  it("takes back its own points before the draft's steps", () => {
    const tool = toolKind("draw").start(context);
    clicks(tool, at(0, 0), at(10, 0));
    expect(tool.undo?.()).toBe(true);
    expect(tool.redo?.()).toBe(true);
    expect(tool.from?.()).toEqual(at(10, 0));
    expect([tool.undo?.(), tool.undo?.(), tool.undo?.()]).toEqual([true, true, false]);
  });
});

it("splits by several lines at once", async () => {
  made.session.setActive("A1");
  made.preview.mockResolvedValueOnce(answer([]));
  const tool = toolKind("split").start(context);
  clicks(tool, at(-5, 30), at(105, 30));
  tool.finish?.(true);
  clicks(tool, at(-5, 60), at(105, 60));
  tool.finish?.(false);
  await settled();
  expect(made.preview.mock.calls[0]?.[0].operations).toEqual([
    { kind: "split", parcel: "A1", lines: [[at(-5, 30), at(105, 30)], [at(-5, 60), at(105, 60)]] },
  ]);
});

it("merges what was picked, and refuses one alone", async () => {
  const tool = toolKind("merge").start(context);
  clicks(tool, at(50, 50));
  tool.finish?.(false);
  expect(context.say).toHaveBeenCalledOnce();
  clicks(tool, at(150, 50));
  tool.finish?.(false);
  await settled();
  expect(made.preview.mock.calls[0]?.[0].operations).toEqual([{ kind: "merge", parcels: ["A1", "B1"] }]);
});

describe("subdividing", () => {
  it("reads 亩 and takes them off the side that was chosen", async () => {
    made.session.setActive("A1");
    const tool = toolKind("subdivide").start(context);
    const options = tool.options?.()!;
    options.querySelector("input")!.value = "3";
    options.querySelector<HTMLSelectElement>("#edit-subdivide-side")!.value = "south";
    tool.finish?.(false);
    await settled();
    expect(made.preview.mock.calls[0]?.[0].operations).toEqual([{ kind: "subdivide", parcel: "A1", area_m2: 2000, side: "south" }]);
  });

  it("runs along the edge that was clicked, and refuses more than there is", async () => {
    made.session.setActive("A1");
    const tool = toolKind("subdivide").start(context);
    const input = tool.options?.()!.querySelector("input")!;
    input.value = "15";
    tool.finish?.(false);
    expect(context.say).toHaveBeenCalledOnce();
    input.value = "6";
    clicks(tool, at(100.5, 50));
    tool.finish?.(false);
    await settled();
    expect(made.preview.mock.calls[0]?.[0].operations).toEqual([
      { kind: "subdivide", parcel: "A1", area_m2: 4000, edge: [at(100, 0), at(100, 100)] },
    ]);
  });
});

describe("vertices and boundaries", () => {
  it("drags a vertex with everybody who shares it, as one step", async () => {
    made.session.setActive("A1");
    const tool = toolKind("vertices").start(context);
    expect(tool.down?.(pointer(at(101, 101)))).toBe(true);
    tool.drag?.(pointer(at(104, 104)));
    tool.drag?.(pointer(at(110, 108)));
    expect(made.session.store.get().operations).toEqual([]);
    expect(tool.sketch(null).areas).toHaveLength(4);
    tool.up?.(pointer(at(110, 108)));
    await settled();
    expect(made.session.store.get().operations).toEqual([
      { kind: "move_vertices", moves: [{ from: at(100, 100), to: at(110, 108) }], parcels: null },
    ]);
  });

  it("flashes while a dragged vertex turns the ring over", () => {
    made.session.setActive("A1");
    const tool = toolKind("vertices").start(context);
    tool.down?.(pointer(at(0, 0)));
    tool.drag?.(pointer(at(150, 90)));
    expect(tool.sketch(null).areas?.[0]?.look).toBe("bad");
  });

  it("walks, nudges, inserts and deletes by keyboard", async () => {
    made.session.setActive("A1");
    const tool = toolKind("vertices").start(context);
    const key = async (name: string, more: KeyboardEventInit = {}): Promise<boolean> => {
      const mine = tool.key?.(new KeyboardEvent("keydown", { key: name, ...more })) ?? false;
      await settled();
      return mine;
    };
    expect(await key("ArrowUp")).toBe(false);
    expect(await key("Tab")).toBe(true);
    await key("ArrowLeft");
    await key("ArrowLeft", { shiftKey: true });
    expect(made.session.store.get().operations).toHaveLength(1);
    const [first] = made.session.shapeOf("A1")!.coordinates[0]![0]!;
    expect(first![0]).toBeCloseTo(at(-1.1, 0)[0], 4);
    await key("Insert");
    await key("Delete");
    expect(made.session.store.get().operations.map(({ kind }) => kind)).toEqual(["move_vertices", "insert_vertex", "delete_vertex"]);
  });

  it("leaves no dust of binary tenths", () => {
    const arrow = new KeyboardEvent("keydown", { ctrlKey: true });
    let point: Point = [506800.1, 0];
    for (let n = 0; n < 30; n += 1) point = nudged(point, [1, 0], nudge(arrow));
    expect(point[0]).toBe(506800.4);
  });

  it("moves a whole edge for both sides", async () => {
    const tool = toolKind("boundary").start(context);
    tool.down?.(pointer(at(100.5, 50)));
    tool.drag?.(pointer(at(110, 50)));
    tool.up?.(pointer(at(110, 50)));
    await settled();
    const [operation] = made.session.store.get().operations;
    expect(operation).toMatchObject({ kind: "move_vertices", parcels: null });
    expect(made.session.shapeOf("A1")).not.toBeNull();
    expect(planarArea(made.session.shapeOf("A1")!) + planarArea(made.session.shapeOf("B1")!)).toBeCloseTo(20_000, 4);
    expect(planarArea(made.session.shapeOf("A1")!)).toBeCloseTo(11_000, 3);
  });

  it("keeps only the square part of a movement", () => {
    expect(acrossEdge([3, 7], [at(0, 0), at(100, 0)])).toEqual([-0, 7]);
  });
});

it("says why a tool can't be used, and gives each its own key", () => {
  expect(toolKind("split").barred(context)).toBe("edit.bar.parcel");
  made.session.setActive("A1");
  expect(toolKind("split").barred(context)).toBeNull();
  expect(new Set(TOOLS.map(({ key }) => key)).size).toBe(TOOLS.length);
});
