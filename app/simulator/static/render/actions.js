// What makes a part of a message tappable. The innermost tapped part wins.

const OPENABLE = new Set(["http:", "https:", "tel:", "line:"]);

// The address if a phone may open it, else null: `javascript:` and all others do nothing.
export function openable(uri) {
  try {
    return OPENABLE.has(new URL(uri).protocol) ? uri : null;
  } catch {
    return null;
  }
}

export function makeTappable(node, action, context) {
  if (!action || !action.type) return node;
  node.dataset.action = action.type;
  node.classList.add("tappable");
  node.addEventListener("click", (event) => {
    event.stopPropagation();
    context.onAction(action, node);
  });
  if (node.tagName !== "BUTTON") giveKeyboard(node, action);
  return node;
}

function giveKeyboard(node, action) {
  if (node.querySelector("[data-action]")) {
    node.append(hiddenButton(action, node));
    return;
  }
  node.tabIndex = 0;
  node.setAttribute("role", action.type === "uri" ? "link" : "button");
  if (action.label) node.setAttribute("aria-label", action.label);
  else if (!node.textContent.trim()) node.setAttribute("aria-label", "開く");
  node.addEventListener("keydown", (event) => {
    if (event.target === node && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      node.click();
    }
  });
}

// A tappable area around other buttons cannot be a button itself; this one is for keyboards and readers.
function hiddenButton(action, node) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "for-readers";
  button.textContent = action.label || "開く";
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    node.click();
  });
  return button;
}
