// What a tap does on the phone; only postbacks and messages leave it.

import { ASKED } from "./composer.js";
import { openable } from "./render/actions.js";
import { pick } from "./picker.js";
import { t } from "./words.js";

// phone: { tap(action, params), toast(words), spendChips(), send(kind, fields), obey(option, text) }
// and, where a person has a browser, browse(address).
// `isSent`: the platform knows of this tap already, only the phone's own part is left.
export async function onTap(action, node, phone, isSent = false) {
  const act = (isSent ? LEFT : ACTS)[action?.type];
  if (!act) return;
  const isDone = await act(action, phone);
  if (isDone && node?.classList.contains("line-chip")) phone.spendChips();
}

const ON_THE_PHONE = {
  async uri(action, phone) {
    const address = openable(action.uri);
    if (!address) return false;
    if (address.startsWith("http") && phone.browse) return phone.browse(address);
    if (address.startsWith("http")) window.open(address, "_blank", "noopener,noreferrer");
    else phone.toast(t("開きます: {address}", { address }));
    return true;
  },
  async clipboard(action, phone) {
    try {
      await navigator.clipboard.writeText(action.clipboardText ?? "");
      phone.toast(t("コピーしました"));
    } catch {
      phone.toast(t("コピーできませんでした"));
    }
    return true;
  },
};

const ACTS = {
  ...ON_THE_PHONE,
  async postback(action, phone) {
    const isDone = await phone.tap(action);
    phone.obey(action.inputOption, action.fillInText);
    return isDone;
  },
  message: (action, phone) => phone.tap(action),
  async datetimepicker(action, phone) {
    const params = await pick(action);
    return params ? phone.tap(action, params) : false;
  },
  camera: (action, phone) => ASKED.camera(phone),
  cameraRoll: (action, phone) => ASKED.image(phone),
  location: (action, phone) => ASKED.location(phone),
};

const LEFT = {
  ...ON_THE_PHONE,
  async postback(action, phone) {
    phone.obey(action.inputOption, action.fillInText);
    return true;
  },
};
