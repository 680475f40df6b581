// What a tap does on the phone; only postbacks and messages leave it.

import { openable } from "./render/actions.js";
import { pick } from "./picker.js";

// phone: { tap(action, params), toast(words), spendChips(), send(kind, fields), fill(text) }
export async function onTap(action, node, phone) {
  const act = ACTS[action?.type];
  if (!act) return;
  const isChip = node.classList.contains("line-chip");
  const isDone = await act(action, phone);
  if (isChip && isDone) phone.spendChips();
}

const ACTS = {
  async postback(action, phone) {
    const isDone = await phone.tap(action);
    if (action.inputOption === "openKeyboard") phone.fill(action.fillInText);
    return isDone;
  },
  message: (action, phone) => phone.tap(action),
  async datetimepicker(action, phone) {
    const params = await pick(action);
    return params ? phone.tap(action, params) : false;
  },
  async uri(action, phone) {
    const address = openable(action.uri);
    if (!address) return false;
    if (address.startsWith("http")) window.open(address, "_blank", "noopener,noreferrer");
    else phone.toast(`開きます: ${address}`);
    return true;
  },
  async clipboard(action, phone) {
    try {
      await navigator.clipboard.writeText(action.clipboardText ?? "");
      phone.toast("コピーしました");
    } catch {
      phone.toast("コピーできませんでした");
    }
    return true;
  },
  camera: (action, phone) => phone.send("image", {}),
  cameraRoll: (action, phone) => phone.send("image", {}),
  location: (action, phone) => phone.send("location", {}),
};
