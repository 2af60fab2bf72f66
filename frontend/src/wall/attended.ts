/**
 * Whether somebody is at the screen: a hand moved since the last question. Refuses to keep a session alive for nobody:
 * the server prolongs it for questions that say so only.
 */

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
let touched = true; // whoever opened the page is there

function seen(event: Event): void {
  // What moves under a pointer that rests is told as a move too.
  const rests = event instanceof MouseEvent && event.type === "pointermove" && !event.movementX && !event.movementY;
  touched ||= !rests;
}

for (const sign of SIGNS) window.addEventListener(sign, seen, { passive: true });

/** The header of the next question; asking for it begins the wait for the next touch. */
export function attended(): Record<string, string> {
  const said: Record<string, string> = touched ? { "X-Landgis-Attended": "1" } : {};
  touched = false;
  return said;
}
