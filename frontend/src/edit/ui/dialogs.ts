/** The forms and dialogs that the editing core opens, as it knows them. Refuses work of its own: each part has its module. */

import { today } from "../../register/days";
import type { EditSlots } from "../slots";
import { attributesInSession } from "./attributes";
import { conflictDialog } from "./conflict";
import { coordinatesDialog } from "./coordinates";
import { factsDialog } from "./facts";
import { recoverDialog } from "./recover";
import { saveForm } from "./save";

export const editDialogs: EditSlots = {
  saveForm: (session) => saveForm(session, today()),
  facts: factsDialog,
  coordinates: coordinatesDialog,
  conflict: conflictDialog,
  recover: recoverDialog,
  attributes: (session, parcel) => attributesInSession(session, parcel, today()),
};
