/** An operation as a line that an officer reads in the list of changes. Refuses coordinates: counts and areas say more. */

import { mu, shortCode } from "../format";
import { t } from "../i18n";
import { ringsArea, toMu } from "./geometry";
import { isMade, numberOf } from "./operations";
import type { Operation, ParcelKey, SurveyShape, Values } from "./types";

/** `codeOf` answers the code that a made parcel will get, or "" while it isn't known. */
export function parcelName(key: ParcelKey, codeOf: (key: ParcelKey) => string = () => ""): string {
  const code = isMade(key) ? codeOf(key) : key;
  return code ? shortCode(code) : t("edit.new_parcel", { n: numberOf(key), k: key.split(".")[1] ?? "1" });
}

export function operationWords(operation: Operation, codeOf: (key: ParcelKey) => string = () => ""): string {
  const name = (key: ParcelKey): string => parcelName(key, codeOf);
  switch (operation.kind) {
    case "draw":
      return t("edit.did.draw", { mu: mu(areaMu(operation.geometry)) });
    case "reshape":
      return t("edit.did.reshape", { parcel: name(operation.parcel), mu: mu(areaMu(operation.geometry)) });
    case "move_vertices":
      return t("edit.did.move", { n: operation.moves.length });
    case "insert_vertex":
      return t("edit.did.insert");
    case "delete_vertex":
      return t("edit.did.delete");
    case "split":
      return t("edit.did.split", { parcel: name(operation.parcel), n: operation.lines.length });
    case "subdivide":
      return t("edit.did.subdivide", { parcel: name(operation.parcel), mu: mu(toMu(operation.area_m2)) });
    case "merge":
      return t("edit.did.merge", { parcels: operation.parcels.map(name).join("、"), n: operation.parcels.length });
    case "cut_hole":
      return t(operation.keep ? "edit.did.hole_kept" : "edit.did.hole", { parcel: name(operation.parcel) });
    case "adjust":
      return t(operation.what === "gap" ? "edit.did.gap" : "edit.did.overlap", { parcel: name(operation.parcel) });
    case "retire":
      return t("edit.did.retire", { parcel: name(operation.parcel) });
    case "restore":
      return t("edit.did.restore", { parcel: name(operation.parcel) });
    case "attributes":
      return t("edit.did.values", { parcel: name(operation.parcel), n: fieldCount(operation.values) });
  }
}

const areaMu = (shape: SurveyShape): number =>
  toMu(shape.coordinates.reduce((total, rings) => total + ringsArea(rings), 0));

const fieldCount = (values: Values): number => Object.keys(values).length;
