// The page: whose phones are open, who is there, and the drawer behind them.

import { Unreachable, get, post } from "./client.js";
import { Drawer } from "./drawer.js";
import { People } from "./people.js";
import { Phone } from "./phone.js";
import { now, setNow } from "./times.js";
import { language, speak, t, translate } from "./words.js";

const find = (selector) => document.querySelector(selector);
const state = { people: [], account: "", assetHost: null, phones: [], front: 0 };
const address = new URL(location.href);

document.documentElement.lang = language;
document.title = t(document.title);
translate(document.body);

const people = new People(document, { choose, add: addPerson });
const drawer = new Drawer(document, {
  toast: (words) => front()?.toast(words),
  onClock: refreshClock,
  person: () => state.people.find((each) => each.id === front()?.person) ?? null,
  nameOf: (id) => hooks.nameOf(id) ?? null,
  show: async (id) => { await refreshPeople(); choose(id); },
});
const hooks = {
  account: () => state.account,
  assetHost: () => state.assetHost,
  nameOf: (id) => state.people.find((each) => each.id === id)?.name,
  onCall: () => drawer.refreshWire(),
  onClock: refreshClock,
  onPeople: refreshPeople,
  onReset: () => refreshPeople().then(() => drawer.clear()),
  onFront: (phone) => bringToFront(state.phones.indexOf(phone)),
};

function front() {
  return state.phones[state.front];
}

function newPhone() {
  const phone = new Phone(find("#phone"), hooks, state.phones.length);
  find(".phones").append(phone.root);
  state.phones.push(phone);
  return phone;
}

async function refreshPeople() {
  const answer = await get("/people");
  find(".unreachable").hidden = true;
  state.people = answer.people;
  state.account = answer.account.name;
  state.assetHost = answer.asset_host;
  for (const phone of state.phones) phone.know(state.people);
  people.show(state.people, state.phones.map((phone) => phone.person), front()?.person);
  drawer.refreshPerson();
}

async function addPerson(name) {
  const person = await post("/people", { name });
  await refreshPeople();
  choose(person.id);
}

// The person's phone comes to the front: their own if it is open, else the one that is in front becomes theirs.
function choose(id) {
  const open = state.phones.findIndex((phone) => phone.person === id);
  if (open >= 0) {
    bringToFront(open);
    return;
  }
  const phone = front() ?? newPhone();
  openFor(phone, id);
  bringToFront(state.front);
}

// What is known of the person shows at once: a field that came and went would lose what is being typed.
function openFor(phone, id) {
  people.seen(id);
  phone.open(id, whenReady);
  phone.know(state.people);
}

function bringToFront(index) {
  state.front = index;
  state.phones.forEach((phone, place) => phone.root.classList.toggle("front", place === index));
  address.pathname = "/phone";
  state.phones.forEach((phone, place) => address.searchParams.set(place ? "beside" : "person", phone.person));
  if (state.phones.length < 2) address.searchParams.delete("beside");
  history.replaceState(null, "", address);
  people.show(state.people, state.phones.map((phone) => phone.person), front()?.person);
  drawer.refreshPerson();
}

async function placeBeside(isWanted) {
  find(".beside-toggle").setAttribute("aria-pressed", String(isWanted));
  document.body.classList.toggle("with-two", isWanted);
  if (!isWanted) {
    for (const phone of state.phones.splice(1)) phone.close();
    bringToFront(0);
    return;
  }
  const other = state.people.find((person) => person.id !== state.phones[0]?.person);
  if (other) openBeside(other.id);
  else await besideSomebodyNew();
}

async function besideSomebodyNew() {
  const person = await post("/people", { name: t("架空 次郎") });
  await refreshPeople();
  openBeside(person.id);
}

function openBeside(id) {
  const phone = newPhone();
  openFor(phone, id);
  bringToFront(state.phones.length - 1);
}

async function refreshClock() {
  const clock = await get("/clock");
  setNow(clock.now);
  showTime();
  drawer.showClock(clock);
}

function showTime() {
  for (const phone of state.phones) phone.showTime(now());
  drawer.showTime();
}

// The words of a link that opened the talk; loaded again, the page does not bring them back.
function prefillOnce() {
  const text = address.searchParams.get("text");
  if (!text) return;
  address.searchParams.delete("text");
  history.replaceState(null, "", address);
  front().prefill(text);
}

async function whenReady() {
  await Promise.all([refreshClock(), refreshPeople()]);
  document.documentElement.dataset.ready = "true";
}

// What the page asks by itself and nobody waits for: the live view reconnects, and then all is read again.
window.addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof Unreachable)) return;
  event.preventDefault();
  find(".unreachable").hidden = false;
});
find(".beside-toggle").addEventListener("click", () => placeBeside(state.phones.length < 2));
find(".language-toggle").textContent = language === "en" ? "日本語" : "English";
find(".language-toggle").lang = language === "en" ? "ja" : "en";
find(".language-toggle").addEventListener("click", () => speak(language === "en" ? "ja" : "en"));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const phone of state.phones) phone.closePanels();
  people.open(false);
});

await refreshPeople();
const wanted = address.searchParams.get("person") ?? state.people[0]?.id;
const beside = address.searchParams.get("beside");
const isThere = (id) => state.people.some((person) => person.id === id);
if (wanted && isThere(wanted)) {
  choose(wanted);
  prefillOnce();
} else {
  newPhone().know(state.people);
  people.open(true);
  await refreshClock();
  document.documentElement.dataset.ready = "true";
}
if (beside && beside !== wanted && isThere(beside)) {
  find(".beside-toggle").setAttribute("aria-pressed", "true");
  document.body.classList.add("with-two");
  openBeside(beside);
}
setInterval(showTime, 1000);
