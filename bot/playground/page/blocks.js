// Block Kit's blocks as DOM nodes, as far as the bot uses them; the rest is named where it would stand.

import { h } from "./dom.js";
import { elementOf, idOf } from "./elements.js";
import { richText, textOf } from "./words.js";

/**
 * The nodes for these blocks. `scene`: {values, filled, errors, names, act, put, sure}: what Slack knows of the inputs,
 * what was typed since, what is said of single inputs, what people are called, and what happens when somebody acts.
 */
export const blocksOf = (blocks, scene) => blocks.map((block) => (BLOCKS[block.type] ?? unknown)(block, scene));

const BLOCKS = {
  section: (block, scene) =>
    h(
      "div",
      { class: block.accessory ? "block section with-accessory" : "block section" },
      h(
        "div",
        { class: "words" },
        block.text ? h("div", { class: "text" }, textOf(block.text, scene.names)) : null,
        block.fields ? h("div", { class: "fields" }, block.fields.map((each) => h("div", {}, textOf(each, scene.names)))) : null,
      ),
      block.accessory ? h("div", { class: "accessory" }, held(block.accessory, block, scene)) : null,
    ),
  header: (block) => h("h3", { class: "block header" }, textOf(block.text)),
  divider: () => h("hr", { class: "block divider" }),
  context: (block, scene) => h("div", { class: "block context" }, block.elements.map((each) => held(each, block, scene))),
  actions: (block, scene) => h("div", { class: "block actions" }, block.elements.map((each) => held(each, block, scene))),
  image: (block) => h("div", { class: "block context" }, `[${block.alt_text}]`),
  rich_text: (block) => h("div", { class: "block text" }, richText(block)),
  input: input,
};

/** An element, or a text or a picture where a context block may hold one. */
function held(element, block, scene) {
  if (element.type === "mrkdwn" || element.type === "plain_text") return h("span", {}, textOf(element, scene.names));
  if (element.type === "image") return h("span", {}, `[${element.alt_text}]`);
  return elementOf(element, block, scene);
}

function input(block, scene) {
  const error = scene.errors?.[block.block_id];
  const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
  return h(
    "div",
    { class: error ? "block input wrong" : "block input" },
    h("label", { class: "label", for: idOf(block) }, textOf(block.label), optional),
    elementOf(block.element, block, scene),
    error ? h("p", { class: "error", role: "alert" }, error) : null,
    block.hint ? h("p", { class: "hint" }, textOf(block.hint)) : null,
  );
}

const unknown = (block) => h("div", { class: "block unknown" }, `[${block.type}]`);
