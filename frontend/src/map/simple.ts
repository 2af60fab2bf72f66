/** Whether a drawn ring crosses itself. Refuses to judge areas: that is the server's. */

type Xy = readonly number[];

/** `ring` with or without its closing point. */
export function crossesItself(ring: readonly Xy[]): boolean {
  const points = closed(ring) ? ring.slice(0, -1) : [...ring];
  const count = points.length;
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 1; j < count; j += 1) {
      const neighbours = j === i + 1 || (i === 0 && j === count - 1);
      if (!neighbours && cross(at(points, i), at(points, i + 1), at(points, j), at(points, j + 1))) return true;
    }
  }
  return false;
}

const at = (points: readonly Xy[], index: number): Xy => points[index % points.length] ?? [0, 0];

function closed(ring: readonly Xy[]): boolean {
  const [first, last] = [ring[0], ring[ring.length - 1]];
  return ring.length > 1 && !!first && !!last && first[0] === last[0] && first[1] === last[1];
}

function cross(a: Xy, b: Xy, c: Xy, d: Xy): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

function side(a: Xy, b: Xy, p: Xy): number {
  const [ax = 0, ay = 0, bx = 0, by = 0, px = 0, py = 0] = [a[0], a[1], b[0], b[1], p[0], p[1]];
  return Math.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax));
}
