// The menu editor: what is being edited, what is chosen, and what follows a change.

import { Backup } from "./backup.js";
import { Board } from "./board.js";
import { Fields, mostAreas } from "./fields.js";
import { letterOf } from "./geometry.js";
import { History } from "./history.js";
import { isFilled, withArea, withAreaAt, withNewArea, withNewTab, withPicture, withPreset, withTab, withoutArea, withoutTab } from "./menu.js";
import { icon, node } from "./nodes.js";
import { Phone } from "./phone.js";
import { Server } from "./server.js";

const LOOK_MS = 300;
const SAVE_MS = 900;
const find = (selector) => document.querySelector(selector);
const data = JSON.parse(find("#menu-data").textContent);
const server = new Server(data.addresses, data.csrf);
const history = new History(data.menu);
const backup = new Backup(data.menu.name);
const MOST_BYTES = 1024 * 1024;
const state = { tab: 0, chosen: null, faults: [], stamp: data.stamp, unsaved: false, saving: null, conflict: null, looks: 0 };

const board = new Board(find(".board"), {
  choose,
  change: (index, bounds, kind) => {
    change(withArea(menu(), state.tab, index, bounds), kind);
    say(`ボタン${letterOf(index)} 横${bounds.x} 縦${bounds.y} 幅${bounds.width} 高さ${bounds.height}`);
  },
  add,
  remove,
  enter: () => fields.focus(),
});
const fields = new Fields(find(".fields"), data.words, {
  changeArea: (index, part, kind) => change(withArea(menu(), state.tab, index, part), kind),
  changeBounds: (index, bounds) => change(withArea(menu(), state.tab, index, bounds)),
  areaNow: (index) => tab().areas[index],
  changeTab: (part, kind) => change(withTab(menu(), state.tab, part), kind),
  changeMenu: (part, kind) => change({ ...menu(), ...part }, kind),
  removeTab,
  reorder,
  remove,
  upload,
});
const phone = new Phone(find(".phone-frame"), tapOnPhone);

function menu() {
  return history.now;
}

function tab() {
  return menu().tabs[state.tab];
}

// Every change goes through here: history, screen, then the server.
function change(next, kind = null) {
  history.add(next, kind);
  follow();
}

function follow() {
  state.tab = Math.min(state.tab, menu().tabs.length - 1);
  if (state.chosen !== null && state.chosen >= tab().areas.length) state.chosen = null;
  state.unsaved = true;
  backup.keep(menu(), state.stamp);
  show();
  soon("look", LOOK_MS, look);
  soon("save", SAVE_MS, save);
  find("#left").hidden = true;
}

function choose(index) {
  if (state.chosen === index) return;
  state.chosen = index;
  show();
}

function add(bounds) {
  if (tab().areas.length >= mostAreas) {
    say(`ボタンは${mostAreas}個までです。`);
    return;
  }
  state.chosen = tab().areas.length;
  change(withNewArea(menu(), state.tab, bounds));
  fields.focus();
  say(`ボタン${letterOf(state.chosen)}を足しました。`);
}

function remove(index) {
  const left = tab().areas.length - 1;
  state.chosen = left > 0 ? Math.min(index, left - 1) : null;
  change(withoutArea(menu(), state.tab, index));
  if (state.chosen === null) find(".board").focus();
  else board.focus(state.chosen);
  say(`ボタン${letterOf(index)}を消しました。「元に戻す」で戻せます。`);
}

function reorder(from, to) {
  state.chosen = to;
  change(withAreaAt(menu(), state.tab, from, to));
}

function removeTab(index) {
  state.chosen = null;
  change(withoutTab(menu(), index));
  say("タブを消しました。「元に戻す」で戻せます。");
}

async function upload(file) {
  if (file.size > MOST_BYTES) {
    status(`画像は1MBまでです(いま${(file.size / MOST_BYTES).toFixed(1)}MB)。JPEGにすると小さくなることがあります。`, true);
    return;
  }
  status("画像を確認しています…");
  try {
    const { picture, width, height } = await server.upload(file);
    change(withPicture(menu(), state.tab, picture, { width, height }));
    status("画像を取り込みました。");
  } catch (refused) {
    status((refused.answer?.faults ?? [refused.message]).join(" "), true);
  }
}

