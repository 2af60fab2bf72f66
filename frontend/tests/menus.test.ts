/** The menus of the top bar: open until somebody clicks elsewhere or presses Esc. Refuses a server: the page is made here. */
import { beforeEach, describe, expect, it } from "vitest";
import { closeMenusElsewhere } from "../src/menus";

describe("menus of the top bar", () => {
  const menu = (): HTMLDetailsElement => document.querySelector("details")!;

  beforeEach(() => {
    document.body.innerHTML = `<details class="topnav-group" open><summary>闲置土地</summary><a href="#x">清单</a></details><main></main>`;
    closeMenusElsewhere(document);
  });

  it("close at a click elsewhere, not at one inside", () => {
    menu().querySelector("a")!.click();
    expect(menu().open).toBe(true);
    document.querySelector("main")!.click();
    expect(menu().open).toBe(false);
  });

  it("close at Esc and give the keyboard back to their heading", () => {
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    expect(menu().open).toBe(true);
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(menu().open).toBe(false);
  });
});
