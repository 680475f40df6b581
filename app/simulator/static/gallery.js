// Camera and album of a phone in which all pictures are invented; and a file of one's own.

import { get, sampleAddress } from "./client.js";
import { icon } from "./icons.js";
import { element } from "./render/nodes.js";
import { ask } from "./sheet.js";
import { t } from "./words.js";

// Choose one of the samples of these kinds, or an own file: [kind, fields], or null.
export async function pickFile(title, kinds) {
  const { samples } = await get("/samples");
  const shown = samples.filter((sample) => kinds.includes(sample.kind));
  return ask(title, (end) => [
    element("div", { className: "gallery" }, ...shown.map((sample) => tile(sample, end))),
    ownFile(kinds, end),
  ], { className: "gallery-picker" });
}

// The camera sees one of the pictures; the shutter sends it, the arrow turns to the next view.
export async function shoot() {
  const { samples } = await get("/samples");
  const views = samples.filter((sample) => sample.kind === "image");
  let place = 0;
  const picture = element("img", { className: "finder", alt: t("カメラに写っているもの（見本）") });
  const look = () => { picture.src = sampleAddress(views[place].name); };
  look();
  const turn = element("button", { type: "button", className: "camera-turn", text: t("向きを変える") });
  turn.addEventListener("click", () => { place = (place + 1) % views.length; look(); });
  return ask(t("カメラ"), (end) => {
    const shutter = element("button", { type: "button", className: "choice shutter", testid: "shutter", "aria-label": t("シャッター") });
    shutter.addEventListener("click", () => end(["image", { sample: views[place].name }]));
    return [picture, element("div", { className: "camera-row" }, turn, shutter)];
  }, { className: "camera" });
}

function tile(sample, end) {
  const size = sample.size > 1024 * 1024 ? `${(sample.size / 1024 / 1024).toFixed(1)} MB` : `${(sample.size / 1024).toFixed(1)} KB`;
  const face = sample.kind === "image" ? element("img", { src: sampleAddress(sample.name), alt: "", loading: "lazy" }) : icon(sample.kind);
  const button = element("button", { type: "button", className: "choice tile", testid: `sample-${sample.kind}` },
    element("span", { className: "tile-face" }, face),
    element("span", { text: sample.name }),
    element("small", { text: size }));
  button.addEventListener("click", () => end([sample.kind, { sample: sample.name }]));
  return button;
}

function ownFile(kinds, end) {
  const input = element("input", { type: "file", testid: "own-file" });
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    const kind = kindOf(file, kinds);
    end([kind, { content: await inBase64(file), fileName: file.name, mime: file.type || "application/octet-stream" }]);
  });
  return element("label", { className: "picker-label" }, element("span", { text: t("この端末のファイル") }), input);
}

function kindOf(file, kinds) {
  const kind = file.type.split("/")[0];
  return kinds.includes(kind) ? kind : kinds.includes("file") ? "file" : kinds[0];
}

function inBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.split(",")[1] ?? ""));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}
