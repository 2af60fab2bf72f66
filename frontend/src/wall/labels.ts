/**
 * Where the towns' names stand on the wall's map: each inside its town, clear of the others and of the cases' marks.
 * Refuses to leave a name out: where nothing is free it stands at its town's best place.
 */

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** `places`: middles inside the town, the best first; all in pixels. */
export interface Label {
  town: string;
  places: readonly (readonly [number, number])[];
  w: number;
  h: number;
}

/**
 * Town → index of the place that its label takes. Who has the fewest places chooses first.
 * `marks`: what else lies there, the most important first; the last gives way first where not all can be kept clear of.
 */
export function placeLabels(labels: readonly Label[], marks: readonly (readonly Box[])[]): Map<string, number> {
  const taken: Box[] = [];
  const found = new Map<string, number>();
  for (const label of [...labels].sort((a, b) => a.places.length - b.places.length)) {
    const boxes = label.places.map(([x, y]) => ({ x, y, w: label.w, h: label.h }));
    const free = (others: readonly Box[]): number => boxes.findIndex((box) => !others.some((one) => overlap(box, one)));
    let at = -1;
    for (let kept = marks.length; kept >= 0 && at < 0; kept--) at = free([...taken, ...marks.slice(0, kept).flat()]);
    at = Math.max(at, 0);
    found.set(label.town, at);
    const box = boxes[at];
    if (box) taken.push(box);
  }
  return found;
}

function overlap(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) * 2 < a.w + b.w && Math.abs(a.y - b.y) * 2 < a.h + b.h;
}
