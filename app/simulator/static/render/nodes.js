// Small steps for building DOM. Every word is set as text: nothing here can make markup out of a message.

const LOADABLE = new Set(["http:", "https:", "blob:"]);

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

// The address if a page may show it as a picture or film, else null.
export function loadable(address) {
  if (typeof address !== "string" || !address) return null;
  try {
    const { protocol, href } = new URL(address, document.baseURI);
    return LOADABLE.has(protocol) || /^data:image\/(png|jpeg|gif|webp);base64,/.test(href) ? address : null;
  } catch {
    return null;
  }
}

// A picture inside a frame that already has its size; without an address the frame stays empty.
// `of` is the message's own address, `at` one that needs no mapping.
export function picture(of, context, { fit = "contain", label = "", at } = {}) {
  const source = loadable(at ?? (of ? context.picture(of) : null));
  if (!source) return noPicture(label);
  const node = element("img", { src: source, alt: label, loading: "lazy", decoding: "async", draggable: "false" });
  node.style.objectFit = fit;
  node.addEventListener("error", () => node.replaceWith(noPicture(label)));
  return node;
}

function noPicture(label) {
  return element("span", { className: "no-picture", role: label ? "img" : undefined, "aria-label": label || undefined });
}
