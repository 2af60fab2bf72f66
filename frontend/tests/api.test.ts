/** The API client: queries, the CSRF cookie, and failures that keep their status and the server's words. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { api, ApiError, cookie, parcelQuery } from "../src/api";
import { tidyQuery } from "../src/ui/search";

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

describe("queries", () => {
  it("writes the box and the page", () => {
    const text = parcelQuery({ filters: { town: "330782003" }, year: 2023, bbox: [120, 29, 120.5, 29.5], page: 2 });
    const query = new URLSearchParams(text);
    expect(query.get("bbox")).toBe("120.000000,29.000000,120.500000,29.500000");
    expect(query.get("page")).toBe("2");
    expect(query.get("town")).toBe("330782003");
  });

  it("reads a code with its printed spaces, and leaves words alone", () => {
    expect(tidyQuery("330782 003015 gb00223")).toBe("330782003015GB00223");
    expect(tidyQuery(" 义乌 华联 ")).toBe("义乌 华联");
  });
});

describe("requests", () => {
  it("sends the CSRF token with a polygon", async () => {
    document.cookie = "csrftoken=abc%3D; path=/";
    const fetch = answer(200, { land_mu: 1, parcels: 1, indicators: [] });
    await api.polygon({ type: "Polygon", coordinates: [] }, 2023);
    const [path, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    expect(path).toBe("/api/indicators/polygon");
    expect((init.headers as Record<string, string>)["X-CSRFToken"]).toBe("abc=");
    expect(JSON.parse(String(init.body))).toEqual({ geometry: { type: "Polygon", coordinates: [] }, year: 2023 });
  });

  it("keeps the server's words when it refuses", async () => {
    answer(422, { code: "geometry_invalid", message: "图形自相交。", remedy: "请重新绘制。" });
    await expect(api.parcel("A", null)).rejects.toMatchObject({ status: 422, message: "图形自相交。请重新绘制。" });
  });

  it("says that no answer came, without the browser's own words", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    const error = await api.workspace(null).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 0, message: "暂时连不上服务器" });
  });
});

it("finds a cookie by its whole name", () => {
  expect(cookie("csrftoken", "xcsrftoken=no; csrftoken=yes")).toBe("yes");
  expect(cookie("csrftoken", "other=1")).toBe("");
});

it("leaves for the log-in once, however many answers say that the session has ended, and again when it is brought back", async () => {
  answer(401, {});
  const assign = vi.fn();
  vi.stubGlobal("location", { pathname: "/", search: "?town=1", assign });
  const asked = (): Promise<unknown> => api.polygon({ type: "Polygon", coordinates: [] }, 2023).catch(() => null);
  await Promise.all([asked(), asked()]);
  expect(assign.mock.calls).toEqual([["/login/?next=%2F%3Ftown%3D1"]]);
  dispatchEvent(new Event("pageshow"));
  await asked();
  expect(assign).toHaveBeenCalledTimes(2);
});
