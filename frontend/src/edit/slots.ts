/**
 * What the editing core and its dialogs know of each other: the session that panels read, and the dialogs it asks for.
 * Refuses behaviour: only shapes, so that either side can be built and tested without the other.
 */

import type { Store } from "../store";
import type { EditApi, OtherEditor } from "./api";
import type {
  ChangeSetIn,
  Conflict,
  EventPreview,
  Finding,
  Operation,
  ParcelKey,
  Saved,
  SurveyShape,
  TiedFact,
  Values,
  WorkingParcel,
} from "./types";

export interface SessionState {
  /** All operations of the draft; only the first `cursor` are in force, the others can be redone. */
  operations: readonly Operation[];
  cursor: number;
  /** Everything that the operations in force touch, as it stands now. */
  parcels: readonly WorkingParcel[];
  findings: readonly Finding[];
  facts: readonly TiedFact[];
  events: readonly EventPreview[];
  /** What was answered to facts that ask; by fact, the key of the parcel it goes to. */
  decisions: Readonly<Record<string, string>>;
  /** The parcel that tools and forms work on, and all picked ones (merge); keys of the working state. */
  active: ParcelKey;
  picked: readonly ParcelKey[];
  busy: "" | "preview" | "save";
  /** Whether findings, facts and events belong to the operations in force (false while a preview is on its way). */
  checked: boolean;
  canSave: boolean;
  /** What the last attempt met, in words; empty when all is well. */
  error: string;
  conflicts: readonly Conflict[];
  others: readonly OtherEditor[];
  dirty: boolean;
  canUndo: boolean;
  canRedo: boolean;
  /** False when the browser refuses to keep the draft (full or closed storage). */
  kept: boolean;
}

/** What the save form gathers beside the operations. */
export type SaveInput = Pick<ChangeSetIn, "on" | "how" | "reason" | "document" | "attachments" | "warnings_reason">;

export type Choice = "mine" | "theirs";

export interface EditSession {
  readonly store: Store<SessionState>;
  readonly api: EditApi;
  readonly crs: number;
  /**
   * Adds an operation after the cursor (what could be redone is dropped) and shows it: true when it stands,
   * false when it couldn't be done (`error` says why). `tag`: the same tag twice in a row is one step of undo.
   */
  apply(operation: Operation, tag?: string): Promise<boolean>;
  undo(): void;
  redo(): void;
  /** To any step of the list: 0 is the stored register. */
  goTo(cursor: number): void;
  /** Changes of register facts as one operation a parcel: later ones of the same parcel join the one before. */
  setValues(parcel: ParcelKey, values: Values): Promise<boolean>;
  /** The facts as they stand now: stored, changed or new. */
  valuesOf(parcel: ParcelKey): Values;
  /** The shape as it stands now, and as it is stored; null where there is none. */
  shapeOf(parcel: ParcelKey): SurveyShape | null;
  storedShapeOf(code: string): SurveyShape | null;
  storedVersionOf(code: string): number | null;
  /** `picked` false: it is what a step made, in hand but not chosen by the person (a merge doesn't take it along). */
  setActive(parcel: ParcelKey, picked?: boolean): void;
  setPicked(parcels: readonly ParcelKey[]): void;
  decide(fact: string, to: string): void;
  /** The change set as it would be sent. */
  changeSet(input?: SaveInput): ChangeSetIn;
  /** Checks again at once (a date or a kind was chosen); failures land in `error`. */
  check(input?: SaveInput): Promise<void>;
  /**
   * Saves whole or not at all. Throws what the server refused (RulesError, FieldErrors, ApiError); after a ConflictError
   * `conflicts` is set too and the draft stays. The save form catches it and closes; the core then opens `conflict`.
   */
  save(input: SaveInput): Promise<Saved>;
  /** Settles conflicts: “mine” puts the draft on top of what is stored now, “theirs” drops what it did to that parcel. */
  settle(choices: ReadonlyMap<string, Choice>): Promise<void>;
  /** One operation in words: “分割 GB00012：2 条线”. */
  words(operation: Operation): string;
  discard(): void;
}

/** A draft of an earlier visit. */
export interface DraftOffer {
  savedAt: string;
  /** Its operations in words, oldest first. */
  changes: string[];
  /** Parcels that others changed since: restoring leads to the conflict dialog. */
  changedSince: string[];
}

export interface CoordinatesAsk {
  /** “new”: shapes become parcels; “replace”: one shape takes the place of a parcel's. */
  purpose: "new" | "replace";
  /** The parcel that is replaced, for the title. */
  code: string;
  /** A file that was dropped on the map, to be read at once. */
  file: File | null;
  /** Draws what was read so far on the map while the dialog is open (empty list: nothing). */
  show(shapes: SurveyShape[]): void;
}

/** The dialogs and forms that the core opens. Each resolves when it is closed. */
export interface EditSlots {
  /** Kind, date, document, evidence, reason; calls `session.save` itself. The answer, or null when given up or in conflict. */
  saveForm(session: EditSession): Promise<Saved | null>;
  /** Which way each fact that asks goes; calls `session.decide` itself. False when given up. */
  facts(session: EditSession): Promise<boolean>;
  /** Typed, pasted or dropped coordinates; null when given up. */
  coordinates(session: EditSession, ask: CoordinatesAsk): Promise<SurveyShape[] | null>;
  /** Mine or theirs for every parcel in conflict; null keeps the draft undecided. `show` draws one version on the map. */
  conflict(
    session: EditSession,
    conflicts: readonly Conflict[],
    show: (shapes: SurveyShape[]) => void,
  ): Promise<ReadonlyMap<string, Choice> | null>;
  recover(draft: DraftOffer): Promise<"restore" | "discard" | "later">;
  /** The form of the active parcel's register facts, placed inside the editing panel; it watches the session itself. */
  attributes(session: EditSession, parcel: ParcelKey): HTMLElement;
}