// As on a phone: tabs switch; any other button is the one to edit.
function tapOnPhone(index) {
  const { action } = tab().areas[index];
  const to = action.type === "tab" ? menu().tabs.findIndex((each) => each.key === action.tab) : -1;
  if (to >= 0) chooseTab(to);
  else {
    choose(index);
    board.focus(index);
  }
}

// Presets: with filled areas it asks first.
const presetDialog = find("#preset-dialog");
let wanted = null;
for (const preset of data.presets) find(".presets-list").append(presetButton(preset));
find("#preset-yes").addEventListener("click", () => {
  presetDialog.close();
  usePreset(wanted);
});

function presetButton(preset) {
  const small = node("span", { className: "preset-picture", "aria-hidden": "true" }, ...preset.areas.map(() => node("span")));
  small.style.aspectRatio = `${preset.size.width} / ${preset.size.height}`;
  [...small.children].forEach((spot, at) => {
    const { x, y, width, height } = preset.areas[at];
    Object.assign(spot.style, { left: `${(100 * x) / preset.size.width}%`, top: `${(100 * y) / preset.size.height}%`, width: `${(100 * width) / preset.size.width}%`, height: `${(100 * height) / preset.size.height}%` });
  });
  return node("button", { type: "button", className: "preset", "data-preset": preset.name, on: { click: () => askPreset(preset) } }, small, node("span", { text: preset.title }));
}

function askPreset(preset) {
  wanted = preset;
  const lost = Math.max(0, tab().areas.length - preset.areas.length);
  find("#preset-sentence").textContent = lost
    ? `ボタンの位置が変わります。文字と動作は順に引き継ぎ、あふれた${lost}個は消えます。`
    : "ボタンの位置が変わります。文字と動作は順に引き継ぎます。";
  if (isFilled(tab())) presetDialog.showModal();
  else usePreset(preset);
}

function usePreset(preset) {
  state.chosen = null;
  change(withPreset(menu(), state.tab, preset.name, preset));
  say(`配置を「${preset.title}」にしました。`);
}

// What is shown

function show() {
  const faulty = new Set(state.faults.filter((fault) => fault.is_error && fault.where[1] === state.tab && fault.where[2] === "areas").map((fault) => fault.where[3]));
  board.show(tab(), state.chosen, faulty);
  fields.show(menu(), state.tab, state.chosen);
  phone.show(menu(), tab());
  find(".tab-strip").replaceChildren(...menu().tabs.map(tabButton), node("button", { type: "button", className: "btn btn-sm btn-plain", disabled: menu().tabs.length >= 5, on: { click: addTab } }, icon("plus"), " タブを足す"));
  for (const button of document.querySelectorAll(".preset")) button.setAttribute("aria-pressed", String(button.dataset.preset === tab().preset));
  find("#undo").disabled = !history.canUndo;
  find("#redo").disabled = !history.canRedo;
}

function tabButton(each, index) {
  return node("button", { type: "button", className: "tab-choice", "aria-pressed": String(index === state.tab), on: { click: () => chooseTab(index) } }, each.title || each.key);
}

function chooseTab(index) {
  state.tab = index;
  state.chosen = null;
  show();
  board.showPicture(null);
  board.showGaps([]);
  look();
}

function addTab() {
  state.chosen = null;
  state.tab = menu().tabs.length;
  change(withNewTab(menu()));
  say("タブを足しました。配置を選ぶか、空いた所をなぞってください。");
}

function showFaults() {
  const errors = state.faults.filter((fault) => fault.is_error);
  const warnings = state.faults.length - errors.length;
  find("#faults-head").textContent = state.faults.length === 0 ? "検証 ✓ 問題はありません" : `検証 ■ 直すこと ${errors.length}件 ▲ 注意 ${warnings}件`;
  find(".fault-list").replaceChildren(...state.faults.map((fault) => node("li", { className: fault.is_error ? "error" : "warning" },
    node("span", { "aria-hidden": "true", text: fault.is_error ? "■ " : "▲ " }),
    node("span", { className: "visually-hidden", text: fault.is_error ? "直すこと: " : "注意: " }),
    node("button", { type: "button", className: "fault-link", text: fault.what, on: { click: () => goTo(fault.where) } }))));
  const own = state.faults.filter((fault) => fault.where[1] === state.tab && fault.where[3] === state.chosen && state.chosen !== null);
  for (const line of document.querySelectorAll(".fields [data-fault]")) {
    const found = own.find((fault) => fault.where.slice(4).join(".") === line.dataset.fault);
    line.hidden = !found;
    line.textContent = found ? found.what.replace(/^.*?: /, "") : "";
  }
}

