/** Lengths, angles and areas beside the cursor, as surveyors write them. Refuses an area that isn't planar in the survey CRS. */

import { number } from "../format";
import { t } from "../i18n";
import { toMu } from "./geometry";

export const areaWords = (area_m2: number): string =>
  t("edit.figure.area", { mu: number(toMu(area_m2), 3), m2: number(area_m2, 2) });

export const edgeWords = (length_m: number, bearing_deg: number): string =>
  t("edit.figure.edge", { length: number(length_m, 3), angle: number(bearing_deg, 2) });

export const lengthWords = (length_m: number): string => t("edit.figure.length", { length: number(length_m, 3) });

/** How much an area grew or shrank in hand. */
export const changeWords = (by_m2: number): string =>
  t("edit.figure.change", { m2: `${by_m2 < 0 ? "−" : "+"}${number(Math.abs(by_m2), 2)}` });
