// One phone: whose it is, what it shows, what it sends.

import { Chat } from "./chat.js";
import { contentAddress, get, listen, post } from "./client.js";
import { Composer } from "./composer.js";
import { Keyboard } from "./keyboard.js";
import { Notices } from "./notices.js";
import { RichMenu } from "./richmenu.js";
import { Screens } from "./screens.js";
import { onTap } from "./taps.js";
import { timeOf } from "./times.js";
import { t, translate } from "./words.js";

const TOAST_MS = 2500;

export class Phone {
  // hooks: { account(), assetHost(), nameOf(id), onCall(), onClock(), onPeople(), onReset(), onFront(phone) }
  constructor(template, hooks, number) {
    this.root = template.content.firstElementChild.cloneNode(true);
    translate(this.root);
    this.hooks = hooks;
    this.person = null;
    this.stop = () => {};
    this.late = null;
    this.#nameParts(number);
    this.chat = new Chat(this.root, {
      account: hooks.account,
      assetHost: hooks.assetHost,
      content: contentAddress,
      nameOf: hooks.nameOf,
      onUnsend: (id) => this.#attempt(() => post(`${this.#path()}/unsend`, { message_id: id })),
      onAction: (action, node) => onTap(action, node, this),
    });
    this.composer = new Composer(this.root, this);
    this.keyboard = new Keyboard(this.root, this.composer.field);
    this.richMenu = new RichMenu(this.root, { tap: (area, params) => this.#tapMenu(area, params), act: (action) => onTap(action, null, this, true), keyboard: this.keyboard });
    this.screens = new Screens(this.root, { account: hooks.account, name: () => this.name, onOpen: () => this.#refreshMenu() });
    this.notices = new Notices(this.root, this.screens, hooks.account);
    this.#listenToButtons();
  }

  // Whose phone this is from now on; `then` is called whenever its chat is there.
  open(person, then) {
    this.stop();
    this.person = person;
    this.chat.show([]);
    this.screens.begin();
    this.notices.clear();
    this.stop = listen(person, (kind, data) => this.#onEvent(kind, data), () => this.#refreshChat(person, then));
  }

  close() {
    this.stop();
    this.root.remove();
  }

  // A link has opened the talk with these words in the field; nothing is sent yet.
  prefill(text) {
    this.composer.fill(text);
    this.richMenu.showInput();
  }

  know(people) {
    const person = people.find((each) => each.id === this.person);
    const account = this.hooks.account();
    this.name = person?.name ?? "";
    this.root.setAttribute("aria-label", person ? t("{name}さんのスマートフォン", { name: person.name }) : t("スマートフォン"));
    this.#find(".account-name").textContent = account;
    this.#find(".follow-name").textContent = account;
    this.#find(".follow-screen .avatar").textContent = [...account][0] ?? "";
    this.#showFriendship(person?.friendship);
    this.screens.draw();
  }

  showTime(at) {
    this.#find(".status-time").textContent = timeOf(at);
    this.screens.showTime(at);
  }

  closePanels() {
    this.#openSettings(false);
    this.composer.open(false);
  }

  toast(words) {
    const node = this.#find(".toast");
    node.textContent = words;
    node.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { node.hidden = true; }, TOAST_MS);
  }

  send(kind, fields) {
    return this.#attempt(() => post(`${this.#path()}/${kind}`, fields));
  }

  tap(action, params) {
    return this.#attempt(() => post(`${this.#path()}/tap`, { action, params }));
  }

  // LINE's own pages ask whose browser it is; they open in a new tab of it.
  async browse(address) {
    const tab = window.open("about:blank", "_blank");
    if (tab) tab.opener = null;
    await this.#attempt(() => post(`${this.#path()}/browser`));
    if (tab) tab.location.href = address;
    else this.toast(t("新しいタブを開けませんでした"));
    return true;
  }

  spendChips() {
    this.chat.spendChips();
  }

  // What a postback says about the bottom of the screen.
  obey(option, text) {
    if (option === "openKeyboard") {
      this.richMenu.showInput();
      this.composer.fill(text);
      this.keyboard.open();
    } else if (option === "closeRichMenu") this.richMenu.open(false);
    else if (option === "openRichMenu") this.richMenu.open(true);
    else if (option === "openVoice") {
      this.richMenu.showInput();
      this.toast(t("音声入力を開きます（見本）"));
    }
  }

  #nameParts(number) {
    for (const [part, control] of [[".chat-menu", ".menu"], [".attachments", ".attach"], [".rich-menu", ".chat-bar-text"]]) {
      this.#find(part).id = `${part.slice(1)}-${number}`;
      this.#find(control).setAttribute("aria-controls", this.#find(part).id);
    }
  }

  #listenToButtons() {
    this.root.addEventListener("pointerdown", () => this.hooks.onFront(this));
    this.root.addEventListener("focusin", () => { if (!this.root.classList.contains("front")) this.hooks.onFront(this); });
    this.#find(".menu").addEventListener("click", () => this.#openSettings(this.#find(".chat-menu").hidden));
    this.#find(".back").addEventListener("click", () => this.screens.show("list"));
    this.#find(".lock").addEventListener("click", () => { this.#openSettings(false); this.screens.show("closed"); });
    this.#find(".keyboard-toggle").addEventListener("click", (event) => {
      event.target.setAttribute("aria-pressed", String(this.keyboard.wish(!this.keyboard.isWished)));
    });
    this.#find(".follow").addEventListener("click", () => this.#befriend("follow"));
    this.#find(".block").addEventListener("click", () => this.#befriend("block"));
    for (const button of this.root.querySelectorAll(".unblock")) button.addEventListener("click", () => this.#befriend("unblock"));
  }

  #openSettings(isOpen) {
    this.#find(".chat-menu").hidden = !isOpen;
    this.#find(".menu").setAttribute("aria-expanded", String(isOpen));
  }

