/**
 * One filter, several readers: the API's query, the features of a tile, the question “is anything filtered?”.
 * Refuses to guess: a feature that lacks the property a filter asks for is left to the server's answer.
 */

import { NO_FILTERS, type Filters } from "./state";
import { same } from "./store";
import { taxClassRange, type TaxClasses } from "./themes";

/** What a tile's feature may carry; grouped features (small scales) have no code, town or exact figure. */
export interface TileProperties {
  code?: string;
  area_mu?: number;
  tax_per_mu?: number | null;
  tax_class?: number;
  finding?: string;
  land_class_code?: string;
  town_code?: string;
  n?: number;
}

export function isFiltered(filters: Filters): boolean {
  return !same(filters, NO_FILTERS);
}

/** The API's query parameters; empty ones are left out. */
export function filterQuery(filters: Filters): Record<string, string> {
  const query: Record<string, string> = {};
  if (filters.q) query["q"] = filters.q;
  if (filters.town) query["town"] = filters.town;
  if (filters.finding) query["finding"] = filters.finding;
  if (filters.landClass) query["land_class"] = filters.landClass;
  if (filters.minTax !== null) query["min_tax_per_mu"] = String(filters.minTax);
  if (filters.maxTax !== null) query["max_tax_per_mu"] = String(filters.maxTax);
  return query;
}

/**
 * Whether a tile's feature stays bright. `codes` are the parcels that the server found for a text, or null when
 * there is no text or too many were found to tell them apart on a map.
 */
export function matches(
  feature: TileProperties,
  filters: Filters,
  classes: TaxClasses,
  codes: ReadonlySet<string> | null,
): boolean {
  if (filters.finding && (feature.finding || "") !== filters.finding) return false;
  if (filters.landClass && feature.land_class_code !== filters.landClass) return false;
  if (filters.town && feature.town_code !== undefined && feature.town_code !== filters.town) return false;
  if (!withinTax(feature, filters, classes)) return false;
  // A group has no codes to look up: it fades, and what was found is marked by itself.
  return !codes || (feature.code !== undefined && codes.has(feature.code));
}

/** The lower bound is inclusive and the upper exclusive, as the classes of the legend are. */
function withinTax(feature: TileProperties, filters: Filters, classes: TaxClasses): boolean {
  if (filters.minTax === null && filters.maxTax === null) return true;
  const low = filters.minTax ?? -Infinity;
  const high = filters.maxTax ?? Infinity;
  if (typeof feature.tax_per_mu === "number") return feature.tax_per_mu >= low && feature.tax_per_mu < high;
  if (feature.tax_class === undefined || feature.tax_class < 0) return false;
  const [from, to] = taxClassRange(feature.tax_class, classes);
  return from < high && to > low;
}
