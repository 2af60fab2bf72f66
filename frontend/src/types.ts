/** What the server's JSON looks like. Refuses to hold behaviour: only shapes. */

import type { Geometry, MultiPolygon, Polygon } from "./geojson";

/** Finding codes of the idle-land screening, as the server names them. */
export type Finding =
  | "idle_not_started"
  | "idle_stopped"
  | "overdue"
  | "underinvested"
  | "undetermined"
  | "clear";

/** Decimals may arrive as text: they're formatted, never computed with. */
export type Figure = number | string | null | undefined;

export type Bbox = [west: number, south: number, east: number, north: number];

export interface Town {
  code: string;
  name: string;
  /** What its delivery calls a platform; a town has none. */
  type?: string;
}

export interface LandClass {
  code: string;
  name: string;
  colour?: string | null;
}

export interface CountOf {
  parcels: number;
  area_mu?: Figure;
}

export interface Workspace {
  county: {
    code: string;
    name: string;
    survey_crs: number;
    bbox: Bbox;
    boundary: Polygon | MultiPolygon | null;
    is_demo?: boolean;
  };
  actor: { name: string; roles: string[]; rights: string[]; town_codes: string[] | null };
  years: number[];
  year: number | null;
  screened_on: string | null;
  towns: Town[];
  totals: {
    parcels: number;
    area_mu: Figure;
    enterprises?: Figure;
    tax_per_mu?: Figure;
    value_added_per_mu?: Figure;
    /** The same two with formula, sums, source and rule version. */
    indicators?: Indicator[];
    idle: Partial<Record<Finding, number | CountOf>>;
  };
  land_classes: LandClass[];
  tax_per_mu_classes?: number[];
  data_version: string | number;
}

export interface ParcelItem {
  code: string;
  name?: string;
  holder?: string | null;
  town_code?: string | null;
  town_name?: string | null;
  location?: string | null;
  area_mu: Figure;
  land_class_code?: string | null;
  tax_per_mu?: Figure;
  finding?: Finding | null;
  bbox: Bbox;
}

export interface ParcelPage {
  total: number;
  area_mu: Figure;
  page: number;
  items: ParcelItem[];
}

export interface Indicator {
  indicator: string;
  title: string;
  value: Figure;
  unit: string;
  numerator?: Figure;
  denominator?: Figure;
  numerator_title?: string | null;
  denominator_title?: string | null;
  numerator_unit?: string | null;
  denominator_unit?: string | null;
  formula?: string | null;
  year?: number | null;
  as_of?: string | null;
  source?: string | null;
  rule_version?: string | null;
  /** Reasons, in words: why there is no value, or what an existing one leaves out. */
  missing?: string[];
  /** True when the figures exist but may not be shown to this person. */
  restricted?: boolean;
}

export interface Phase {
  phase_no: number;
  agreed_delivery?: string | null;
  agreed_start?: string | null;
  agreed_completion?: string | null;
  actual_delivery?: string | null;
  actual_start?: string | null;
  actual_completion?: string | null;
  total_investment_wan?: Figure;
}

export interface Contract {
  contract_no?: string;
  supervision_no?: string;
  signed_on?: string | null;
  land_use?: string;
  price_wan?: Figure;
  phases: Phase[];
}

export interface IdleVerdict {
  finding: Finding;
  title: string;
  article?: string | null;
  agreed_start?: string | null;
  full_year_on?: string | null;
  gross_idle_days?: number | null;
  missing: string[];
  steps: string[];
  on: string;
  rule_version: string;
}

export interface ParcelDetail {
  code: string;
  name?: string;
  location?: string | null;
  tenure?: string | null;
  real_estate_unit_code?: string | null;
  geometry: Geometry | null;
  areas: {
    registered_area_m2?: Figure;
    planar_area_m2: Figure;
    ellipsoidal_area_m2: Figure;
    area_mu: Figure;
    difference_m2?: Figure;
    tolerance_m2?: Figure;
    within_tolerance?: boolean | null;
    survey_crs?: number;
  };
  holders: { name: string; kind: string; uscc?: string; share?: Figure }[];
  land_class?: { code: string; name: string; set?: string } | null;
  town?: Town | null;
  control_line_share?: Figure;
  registered_on?: string | null;
  /** Of the state that is shown. */
  valid_from?: string | null;
  valid_to?: string | null;
  /** False: the parcel had ended by the day shown, and this is its last state. */
  in_force?: boolean;
  successors?: string[];
  source?: string | null;
  occupants: { enterprise: string; uscc?: string; role: string; lessor?: string | null; area_m2?: Figure; area_mu?: Figure }[];
  contracts: Contract[];
  indicators: Indicator[];
  idle: IdleVerdict | null;
}

export interface PolygonResult {
  land_mu: Figure;
  parcels: number;
  indicators: Indicator[];
}
