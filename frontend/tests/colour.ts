/** Colour as eyes see it, for the tests: CIE Lab distance, contrast, and simulated colour blindness (Machado 2009). */

export type Vision = "normal" | "protan" | "deutan" | "tritan";

type Rgb = [number, number, number];

const MATRIX: Record<Vision, number[]> = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

export function lightness(colour: string): number {
  return lab(linear(colour))[0];
}

export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

export function distanceFor(vision: Vision, a: string, b: string): number {
  const [one, other] = [a, b].map((colour) => lab(seen(vision, linear(colour)))) as [Rgb, Rgb];
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function seen(vision: Vision, [r, g, b]: Rgb): Rgb {
  const m = MATRIX[vision];
  return [0, 3, 6].map((at) => clamp(m[at]! * r + m[at + 1]! * g + m[at + 2]! * b)) as Rgb;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

function linear(colour: string): Rgb {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
}

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

function lab([r, g, b]: Rgb): Rgb {
  const x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505;
  const y = luminance([r, g, b]);
  const z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089;
  const f = (value: number): number => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}
