// A picture or film over the whole screen.

import { element } from "./render/nodes.js";
import { t } from "./words.js";

export function view(kind, address) {
  const shown = kind === "video"
    ? element("video", { src: address, controls: true, autoplay: true, playsinline: true })
    : element("img", { src: address, alt: t("写真") });
  const close = element("button", { type: "button", className: "viewer-close", "aria-label": t("閉じる"), text: "✕" });
  const dialog = element("dialog", { className: "viewer", testid: "viewer", "aria-label": t(kind === "video" ? "動画" : "写真") }, close, shown);
  dialog.addEventListener("click", (event) => { if (event.target !== shown) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
