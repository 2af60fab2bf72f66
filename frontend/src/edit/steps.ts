/**
 * What is known of each step of the draft: the parcels after it, and the server's judgement when it was asked.
 * Refuses to outlive a change of the list: a step whose operations differ is forgotten.
 */

import type { ChangeSetOut, ParcelKey, WorkingParcel } from "./types";

export interface Step {
  parcels: readonly WorkingParcel[];
  /** Null until the server has looked at it. */
  answer: ChangeSetOut | null;
  /** What was chosen when the step was left: undo and redo choose it again. */
  active?: ParcelKey;
}

export interface Steps {
  get(cursor: number): Step | undefined;
  set(cursor: number, step: Step): void;
  /** Forgets this step and all after it. */
  cut(cursor: number): void;
  /** Forgets the server's judgements, not the shapes: another date, another kind of change. */
  unjudge(): void;
  clear(): void;
}

const START: Step = { parcels: [], answer: null };

export function createSteps(): Steps {
  let steps: (Step | undefined)[] = [START];
  return {
    get: (cursor) => steps[cursor],
    set(cursor, step) {
      steps[cursor] = step;
    },
    cut(cursor) {
      steps = steps.slice(0, Math.max(1, cursor));
    },
    unjudge() {
      steps = steps.map((step) => step && { ...step, answer: null });
    },
    clear() {
      steps = [START];
    },
  };
}
