// One phone: whose it is, what it shows, what it sends.

import { Chat } from "./chat.js";
import { contentAddress, get, listen, post } from "./client.js";
import { Composer } from "./composer.js";
import { Drawer } from "./drawer.js";
import { People } from "./people.js";
import { onTap } from "./taps.js";
import { now, setNow, timeOf } from "./times.js";

const TOAST_MS = 2500;
const state = { people: [], person: null, account: "", assetHost: null, stop: () => {}, late: null };
const find = (selector) => document.querySelector(selector);

const chat = new Chat(document, {
  account: () => state.account,
  assetHost: () => state.assetHost,
  content: contentAddress,
  nameOf: (id) => state.people.find((each) => each.id === id)?.name,
  onUnsend: (id) => attempt(() => post(`${personPath()}/unsend`, { message_id: id })),
  onAction: (action, node) => onTap(action, node, phone),
});
const composer = new Composer(document, send);
const people = new People(document, { choose, add: addPerson });
const drawer = new Drawer(document, { toast, onClock: refreshClock });
const phone = {
  send,
  toast,
  tap: (action, params) => attempt(() => post(`${personPath()}/tap`, { action, params })),
  spendChips: () => chat.spendChips(),
  fill: (text) => composer.fill(text),
};

function personPath() {
  return `/people/${encodeURIComponent(state.person)}`;
}

// True when it worked; what did not is told to the person.
async function attempt(act) {
  try {
    await act();
    return true;
  } catch (error) {
    toast(`送れませんでした: ${error.message}`);
    return false;
  }
}

function send(kind, fields) {
  return attempt(() => post(`${personPath()}/${kind}`, fields));
}

let toastTimer;
function toast(words) {
  const node = find(".toast");
  node.textContent = words;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.hidden = true; }, TOAST_MS);
}

async function refreshPeople() {
  const answer = await get("/people");
  state.people = answer.people;
  state.account = answer.account.name;
  state.assetHost = answer.asset_host;
  find(".account-name").textContent = state.account;
  find(".follow-name").textContent = state.account;
  find(".follow-screen .avatar").textContent = [...state.account][0] ?? "";
  showPeople();
}

function showPeople() {
  people.show(state.people, state.person);
  const person = state.people.find((each) => each.id === state.person);
  showFriendship(person?.friendship);
}

function showFriendship(friendship) {
  find(".phone").dataset.friendship = friendship ?? "nobody";
  find(".follow-screen").hidden = friendship !== "none";
  find(".composer").hidden = friendship !== "friend";
  find(".blocked-strip").hidden = friendship !== "blocked";
  find(".chat-menu .block").hidden = friendship === "blocked";
  find(".chat-menu .unblock").hidden = friendship !== "blocked";
  find(".menu").hidden = !friendship || friendship === "none";
  if (friendship !== "friend") composer.open(false);
}

async function addPerson(name) {
  const person = await post("/people", { name });
  await refreshPeople();
  choose(person.id);
}

function choose(id) {
  state.stop();
  state.person = id;
  const address = new URL(location.href);
  address.pathname = "/phone";
  address.searchParams.set("person", id);
  history.replaceState(null, "", address);
  chat.show([]);
  showPeople();
  state.stop = listen(id, onEvent, () => refreshChat(id));
}

// The chat from its beginning, whenever the live view (re)opens. What happens meanwhile waits its turn:
// the answer may be older than it.
async function refreshChat(id) {
  state.late = [];
  const { entries } = await get(`/people/${encodeURIComponent(id)}/chat`);
  if (state.person === id) {
    chat.show(entries);
    for (const entry of state.late ?? []) chat.add(entry);
    state.late = null;
  }
  await Promise.all([refreshClock(), refreshPeople()]);
  document.documentElement.dataset.ready = "true";
}

function onEntry(entry) {
  if (state.late) state.late.push(entry);
  else chat.add(entry);
}

function onEvent(kind, data) {
  if (kind === "entry" || kind === "unsent") onEntry(data);
  else if (kind === "loading") chat.showDots(data.seconds);
  else if (kind === "call") drawer.refreshWire();
  else if (kind === "clock") refreshClock();
  else if (kind === "person") refreshPeople();
  else if (kind === "reset") refreshPeople().then(() => chat.show([]));
}

async function refreshClock() {
  const clock = await get("/clock");
  setNow(clock.now);
  showTime();
  drawer.showClock(clock);
}

function showTime() {
  find(".status-time").textContent = timeOf(now());
  drawer.showTime();
}

function openMenu(isOpen) {
  find(".chat-menu").hidden = !isOpen;
  find(".menu").setAttribute("aria-expanded", String(isOpen));
}

function befriend(act) {
  openMenu(false);
  return attempt(() => post(`${personPath()}/${act}`));
}

find(".menu").addEventListener("click", () => openMenu(find(".chat-menu").hidden));
find(".follow").addEventListener("click", () => befriend("follow"));
find(".block").addEventListener("click", () => befriend("block"));
for (const button of document.querySelectorAll(".unblock")) button.addEventListener("click", () => befriend("unblock"));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openMenu(false);
  composer.open(false);
  people.open(false);
});

await refreshPeople();
const wanted = new URLSearchParams(location.search).get("person") ?? state.people[0]?.id;
if (wanted && state.people.some((person) => person.id === wanted)) choose(wanted);
else {
  people.open(true);
  await refreshClock();
  document.documentElement.dataset.ready = "true";
}
setInterval(showTime, 1000);
