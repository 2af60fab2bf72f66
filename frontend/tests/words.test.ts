/** The words on the screen: none is left over, and both languages fill the same blanks. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { hear, said, t } from "../src/i18n";
import { en } from "../src/words/en";
import { zh, type Key } from "../src/words/zh";

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.startsWith("words"))
  .map((name) => readFileSync(`src/${name}`, "utf8"))
  .join("\n");

it("uses every word", () => {
  const composed = [...sources.matchAll(/`([\w.]+\.)\$\{/g)].map((match) => match[1] ?? "");
  const unused = Object.keys(zh).filter(
    (key) => !sources.includes(`"${key}"`) && !composed.some((beginning) => key.startsWith(beginning)),
  );
  expect(unused).toEqual([]);
});

it("leaves the same blanks in both languages", () => {
  const blanks = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const key of Object.keys(zh) as Key[]) expect(blanks(en[key]), key).toEqual(blanks(zh[key]));
});

it("fills a blank and leaves an unknown one standing", () => {
  expect(t("list.summary", { n: 3, mu: "1.00" })).toBe("3 宗，1.00 亩");
  expect(t("list.summary", { n: 3 })).toContain("{mu}");
});

it("calls the rules' words as the server says that this language does, and others as they are", () => {
  hear(undefined);
  expect(said("示意用地")).toBe("示意用地");
  hear({ 示意用地: "Demo land" });
  expect(said("示意用地")).toBe("Demo land");
  expect(said("示意镇")).toBe("示意镇");
  expect(said(null)).toBeNull();
  expect(said(undefined)).toBeUndefined();
});
