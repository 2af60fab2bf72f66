/** What a text filter found, for the map. */

import { describe, expect, it, vi, type Mock } from "vitest";
import type { Api } from "../src/api";
import { foundByText } from "../src/found";
import { NO_FILTERS } from "../src/state";
import type { Bbox, ParcelPage } from "../src/types";

const BOX: Bbox = [120, 29, 120.1, 29.1];
const items = (from: number, count: number): ParcelPage["items"] =>
  Array.from({ length: count }, (_, at) => ({ code: `P${from + at}`, area_mu: 1, bbox: BOX }));
const page = (total: number, at: number, shown: ParcelPage["items"]): ParcelPage => ({ total, area_mu: 1, page: at, items: shown });
const asked = { filters: { ...NO_FILTERS, q: "甲路" }, year: 2025, inView: false };
const { signal } = new AbortController();

function server(total: number): { parcels: Mock<Api["parcels"]> } {
  const parcels = vi.fn<Api["parcels"]>(async ({ page: at = 1, pageSize = 50 }) =>
    page(total, at, items((at - 1) * pageSize, Math.min(pageSize, total - (at - 1) * pageSize))),
  );
  return { parcels };
}

describe("what a text filter found", () => {
  it("is nothing without a text", async () => {
    expect(await foundByText(server(0), { ...asked, filters: NO_FILTERS }, page(3, 1, items(0, 3)), signal)).toBeNull();
  });

  it("is what the list holds, when it holds all: nobody is asked again, and none found is none shown", async () => {
    const api = server(3);
    expect((await foundByText(api, asked, page(3, 1, items(0, 3)), signal))?.codes.size).toBe(3);
    expect((await foundByText(api, asked, page(0, 1, []), signal))?.codes.size).toBe(0);
    expect(api.parcels).not.toHaveBeenCalled();
  });

  it("is asked for page by page when the list holds a part, or only those in view", async () => {
    const api = server(1200);
    expect((await foundByText(api, asked, page(1200, 1, items(0, 50)), signal))?.places).toHaveLength(1200);
    expect(api.parcels).toHaveBeenCalledTimes(3);
    expect((await foundByText(server(60), { ...asked, inView: true }, page(2, 1, items(0, 2)), signal))?.codes.size).toBe(60);
  });

  it("is left alone when it would be too much for a map", async () => {
    const api = server(2001);
    expect(await foundByText(api, asked, page(2001, 1, items(0, 50)), signal)).toBeNull();
    expect(api.parcels).toHaveBeenCalledTimes(1);
  });
});
