// What the editor asks of the server. Every answer is JSON; whatever else comes is said in one sentence.

const LATER = "サーバーに届きませんでした。入力内容は残っています。";

export class Refused extends Error {
  constructor(status, answer) {
    super(LATER);
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
      response = await fetch(address, { method: "POST", body, headers, keepalive, redirect: "error" });
    } catch {
      throw new Refused(0, {});
    }
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refused(response.status, answer);
    return answer;
  }
}
