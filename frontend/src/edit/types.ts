/** What the editing interface sends and answers. Refuses coordinates of any other system: easting, northing in the survey CRS, metres. */

/** Easting, northing in the county's survey CRS; every digit as the server sent it. */
export type Point = [easting: number, northing: number];
export type Ring = Point[];
export type Rings = Ring[];

/** A parcel's shape: parts, each with its outer ring first and its holes after it; rings are closed. */
export interface SurveyShape {
  type: "MultiPolygon";
  coordinates: Rings[];
}

export interface HolderValue {
  name: string;
  uscc: string;
  share: number;
}

/** The register's facts that an officer may change; a key that isn't there stays as it is. */
export interface Values {
  code?: string;
  real_estate_unit_code?: string;
  location?: string;
  tenure?: string;
  land_class_code?: string;
  land_class_set?: string;
  registered_on?: string | null;
  registered_area_m2?: number | null;
  note?: string;
  aliases?: string[];
  town_code?: string;
  holders?: HolderValue[];
}

/** A parcel's name in a change set: its code, or `#n.k` for the k-th thing that operation n made. */
export type ParcelKey = string;

export type Operation =
  | { kind: "draw"; geometry: SurveyShape; values: Values }
  | { kind: "reshape"; parcel: ParcelKey; geometry: SurveyShape }
  | { kind: "move_vertices"; moves: { from: Point; to: Point }[]; parcels: ParcelKey[] | null }
  | { kind: "insert_vertex"; edge: [Point, Point]; at: Point }
  | { kind: "delete_vertex"; at: Point; parcels: ParcelKey[] | null }
  | { kind: "split"; parcel: ParcelKey; lines: Point[][] }
  | { kind: "subdivide"; parcel: ParcelKey; area_m2: number; side?: Side; edge?: [Point, Point] }
  | { kind: "merge"; parcels: ParcelKey[] }
  | { kind: "cut_hole"; parcel: ParcelKey; geometry: SurveyShape; keep: boolean }
  | { kind: "adjust"; parcel: ParcelKey; what: "overlap" | "gap"; neighbours: string[] | null }
  | { kind: "retire"; parcel: ParcelKey }
  | { kind: "restore"; parcel: string }
  | { kind: "attributes"; parcel: ParcelKey; values: Values };

export type Side = "north" | "south" | "east" | "west";
export type HowChanged = "boundary_adjustment" | "resurvey" | "correction";

export interface DocumentIn {
  kind: string;
  no: string;
  date: string | null;
}

export interface ChangeSetIn {
  on?: string;
  how?: HowChanged;
  operations: Operation[];
  /** What the editor saw of every stored parcel that the operations touch. */
  versions: Record<string, number>;
  reason?: string;
  document?: DocumentIn;
  attachments?: number[];
  warnings_reason?: string;
  facts?: "default" | { fact: string; to: string }[];
}

export interface Finding {
  rule: string;
  severity: "error" | "warning";
  parcels: ParcelKey[];
  message: string;
  remedy: string;
  at: Point | null;
  geometry: { type: string; coordinates: unknown } | null;
  value: number | null;
  limit: number | null;
}

export interface WorkingParcel {
  key: ParcelKey;
  code: string;
  state: "new" | "changed" | "densified" | "ended" | "restored";
  version: number | null;
  sources: string[];
  geometry: SurveyShape | null;
  planar_area_m2: number;
  area_mu: number;
  registered_area_m2: number | null;
  values: Values;
}

export interface TiedFact {
  fact: string;
  kind: "occupancy" | "contract" | "holding";
  title: string;
  parcel: ParcelKey;
  asked: boolean;
  options: string[];
  default: string;
}

export interface EventPreview {
  kind: string;
  title: string;
  parents: ParcelKey[];
  children: ParcelKey[];
}

export interface ChangeSetOut {
  crs: number;
  on: string;
  parcels: WorkingParcel[];
  findings: Finding[];
  facts: TiedFact[];
  events: EventPreview[];
  can_save: boolean;
}

export interface Saved {
  change_id: number;
  on: string;
  events: { id: number; kind: string; title: string }[];
  parcels: { key: ParcelKey; code: string; state: WorkingParcel["state"]; version: number | null }[];
  findings: Finding[];
}

export interface Editor {
  name: string;
  since: string;
}

/** A stored parcel with its exact shape. */
export interface ExactParcel {
  code: string;
  version: number;
  geometry: SurveyShape;
  registered_area_m2: number | null;
  planar_area_m2: number;
  values: Values;
  editors: Editor[];
}

export interface ExactParcels {
  crs: number;
  parcels: ExactParcel[];
  truncated: boolean;
}

/** The body of a 412: somebody else changed a parcel after it was opened here. */
export interface Conflict {
  parcel: string;
  yours: number;
  current: {
    version: number;
    in_force: boolean;
    geometry: SurveyShape | null;
    values: Values;
    planar_area_m2: number;
    by: string;
    at: string;
    reason: string;
    kind: string;
  };
  base: { geometry: SurveyShape; values: Values } | null;
}

export interface CodeLists {
  land_classes: { set: string; code: string; name: string }[];
  towns: { code: string; name: string }[];
  tenures: string[];
  document_kinds: { code: string; title: string }[];
  event_kinds: { code: string; title: string }[];
  rules: { rule: string; title: string; severity: string; limits: Record<string, number> }[];
}

export interface InputShapes {
  crs_detected: string;
  shapes: { name: string; geometry: SurveyShape; planar_area_m2: number }[];
  issues: { row: number; code: string; field: string; message: string }[];
}

export interface AttachmentOut {
  id: number;
  name: string;
  media_type: string;
  bytes: number;
  sha256: string;
  kind: string;
  note: string;
  uploaded_by: string;
  uploaded_at: string;
  thumbnail: boolean;
}

export interface LineageEvent {
  id: number;
  change_id: number;
  kind: string;
  title: string;
  on: string;
  recorded_at: string;
  by: string;
  reason: string;
  document: DocumentIn;
  parents: string[];
  children: string[];
  others: string[];
  attachments: AttachmentOut[];
  reversible: boolean;
  reversed_by: number | null;
}

export interface Lineage {
  code: string;
  events: LineageEvent[];
  ancestors: Relative[];
  descendants: Relative[];
  versions: PastVersion[];
}

export interface Relative {
  code: string;
  valid_from: string;
  valid_to: string | null;
  generation: number;
  geometry: { type: string; coordinates: unknown };
}

export interface PastVersion {
  valid_from: string;
  valid_to: string | null;
  version: number;
  planar_area_m2: number;
  event_kind: string;
  geometry: { type: string; coordinates: unknown };
}
