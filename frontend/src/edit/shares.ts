/** Shares of a right as officers write them: 50 %, 1/3, 0.25. Refuses a share of nothing or of more than the whole. */

/** As the register's column keeps it. */
const KEPT_DIGITS = 8;

/** The part of 1, or undefined for what isn't a share. A bare number is a percentage, as the column's head says. */
export function readShare(text: string): number | undefined {
  const plain = text.normalize("NFKC").replace(/\s/g, "");
  const ratio = /^(\d+)\/(\d+)$/.exec(plain);
  const percent = /^(\d+(?:\.\d+)?)%?$/.exec(plain);
  const value = ratio ? Number(ratio[1]) / Number(ratio[2]) : percent ? Number(percent[1]) / 100 : NaN;
  return value > 0 && value <= 1 ? Number(value.toFixed(KEPT_DIGITS)) : undefined;
}

/** As it's typed again: a share that is a small fraction keeps its form, since 33.33 % thrice isn't the whole. */
export function shareText(share: number): string {
  for (let parts = 3; parts <= 12; parts += 1) {
    const pieces = Math.round(share * parts);
    const exact = Number((pieces / parts).toFixed(KEPT_DIGITS)) === Number(share.toFixed(KEPT_DIGITS));
    if (exact && Number((share * 100).toFixed(4)) !== Number((share * 100).toFixed(2))) return `${pieces}/${parts}`;
  }
  return String(Number((share * 100).toFixed(6)));
}

/** Whether the shares make the whole; thirds kept with eight digits do. */
export function sharesWhole(shares: readonly number[]): boolean {
  return Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) <= shares.length * 0.5 * 10 ** -KEPT_DIGITS + 1e-9;
}
