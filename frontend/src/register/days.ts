/** Days as whole numbers, so that a slider can hold them; ISO text in and out. Refuses the clock: a day has no hours and no zone. */

const DAY_MS = 86_400_000;

/** Days since 1970-01-01; NaN for what isn't a calendar day. */
export function dayNumber(iso: string): number {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!parts) return NaN;
  const number = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])) / DAY_MS;
  return isoDay(number) === iso ? number : NaN;
}

export function isoDay(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** The office's day, not the meridian's. */
export function today(now: Date = new Date()): string {
  return isoDay(Math.floor(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY_MS));
}

/** The next event day after `on`, or before it; null where there is none. `days` are sorted. */
export function nextDay(days: readonly string[], on: string, forward: boolean): string | null {
  if (forward) return days.find((day) => day > on) ?? null;
  return days.filter((day) => day < on).at(-1) ?? null;
}
