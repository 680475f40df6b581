// Where areas lie on a picture, in its pixels (pure). The server checks the same again by its own rules.

export const LETTERS = "ABCDEFGHIJKLMNOPQRST";
export const LEAST_SIDE = 20;
const SHARES = [2, 3, 4];

export const letterOf = (index) => LETTERS[index] ?? String(index + 1);
export const boundsOf = ({ x, y, width, height }) => ({ x, y, width, height });

// The nearest place on the picture: shrunk where it is too large, then moved.
export function clamp(bounds, size) {
  const width = between(Math.round(bounds.width), LEAST_SIDE, size.width);
  const height = between(Math.round(bounds.height), LEAST_SIDE, size.height);
  return {
    x: between(Math.round(bounds.x), 0, size.width - width),
    y: between(Math.round(bounds.y), 0, size.height - height),
    width,
    height,
  };
}

export function moved(bounds, dx, dy, size) {
  return clamp({ ...bounds, x: bounds.x + dx, y: bounds.y + dy }, size);
}

// `handle` is of n, s, w, e: the edges that go along. An edge stops at the picture's and short of its opposite.
export function resized(bounds, handle, dx, dy, size) {
  let { x: left, y: top } = bounds;
  let right = left + bounds.width;
  let bottom = top + bounds.height;
  if (handle.includes("w")) left = between(Math.round(left + dx), 0, right - LEAST_SIDE);
  if (handle.includes("e")) right = between(Math.round(right + dx), left + LEAST_SIDE, size.width);
  if (handle.includes("n")) top = between(Math.round(top + dy), 0, bottom - LEAST_SIDE);
  if (handle.includes("s")) bottom = between(Math.round(bottom + dy), top + LEAST_SIDE, size.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

// Between two points of the picture, whichever way it was drawn.
export function drawn(from, to, size) {
  const left = between(Math.min(from.x, to.x), 0, size.width);
  const top = between(Math.min(from.y, to.y), 0, size.height);
  const right = between(Math.max(from.x, to.x), 0, size.width);
  const bottom = between(Math.max(from.y, to.y), 0, size.height);
  return clamp({ x: left, y: top, width: right - left, height: bottom - top }, size);
}

// Lines that edges catch on: the picture's edges, halves, thirds and quarters, and the other areas' edges.
export function catchLines(others, size) {
  return {
    x: lines(size.width, others.map((each) => [each.x, each.x + each.width])),
    y: lines(size.height, others.map((each) => [each.y, each.y + each.height])),
  };
}

// How far to go so that the nearest of these edges lies on a line, and which line; 0 and null when none is near.
export function pull(edges, along, reach) {
  let best = { by: 0, line: null };
  for (const edge of edges) {
    for (const line of along) {
      const by = line - edge;
      if (Math.abs(by) <= reach && (best.line === null || Math.abs(by) < Math.abs(best.by))) best = { by, line };
    }
  }
  return best;
}

// A moved area, caught by the lines near it; `guides` are those lines.
export function movedAndCaught(bounds, dx, dy, { size, lines: along, reach }) {
  const free = moved(bounds, dx, dy, size);
  const x = pull([free.x, free.x + free.width], along.x, reach);
  const y = pull([free.y, free.y + free.height], along.y, reach);
  return { bounds: moved(free, x.by, y.by, size), guides: { x: x.line, y: y.line } };
}

// The same for edges that are dragged.
export function resizedAndCaught(bounds, handle, dx, dy, { size, lines: along, reach }) {
  const free = resized(bounds, handle, dx, dy, size);
  const edgesX = [handle.includes("w") && free.x, handle.includes("e") && free.x + free.width];
  const edgesY = [handle.includes("n") && free.y, handle.includes("s") && free.y + free.height];
  const x = pull(edgesX.filter((edge) => edge !== false), along.x, reach);
  const y = pull(edgesY.filter((edge) => edge !== false), along.y, reach);
  return { bounds: resized(free, handle, x.by, y.by, size), guides: { x: x.line, y: y.line } };
}

export const isSame = (one, other) => ["x", "y", "width", "height"].every((side) => one[side] === other[side]);

function lines(length, edges) {
  const shares = SHARES.flatMap((parts) => Array.from({ length: parts - 1 }, (_, part) => Math.round((length * (part + 1)) / parts)));
  return [...new Set([0, length, ...shares, ...edges.flat()])];
}

function between(value, least, most) {
  return Math.max(least, Math.min(value, most));
}
