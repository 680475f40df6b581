// Small steps for building DOM. Every word is set as text: nothing here can make markup out of a message.

export function element(tag, { className, text, testid, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = String(text);
  if (testid) node.dataset.testid = testid;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

// A picture inside a frame that already has its size; without an address the frame stays empty.
export function picture(url, context, { fit = "contain", label = "" } = {}) {
  const source = url ? context.picture(url) : null;
  if (!source) return element("span", { className: "no-picture", role: label ? "img" : undefined, "aria-label": label || undefined });
  const node = element("img", { src: source, alt: label, loading: "lazy", decoding: "async", draggable: "false" });
  node.style.objectFit = fit;
  node.addEventListener("error", () => node.replaceWith(element("span", { className: "no-picture" })));
  return node;
}
