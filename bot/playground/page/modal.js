// The modal on top of the user's stack, and the small one that asks whether one is sure.

import { blocksOf } from "./blocks.js";
import { h } from "./dom.js";
import { busy } from "./elements.js";
import { withEmoji } from "./mrkdwn.js";

const dialog = document.getElementById("modal");
const question = document.getElementById("confirm");
let shown = "";
let viewId = "";
let filled = new Map(); // what was typed, by block id
let sent = {}; // what of it the bot has been sent: a view that comes back anew knows better

/** Shows this view, or none. `act` performs a gesture on it and gives {ok, errors}. */
export function showModal(view, scene) {
  const mark = view ? `${view.id} ${view.hash}` : "";
  if (mark === shown) return;
  if (view?.id !== viewId) filled = new Map();
  else for (const [block, value] of Object.entries(sent)) if (filled.get(block) === value) filled.delete(block);
  [shown, viewId, sent] = [mark, view?.id ?? "", {}];
  if (view) draw(view, scene, {});
  else dialog.close();
}

function draw(view, scene, errors) {
  const typing = document.activeElement?.id;
  const act = (gesture) => send(view, scene, gesture);
  const here = { ...scene, values: view.state.values, filled, errors, act, put: (block, value) => filled.set(block, value) };
  const body = h("div", { class: "body" }, blocksOf(view.blocks, here));
  const form = h("form", { method: "dialog", onsubmit: submit }, head(view, close), body, foot(view, close));
  function close() {
    return act({ does: "close" });
  }
  async function submit(event) {
    event.preventDefault();
    const send = form.querySelector("[type=submit]");
    if (send) await busy(send, async () => complain(view, scene, await act({ does: "submit" })));
  }
  dialog.replaceChildren(form);
  dialog.oncancel = (event) => {
    event.preventDefault();
    close();
  };
  if (!dialog.open) dialog.showModal();
  const again = document.getElementById(typing) ?? form.querySelector("[autofocus], .wrong input, .wrong textarea");
  again?.focus();
}

function complain(view, scene, done) {
  if (Object.keys(done.errors).length) draw(view, scene, done.errors);
}

/** Slack sends what all inputs hold along with whatever is done; from then on it knows them. */
function send(view, scene, gesture) {
  sent = gesture.does === "close" ? {} : Object.fromEntries(filled);
  return scene.act({ ...gesture, where: view.id, filled: sent });
}

const head = (view, close) =>
  h(
    "header",
    {},
    h("h2", {}, withEmoji(view.title.text)),
    h("button", { type: "button", class: "plain", "aria-label": "Close", onclick: close }, "✕"),
  );

const foot = (view, close) =>
  h(
    "footer",
    {},
    h("button", { type: "button", class: "button", onclick: close }, withEmoji(view.close?.text ?? "Cancel")),
    view.submit ? h("button", { type: "submit", class: "button primary" }, withEmoji(view.submit.text)) : null,
  );

/** Asks what a `confirm` object says, and gives whether the answer is yes. */
export function sure({ title, text, confirm, deny, style }) {
  return new Promise((answer) => {
    const say = (yes) => () => {
      question.close();
      answer(yes);
    };
    const no = h("button", { type: "button", class: "button", onclick: say(false) }, deny?.text ?? "Cancel");
    const yes = h("button", { type: "button", class: `button ${style ?? "primary"}`, onclick: say(true) }, confirm?.text ?? "Yes");
    question.replaceChildren(h("h2", {}, title?.text ?? "Are you sure?"), h("p", {}, text.text), h("footer", {}, no, yes));
    question.oncancel = say(false);
    question.showModal();
  });
}
