/**
 * Every word on the workspace's screen, Chinese first, English second, by the page's language.
 * Names and sentences of the rules come with the server's answers, and with them what they are called here.
 * Refuses a key that a language lacks: the compiler checks both tables.
 */

import { en } from "./words/en";
import { zh, type Key } from "./words/zh";

export type { Key };

const spoken = document.documentElement.lang.toLowerCase();
const table: Record<Key, string> = spoken.startsWith("en") ? en : zh;

const heard = new Map<string, string>();

/** What the rules' words in an answer are called in the page's language; nothing where that is Chinese. */
export function hear(words: Record<string, string> | undefined): void {
  for (const [word, told] of Object.entries(words ?? {})) heard.set(word, told);
}

/** A name or sentence of the rules as the page's language has it; what isn't known stays as it is. */
export function said(text: string): string;
export function said(text: string | null | undefined): string | null | undefined;
export function said(text: string | null | undefined): string | null | undefined {
  return text ? (heard.get(text) ?? text) : text;
}

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return table[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