function goTo(where) {
  if (where[0] !== "tabs") {
    state.chosen = null;
    show();
    fields.focus("menu.bar");
    return;
  }
  if (where[1] !== state.tab) chooseTab(where[1]);
  if (where[2] === "areas" && where[3] !== undefined) {
    choose(where[3]);
    board.focus(where[3]);
  }
}

// The server's word on it: the same rules as at publishing, and the picture.

async function look() {
  const number = ++state.looks;
  try {
    const answer = await server.look(menu(), tab().key);
    if (number !== state.looks) return;
    state.faults = answer.faults;
    if (answer.picture) {
      board.showPicture(answer.picture);
      phone.showPicture(answer.picture);
    }
    board.showGaps(answer.gaps);
    show();
    showFaults();
    document.documentElement.dataset.looked = String(number);
  } catch (refused) {
    if (number === state.looks) status(refused.message, true);
  }
}

async function save(isLeaving = false) {
  if (!state.unsaved || state.conflict) return;
  if (state.saving) await state.saving;
  const sent = menu();
  state.saving = server.save(sent, state.stamp, isLeaving).then((answer) => {
    state.stamp = answer.stamp;
    state.unsaved = menu() !== sent;
    if (!state.unsaved) backup.drop();
    status(`下書きを保存しました ${answer.at}`);
    document.documentElement.dataset.saved = answer.stamp;
  }, (refused) => {
    if (refused.status === 409) showConflict(refused.answer);
    else {
      status(refused.message, true);
      if (refused.status !== 401) soon("save", 5000, save);
    }
  });
  await state.saving;
  state.saving = null;
}

// Somebody else was faster: nothing is lost, and the person decides.

function showConflict(other) {
  state.conflict = other;
  find("#conflict-words").textContent = `${other.by}さんが先に保存しました(${other.at})。入力内容は残っています。違いを確認してください。`;
  find("#conflict").hidden = false;
  find("#conflict").focus();
}

find("#conflict-mine").addEventListener("click", () => {
  state.stamp = state.conflict.stamp;
  state.conflict = null;
  find("#conflict").hidden = true;
  save();
});
find("#conflict-theirs").addEventListener("click", () => {
  state.unsaved = false;
  backup.drop();
  location.reload();
});

// The bar, keys, leaving

find("#undo").addEventListener("click", undo);
find("#redo").addEventListener("click", redo);
find("#publish").addEventListener("click", async (event) => {
  event.preventDefault();
  clearTimeout(timers.save);
  await save();
  if (!state.conflict && !state.unsaved) location.assign(data.addresses.publish);
});

function undo() {
  if (!history.canUndo) return;
  history.undo();
  follow();
  say("元に戻しました。");
}

function redo() {
  if (!history.canRedo) return;
  history.redo();
  follow();
  say("やり直しました。");
}

document.addEventListener("keydown", (event) => {
  const isText = event.target instanceof HTMLInputElement && !["radio", "checkbox"].includes(event.target.type);
  if (!(event.ctrlKey || event.metaKey) || isText || event.isComposing) return;
  const key = event.key.toLowerCase();
  if (key === "z" || key === "y") {
    event.preventDefault();
    if (key === "y" || event.shiftKey) redo();
    else undo();
  }
});
addEventListener("beforeunload", (event) => {
  if (!state.unsaved) return;
  save(true);
  event.preventDefault();
});

const timers = {};
function soon(name, wait, act) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(act, wait);
}

function say(words) {
  find("#said").textContent = words;
}

function status(words, isTrouble = false) {
  const line = find("#status");
  line.textContent = words;
  line.classList.toggle("trouble", isTrouble);
}

// What an earlier visit could not send any more.
const left = backup.left(data.menu);
if (left) find("#left").hidden = false;
find("#left-take").addEventListener("click", () => {
  find("#left").hidden = true;
  change(left.menu);
});
find("#left-drop").addEventListener("click", () => {
  find("#left").hidden = true;
  backup.drop();
});

show();
look();
document.documentElement.dataset.ready = "true";
