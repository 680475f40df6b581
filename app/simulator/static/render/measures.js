// LINE's keywords in pixels.

export const STEPS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
export const LETTERS = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
export const PICTURES = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
export const BORDERS = { none: 0, light: 0.5, normal: 1, medium: 2, "semi-bold": 3, bold: 4 };

const MEASURE = /^-?\d+(\.\d+)?(px|%)$/;
const COLOUR = /^#[0-9a-f]{6}([0-9a-f]{2})?$/i;
const RATIO = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/;

// A keyword or a measure as CSS; undefined for anything else, which CSS then ignores.
export function measure(value, keywords = STEPS) {
  if (typeof value !== "string") return undefined;
  if (Object.hasOwn(keywords, value)) return `${keywords[value]}px`;
  return MEASURE.test(value) ? value : undefined;
}

export function colour(value) {
  return typeof value === "string" && COLOUR.test(value) ? value : undefined;
}

export function ratio(value, otherwise = "1 / 1") {
  const found = RATIO.exec(value ?? "");
  if (!found || !Number(found[1])) return otherwise;
  return `${found[1]} / ${Math.min(Number(found[2]), 3 * Number(found[1]))}`;
}

// The size of letters; with `scaling` it follows the phone's setting.
export function letters(size, isScaled) {
  const found = measure(size, LETTERS);
  return found && isScaled ? `calc(${found} * var(--letters))` : found;
}

export function gradient(background) {
  if (background?.type !== "linearGradient") return undefined;
  const [from, to] = [colour(background.startColor), colour(background.endColor)];
  const middle = colour(background.centerColor);
  const angle = /^\d+(\.\d+)?deg$/.test(background.angle ?? "") ? background.angle : "0deg";
  const where = measure(background.centerPosition, {}) ?? "50%";
  return `linear-gradient(${angle}, ${from}, ${middle ? `${middle} ${where}, ` : ""}${to})`;
}

export function wholeNumber(value) {
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}

// Sets only the properties that have a value.
export function style(node, properties) {
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined && value !== null) node.style.setProperty(name, String(value));
  }
}
