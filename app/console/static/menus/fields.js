// The fields beside the picture: of the chosen area, or of the tab and the menu when none is chosen.

import { LETTERS, clamp, letterOf } from "./geometry.js";
import { newAction, sizeOf } from "./menu.js";
import { icon, node } from "./nodes.js";

const SIDES = [["x", "横の位置"], ["y", "縦の位置"], ["width", "幅"], ["height", "高さ"]];
const ACTION_WORDS = { postback: "ボットの機能を使う", message: "言葉を送る", uri: "ページや電話を開く", tab: "タブを切り替える" };

export class Fields {
  // words: { tones, commands, surveys, icons } of the server; hooks: see editor.js.
  constructor(root, words, hooks) {
    this.root = root;
    this.words = words;
    this.hooks = hooks;
    this.shown = null;
  }

  // Drawn anew only when something else is shown; else the values alone change, so that the focus stays.
  show(menu, tabIndex, chosen) {
    this.menu = menu;
    const tab = menu.tabs[tabIndex];
    const area = tab.areas[chosen] ?? null;
    const what = area ? `${tabIndex}:${chosen}:${area.action.type}:${area.action.command ?? ""}:${tab.areas.length}` : `${tabIndex}:tab:${menu.tabs.length}:${tab.picture}`;
    this.values = new Map();
    if (what !== this.shown) {
      this.shown = what;
      this.inputs = new Map();
      this.root.replaceChildren(...(area ? this.#ofArea(menu, tab, area, chosen) : this.#ofTab(menu, tab, tabIndex)));
    }
    this.#fill(menu, tab, area);
  }

  focus(name = "label") {
    this.inputs.get(name)?.focus();
  }

  #fill(menu, tab, area) {
    const values = area ? { ...area, ...prefixed("action.", area.action) } : { ...prefixed("menu.", menu), ...prefixed("tab.", tab) };
    for (const [name, value] of Object.entries(area?.action.values ?? {})) values[`value.${name}`] = value;
    for (const [name, input] of this.inputs) {
      if (input.type === "checkbox") input.checked = Boolean(values[name]);
      else if (input.tagName === "FIELDSET") for (const radio of input.querySelectorAll("input")) radio.checked = radio.value === (values[name] ?? "");
      else if (document.activeElement !== input || String(values[name] ?? "") !== input.value.trim()) input.value = values[name] ?? "";
    }
  }

  // An area

  #ofArea(menu, tab, area, index) {
    const set = (change, kind) => this.hooks.changeArea(index, change, kind);
    return [
      node("h2", { text: `ボタン${letterOf(index)}`, id: "fields-title" }),
      this.#text("label", "文字", 20, (value) => set({ label: value }, `label:${index}`)),
      this.#text("note", "小さい文字(任意)", 16, (value) => set({ note: value }, `note:${index}`)),
      this.#icons(area, (value) => set({ icon: value }, null)),
      this.#choices("tone", "色", this.words.tones, (value) => set({ tone: value }, null)),
      ...this.#action(menu, area, index, set),
      this.#sides(tab, area, index),
      node("div", { className: "actions" },
        this.#button("前へ", "arrow-left", () => this.hooks.reorder(index, index - 1), index === 0),
        this.#button("後ろへ", "arrow-right", () => this.hooks.reorder(index, index + 1), index === tab.areas.length - 1),
        this.#button("ボタンを消す", "trash", () => this.hooks.remove(index))),
    ];
  }

  #action(menu, area, index, set) {
    const { action } = area;
    const change = (part, kind) => set({ action: { ...action, ...part } }, kind && `${kind}:${index}`);
    const kinds = Object.entries(ACTION_WORDS).map(([value, word]) => [value, word]);
    const fields = [this.#select("action.type", "押したときの動作", kinds, (value) => set({ action: newAction(value, menu) }, null))];
    if (action.type === "postback") fields.push(...this.#command(action, index, set));
    if (action.type === "message") fields.push(this.#text("action.text", "送る言葉", 300, (text) => change({ text }, "text")));
    if (action.type === "uri") fields.push(this.#text("action.uri", "アドレス(https:// や tel:)", 1000, (uri) => change({ uri }, "uri"), "url"));
    if (action.type === "tab") fields.push(this.#select("action.tab", "切り替え先のタブ", menu.tabs.map((tab) => [tab.key, tab.title]), (tab) => change({ tab }, null)));
    return fields;
  }

  #command(action, index, set) {
    const { commands } = this.words;
    const wanted = commands.find((each) => each.name === action.command)?.values ?? [];
    const change = (part, kind) => set({ action: { ...action, ...part } }, kind && `${kind}:${index}`);
    const choose = (command) => set({ action: { ...action, command, values: {} } }, null);
    return [
      this.#select("action.command", "機能", commands.map((each) => [each.name, each.title]), choose),
      ...wanted.map(([name, meaning]) => (name === "name" && this.words.surveys.length
        ? this.#select(`value.${name}`, meaning, [["", "選んでください"], ...this.words.surveys], (value) => change({ values: { ...action.values, [name]: value } }, null))
        : this.#text(`value.${name}`, meaning, 100, (value) => change({ values: { ...action.values, [name]: value } }, `value-${name}`)))),
      this.#text("action.says", "トークに出る言葉(空なら文字と同じ)", 300, (says) => change({ says }, "says")),
    ];
  }

  #sides(tab, area, index) {
    const inputs = SIDES.map(([side, word]) => {
      const input = node("input", { type: "number", className: "form-control", min: "0", step: "1", inputmode: "numeric", id: `f-${side}` });
      input.addEventListener("change", () => {
        const value = Number.parseInt(input.value, 10);
        if (Number.isNaN(value)) input.value = area[side];
        else this.hooks.changeBounds(index, clamp({ ...this.hooks.areaNow(index), [side]: value }, sizeOf(tab)));
      });
      this.inputs.set(side, input);
      return node("div", {}, node("label", { className: "form-label", for: `f-${side}`, text: word }), input);
    });
    return node("fieldset", { className: "sides field" }, node("legend", { className: "form-label", text: "場所と大きさ(px)" }), ...inputs);
  }

  // The tab and the menu

  #ofTab(menu, tab, tabIndex) {
    const set = (change, kind) => this.hooks.changeTab(change, kind);
    const file = node("input", { type: "file", className: "form-control", id: "f-file", accept: "image/png,image/jpeg", on: { change: () => { if (file.files[0]) this.hooks.upload(file.files[0]); } } });
    return [
      node("h2", { text: "タブとメニュー", id: "fields-title" }),
      node("p", { className: "hint", text: "ボタンを選ぶと、文字や動作を変えられます。空いた所をなぞると、ボタンを足せます。" }),
      this.#text("tab.title", "このタブの呼び名", 30, (title) => set({ title }, `tab:${tabIndex}`)),
      this.#text("menu.bar", "メニューバーの文字(14文字まで)", 30, (bar) => this.hooks.changeMenu({ bar }, "bar")),
      this.#check("menu.is_open", "トークを開いたとき、メニューも開く", (is_open) => this.hooks.changeMenu({ is_open }, null)),
      node("div", { className: "field" },
        node("label", { className: "form-label", for: "f-file", text: "画像を自分で用意する(任意)" }),
        node("p", { className: "hint", text: "PNGかJPEG、1MBまで、幅800〜2500px。ないときは、文字とアイコンから描きます。" }),
        file,
        tab.picture !== "" && this.#button("画像を外して、描いたものに戻す", "arrow-counterclockwise", () => set({ picture: "" }, null))),
      node("div", { className: "actions" },
        this.#button("タブを消す", "trash", () => this.hooks.removeTab(tabIndex), menu.tabs.length === 1)),
    ];
  }

  // Parts

  #text(name, label, most, act, type = "text") {
    const id = `f-${name.replace(".", "-")}`;
    const input = node("input", { type, className: "form-control", id, maxlength: String(most * 2), autocomplete: "off", on: { input: () => act(input.value) } });
    this.inputs.set(name, input);
    return node("div", { className: "field" }, node("label", { className: "form-label", for: id, text: label }), input, node("p", { className: "fault", "data-fault": name, hidden: true }));
  }

  #check(name, label, act) {
    const id = `f-${name.replace(".", "-")}`;
    const input = node("input", { type: "checkbox", className: "form-check-input", id, on: { change: () => act(input.checked) } });
    this.inputs.set(name, input);
    return node("div", { className: "form-check field" }, input, node("label", { className: "form-check-label", for: id, text: label }));
  }

  #select(name, label, options, act) {
    const id = `f-${name.replace(".", "-")}`;
    const input = node("select", { className: "form-select", id, on: { change: () => act(input.value) } }, ...options.map(([value, word]) => node("option", { value, text: word })));
    this.inputs.set(name, input);
    return node("div", { className: "field" }, node("label", { className: "form-label", for: id, text: label }), input, node("p", { className: "fault", "data-fault": name, hidden: true }));
  }

  #choices(name, label, options, act) {
    const radios = options.map(([value, word]) => node("label", { className: `swatch tone-${value}` },
      node("input", { type: "radio", name: `f-${name}`, value, on: { change: () => act(value) } }), node("span", { text: word })));
    const set = node("fieldset", { className: "swatches field" }, node("legend", { className: "form-label", text: label }), ...radios);
    this.inputs.set(name, set);
    return set;
  }

  #icons(area, act) {
    const known = this.words.icons;
    const all = area.icon && !known.some(([value]) => value === area.icon) ? [[area.icon, area.icon], ...known] : known;
    const radios = [["", "なし"], ...all].map(([value, word]) => node("label", { className: "pick", title: word },
      node("input", { type: "radio", name: "f-icon", value, on: { change: () => act(value) } }),
      value ? icon(value) : node("span", { "aria-hidden": "true", text: "–" }), node("span", { className: "visually-hidden", text: word })));
    const set = node("fieldset", { className: "icons field" }, node("legend", { className: "form-label", text: "アイコン" }), node("div", { className: "icon-grid" }, ...radios));
    this.inputs.set("icon", set);
    return set;
  }

  #button(words, sign, act, isOff = false) {
    return node("button", { type: "button", className: "btn btn-sm btn-plain", disabled: isOff, on: { click: act } }, icon(sign), ` ${words}`);
  }
}

function prefixed(prefix, values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

export const mostAreas = LETTERS.length;
