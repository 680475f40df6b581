// The place picker: invented places to choose from, each to be changed before it is sent.

import { element } from "./render/nodes.js";
import { ask } from "./sheet.js";
import { t } from "./words.js";

const PLACES = [
  { title: "東京駅のあたり", address: "東京都千代田区", latitude: 35.6812, longitude: 139.7671 },
  { title: "横浜のあたり", address: "神奈川県横浜市", latitude: 35.4437, longitude: 139.638 },
  { title: "大阪のあたり", address: "大阪府大阪市", latitude: 34.6937, longitude: 135.5023 },
  { title: "札幌のあたり", address: "北海道札幌市", latitude: 43.0618, longitude: 141.3545 },
  { title: "住所のわからない場所", address: "", latitude: 30.0, longitude: 150.0 },
];

// The fields of a location message, or null.
export function pickPlace() {
  const fields = {
    title: input("text", "名前", { maxlength: "100" }),
    address: input("text", "住所", { maxlength: "300" }),
    latitude: input("number", "緯度", { step: "any", min: "-90", max: "90" }),
    longitude: input("number", "経度", { step: "any", min: "-180", max: "180" }),
  };
  const fill = (place) => { for (const [name, field] of Object.entries(fields)) field.node.value = place[name]; };
  fill(PLACES[0]);
  const map = element("span", { className: "place-map", "aria-hidden": "true" }, element("i"));
  const choices = PLACES.map((place, number) => {
    const radio = element("input", { type: "radio", name: "place", value: String(number), checked: number === 0 });
    radio.addEventListener("change", () => fill(place));
    return element("label", { className: "place" }, radio, element("span", { text: t(place.title) }));
  });
  return ask(t("位置情報を選ぶ"), () => [
    map,
    element("div", { className: "places", role: "radiogroup", "aria-label": t("場所") }, ...choices),
    ...Object.values(fields).map((field) => field.label),
  ], {
    className: "place-picker",
    send: t("この場所を送る"),
    answer: () => ({
      title: fields.title.node.value || t("位置情報"),
      address: fields.address.node.value,
      latitude: Number(fields.latitude.node.value),
      longitude: Number(fields.longitude.node.value),
    }),
  });
}

function input(type, words, more) {
  const node = element("input", { type, testid: `place-${words === "住所" ? "address" : type}`, ...more });
  return { node, label: element("label", { className: "picker-label" }, element("span", { text: t(words) }), node) };
}
