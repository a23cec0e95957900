// Text objects and rich text of Block Kit, as DOM nodes.

import { h } from "./dom.js";
import { parse, withEmoji } from "./mrkdwn.js";

const TAGS = { bold: "strong", italic: "em", strike: "s", quote: "blockquote", code: "code", block: "pre" };

/** Nodes for mrkdwn. `names`: what people are called, by their Slack user id. */
export const mrkdwn = (text, names) => parse(text, names).map(nodeOf);

function nodeOf(part) {
  const inside = part.parts ? part.parts.map(nodeOf) : [part.text];
  if (part.kind === "text") return document.createTextNode(part.text);
  if (part.kind === "mention") return h("span", { class: "mention" }, inside);
  if (part.kind === "link") return link(part.url, inside);
  return h(TAGS[part.kind], {}, inside);
}

export const link = (url, inside) => h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, inside);

/** A text object: {type, text}. */
export const textOf = (object, names) =>
  object.type === "mrkdwn" ? mrkdwn(object.text, names) : [withEmoji(object.text)];

/** A rich_text block: what people type arrives as one. */
export const richText = (block) => block.elements.map((section) => richSection(section));

function richSection(section) {
  const inside = section.elements.map((element) => (element.elements ? h("li", {}, richSection(element)) : run(element)));
  const tag = { rich_text_list: "ul", rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[section.type];
  return h(tag ?? "p", {}, inside);
}

function run(element) {
  if (element.type === "link") return /^https?:/.test(element.url) ? link(element.url, [element.text ?? element.url]) : element.url;
  if (element.type === "emoji") return withEmoji(`:${element.name}:`);
  const styles = Object.keys(element.style ?? {}).filter((name) => TAGS[name]);
  return styles.reduce((node, name) => h(TAGS[name], {}, node), element.text ?? "");
}