  #befriend(act) {
    this.#openSettings(false);
    return this.#attempt(() => post(`${this.#path()}/${act}`));
  }

  #showFriendship(friendship) {
    this.root.dataset.friendship = friendship ?? "nobody";
    this.#find(".follow-screen").hidden = friendship !== "none";
    this.#find(".blocked-strip").hidden = friendship !== "blocked";
    this.#find(".chat-menu .block").hidden = friendship === "blocked";
    this.#find(".chat-menu .unblock").hidden = friendship !== "blocked";
    this.#find(".menu").hidden = !friendship || friendship === "none";
    this.richMenu.allow(friendship === "friend");
    if (friendship !== "friend") this.composer.open(false);
  }

  // The chat from its beginning, whenever the live view (re)opens. What happens meanwhile waits its turn:
  // the answer may be older than it.
  async #refreshChat(person, then) {
    this.late = [];
    const { entries } = await get(`/people/${encodeURIComponent(person)}/chat`);
    if (this.person !== person) return;
    this.chat.show(entries);
    this.screens.know(entries);
    for (const entry of this.late ?? []) this.#add(entry);
    this.late = null;
    await Promise.all([this.#refreshMenu(), this.screens.sms.load(person)]);
    this.screens.draw();
    await then();
  }

  #onEvent(kind, data) {
    if (kind === "entry" || kind === "unsent") this.#onEntry(data);
    else if (kind === "loading") this.chat.showDots(data.seconds);
    else if (kind === "menu") this.#refreshMenu();
    else if (kind === "sms") this.#onSms(data.sms);
    else if (kind === "call") this.hooks.onCall();
    else if (kind === "clock") this.hooks.onClock();
    else if (kind === "person") this.#onPerson();
    else if (kind === "ring") this.hooks.onPeople();
    else if (kind === "reset") this.hooks.onReset().then(() => this.chat.show([]));
  }

  async #onPerson() {
    await this.hooks.onPeople();
    await this.#refreshMenu();
  }

  #onEntry(entry) {
    if (this.late) this.late.push(entry);
    else this.#add(entry);
  }

  #add(entry) {
    this.chat.add(entry);
    this.screens.add(entry);
    if (entry.from === "bot") this.notices.ring(entry);
  }

  #onSms(message) {
    this.screens.sms.add(message);
    this.screens.draw();
    if (this.screens.now !== "sms") this.notices.announce(`SMS ${message.from}`, message.text, "sms");
  }

  async #refreshMenu() {
    if (!this.person) return;
    const { menu } = await get(`${this.#path()}/menu`);
    this.richMenu.show(menu);
  }

  async #tapMenu(area, params) {
    let answer = null;
    await this.#attempt(async () => { answer = await post(`${this.#path()}/menu/tap`, { ...area, params }); });
    if (answer) this.richMenu.show(answer.menu, true);
    return answer?.action ?? null;
  }

  #path() {
    return `/people/${encodeURIComponent(this.person)}`;
  }

  // True when it worked; what did not is told to the person.
  async #attempt(act) {
    try {
      await act();
      return true;
    } catch (error) {
      this.toast(t("送れませんでした: {why}", { why: error.message }));
      return false;
    }
  }

  #find(selector) {
    return this.root.querySelector(selector);
  }
}
