/** The words on the screen: none is left over, and both languages fill the same blanks. */

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { t } from "../src/i18n";
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
