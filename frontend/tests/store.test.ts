/** The store tells its watchers about changes of value, and about nothing else. */

import { describe, expect, it, vi } from "vitest";
import { createStore, same } from "../src/store";

describe("the store", () => {
  it("tells the next and the previous state", () => {
    const store = createStore({ a: 1, b: "x" });
    const heard = vi.fn();
    store.subscribe(heard);
    store.set({ a: 2 });
    expect(heard).toHaveBeenCalledWith({ a: 2, b: "x" }, { a: 1, b: "x" });
  });

  it("stays quiet when the values are the same", () => {
    const store = createStore({ list: [1, 2], more: { q: "" } });
    const heard = vi.fn();
    store.subscribe(heard);
    store.set({ list: [1, 2], more: { q: "" } });
    expect(heard).not.toHaveBeenCalled();
  });

  it("calls a watcher at the start and then only when its part changes", () => {
    const store = createStore({ a: 1, b: 1 });
    const heard = vi.fn();
    const stop = store.watch((state) => state.a, heard);
    store.set({ b: 2 });
    store.set({ a: 5 });
    stop();
    store.set({ a: 6 });
    expect(heard.mock.calls).toEqual([[1], [5]]);
  });
});

it("compares values, not references", () => {
  expect(same({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toBe(true);
  expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(same([], null)).toBe(false);
});
