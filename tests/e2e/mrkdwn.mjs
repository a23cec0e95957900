// What the page makes of Slack's mrkdwn.

import assert from "node:assert/strict";
import { parse, unescaped } from "../../bot/playground/page/mrkdwn.js";

const flat = (parts) => parts.map(({ kind, text, url, parts: inside }) => [kind, url ?? text ?? "", ...(inside ? [flat(inside)] : [])]);
const reads = (mrkdwn, ...parts) => assert.deepEqual(flat(parse(mrkdwn, { UDANA: "Dana" })), parts, mrkdwn);

reads("plain", ["text", "plain"]);
reads("*DBT* today", ["bold", "", [["text", "DBT"]]], ["text", " today"]);
reads("*bold _and italic_*", ["bold", "", [["text", "bold "], ["italic", "", [["text", "and italic"]]]]]);
reads("2*3*4 and snake_case_name", ["text", "2*3*4 and snake_case_name"]);
reads("~gone~", ["strike", "", [["text", "gone"]]]);
reads("`a < b & *c*`", ["code", "a < b & *c*"]);
reads("```\nas *typed*```", ["block", "as *typed*"]);
reads("&lt;b&gt;x&lt;/b&gt; &amp;amp;", ["text", "<b>x</b> &amp;"]);
reads("<https://example.org/?a=1&amp;b=2|here>", ["link", "https://example.org/?a=1&b=2", [["text", "here"]]]);
reads("<https://example.org>", ["link", "https://example.org", [["text", "https://example.org"]]]);
reads("<javascript:alert(1)|here>", ["text", "<javascript:alert(1)|here>"]);
reads("<@UDANA> <@UELSE|pat> <!here>", ["mention", "@Dana"], ["text", " "], ["mention", "@pat"], ["text", " "], ["mention", "@here"]);
reads("<!date^1789000000^{date}|Sep 9>", ["text", "Sep 9"]);
reads(":wave: :nobody_knows:", ["text", "👋"], ["text", " "], ["text", ":nobody_knows:"]);
reads("&gt; said\nafter", ["quote", "", [["text", "said"]]], ["text", "\nafter"]);
reads("2:00–3:15 PM · 10:30:15", ["text", "2:00–3:15 PM · 10:30:15"]);
assert.equal(unescaped("&amp;lt;"), "&lt;");
console.log("mrkdwn is read as Slack reads it");
