// Small things about nodes.

// A node with attributes (className, text and listeners by `on`), and children; false and null are left out.
export function node(tag, { text, on = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "className") made.className = value;
    else if (name === "value") made.value = value;
    else if (value === true) made.setAttribute(name, "");
    else made.setAttribute(name, value);
  }
  for (const [name, listener] of Object.entries(on)) made.addEventListener(name, listener);
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter((child) => child !== false && child !== null));
  return made;
}

export const icon = (name) => node("i", { className: `bi bi-${name}`, "aria-hidden": "true" });

// Place a node over a picture of `size`, in shares of it.
export function place(made, bounds, size) {
  const share = (part, whole) => `${(100 * part) / whole}%`;
  Object.assign(made.style, {
    left: share(bounds.x, size.width),
    top: share(bounds.y, size.height),
    width: share(bounds.width, size.width),
    height: share(bounds.height, size.height),
  });
}
