// What the editor asks of the server. Every answer is JSON; whatever else comes is said in one sentence.

const LATER = "サーバーに届きませんでした。入力内容は残っています。";
const SIGNED_OUT = "サインインの期限が切れました。入力内容は、このブラウザーに残っています。サインインし直して、この画面を開いてください。";

export class Refused extends Error {
  constructor(status, answer, words = LATER) {
    super(words);
    this.status = status;
    this.answer = answer;
  }
}

export class Server {
  constructor(addresses, csrf) {
    this.addresses = addresses;
    this.csrf = csrf;
  }

  look(menu, tab) {
    return this.#post(this.addresses.look, JSON.stringify({ menu, tab }));
  }

  save(menu, stamp, isLeaving = false) {
    return this.#post(this.addresses.save, JSON.stringify({ menu, stamp }), isLeaving);
  }

  upload(file) {
    const body = new FormData();
    body.append("picture", file);
    return this.#post(this.addresses.upload, body);
  }

  async #post(address, body, keepalive = false) {
    const headers = { "X-CSRFToken": this.csrf };
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(address, { method: "POST", body, headers, keepalive, redirect: "manual" });
    } catch {
      throw new Refused(0, {});
    }
    if (response.type === "opaqueredirect" || response.status === 400) throw new Refused(401, {}, SIGNED_OUT);
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refused(response.status, answer);
    return answer;
  }
}
