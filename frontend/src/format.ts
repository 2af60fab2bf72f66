/**
 * Numbers, dates and codes as officers read them: fixed digits, a thin grouping, “—” for what is missing.
 * Refuses to turn a missing figure into 0.
 */

import type { Figure } from "./types";

export const MISSING = "—";

/** The number behind a figure, or null when there is none. */
export function toNumber(figure: Figure): number | null {
  if (figure === null || figure === undefined || figure === "") return null;
  const value = typeof figure === "number" ? figure : Number(figure);
  return Number.isFinite(value) ? value : null;
}

/** Rounds half up in decimal, as the register does: 2.675 is 2.68 although the double lies below it. */
function fixed(value: number, digits: number): string {
  const shifted = Number(`${Math.abs(value).toPrecision(15)}e${digits}`);
  const rounded = Number.isFinite(shifted) ? Number(`${Math.round(shifted)}e-${digits}`) : Math.abs(value);
  const text = rounded.toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `-${text}` : text;
}

export function number(figure: Figure, digits = 2): string {
  const value = toNumber(figure);
  if (value === null) return MISSING;
  const [whole = "", part] = fixed(value, digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

export const count = (figure: Figure): string => number(figure, 0);
export const mu = (figure: Figure): string => number(figure, 2);
export const squareMetres = (figure: Figure): string => number(figure, 2);
export const perMu = (figure: Figure): string => number(figure, 2);

/** A share of 1 as a percentage. */
export function percent(share: Figure, digits = 2): string {
  const value = toNumber(share);
  return value === null ? MISSING : `${number(value * 100, digits)} %`;
}

export function signed(figure: Figure, digits = 2): string {
  const text = number(figure, digits);
  const value = toNumber(figure);
  if (value === null || !/[1-9]/.test(text)) return text;
  return value > 0 ? `+${text}` : text.replace("-", "−");
}

/** ISO dates stay ISO: they sort, and they read the same in every office. */
export function date(text: string | null | undefined): string {
  return text ? text.slice(0, 10) : MISSING;
}

/** 宗地代码 in its printed groups 6-6-7 (and 9 for a unit code); any other code as it is. */
export function parcelCode(code: string): string {
  const parts = /^(\d{6})(\d{6})([A-Z]{2}\d{5})([A-Z]\d{8})?$/.exec(code);
  return parts ? parts.slice(1).filter(Boolean).join(" ") : code;
}

/** The end of a code, enough to tell neighbours apart on the map: GB00012. */
export function shortCode(code: string): string {
  return /[A-Z]{2}\d{5}$/.exec(code)?.[0] ?? code;
}

export function lonLat(lon: number, lat: number): string {
  const east = `${Math.abs(lon).toFixed(6)}°${lon < 0 ? "W" : "E"}`;
  return `${east} ${Math.abs(lat).toFixed(6)}°${lat < 0 ? "S" : "N"}`;
}
