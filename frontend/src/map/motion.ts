/** How long the map glides. Refuses to move for whoever asked their system for less motion. */

export function gliding(usual_ms: number): number {
  return window.matchMedia?.("(prefers-reduced-motion: reduce)").matches ? 0 : usual_ms;
}
