/**
 * Every word on the workspace's screen, Chinese first, English second, by the page's language.
 * Refuses a key that a language lacks: the compiler checks both tables.
 */

import { en } from "./words/en";
import { zh, type Key } from "./words/zh";

export type { Key };

const spoken = document.documentElement.lang.toLowerCase();
const table: Record<Key, string> = spoken.startsWith("en") ? en : zh;

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return table[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
