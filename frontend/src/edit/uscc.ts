/**
 * The unified social credit code (GB 32100-2015) looked at while it is typed: length, alphabet, check digit.
 * Refuses to correct anything: it says what is wrong, the officer looks at the licence.
 */

/** Without I, O, S, V, Z; a sign's place is its value. */
const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH = 18;

export type UsccProblem = "" | "alphabet" | "organisation_code" | "business_number" | "length" | "check_digit";

export function tidyUscc(text: string): string {
  return text.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();
}

/** "" where nothing is wrong, also with nothing typed: a holder may have no code. */
export function usccProblem(text: string): UsccProblem {
  const code = tidyUscc(text);
  if (code === "") return "";
  if ([...code].some((sign) => !ALPHABET.includes(sign))) return "alphabet";
  if (code.length === 9) return "organisation_code";
  if (code.length === 15) return "business_number";
  if (code.length !== LENGTH) return "length";
  return checkDigit(code.slice(0, LENGTH - 1)) === code[LENGTH - 1] ? "" : "check_digit";
}

/** Weights are the powers of 3 modulo 31 (GB 32100, 4.5). */
export function checkDigit(first17: string): string {
  let weight = 1;
  let sum = 0;
  for (const sign of first17) {
    sum += ALPHABET.indexOf(sign) * weight;
    weight = (weight * 3) % 31;
  }
  return ALPHABET[(31 - (sum % 31)) % 31] ?? "";
}
