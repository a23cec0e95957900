// A whole evening at Riverbend: two clinicians report, answer and sign, the supervisor co-signs, the office looks.
// usage: CHROMIUM=/path/to/chromium node evening.mjs ADDRESS FOLDER-FOR-PICTURES
// The days are in September: the code sets that the fictional practice bills by are those of that year.

import assert from "node:assert/strict";
import { Visit } from "./page.mjs";

const [url, shots] = process.argv.slice(2);
const DBT =
  "DBT 9/15 2-3:15, TIPP + ice water. Maria, Kay, Tom, Bob there, Priya 15 late. Ana called out sick. " +
  "Will and Deshawn no-show. Tom irritable at check in, redirected x2, came round. Kay tearful, denied SI. " +
  "Priya did her diary card. Maria practiced opp action w/ her mom. Bob led the closing mindfulness.";
const PROCESS =
  "Process group 9/17 6-7:30, here and now check-in. Grace, Mark, Jon there. Maria Gonzalez, Maria Lindqvist and Hope cancelled. " +
  "Grace cried <b>a little</b>. Mark listened. Jon named two feelings.";

const at = await Visit.begin(url, shots);
try {
  await danaReports();
  await danaSigns();
  await samReportsAndDanaCosigns();
  await danaChangesHerMind();
  await noorLooks();
} catch (error) {
  await at.shot("failed");
  throw error;
} finally {
  await at.end();
}
await onAPhone();
console.log("the evening went well");

async function danaReports() {
  await at.see("Hello, Dana");
  await at.say(DBT);
  const card = await at.card("5 attended");
  assert.equal(await card.locator("strong", { hasText: "Maria Gonzalez" }).count(), 1);
  await at.shot("card");
}

async function danaSigns() {
  await at.press("None raised");
  await at.button("None raised").waitFor({ state: "detached" });
  await at.answer("all progressing except Tom, about the same");
  await at.button("Read the notes").click();
  await at.see("The notes", "dialog");
  await at.shot("modal");
  await at.page.keyboard.press("Escape");
  await at.page.locator("#modal").waitFor({ state: "hidden" });
  await at.press("Sign as Dana");
  await at.card("Signed · DBT Skills");
  assert.equal(await at.page.locator("#records .chart").count(), 8);
}

async function samReportsAndDanaCosigns() {
  await at.become("Sam");
  await at.say(PROCESS);
  const card = await at.card("3 attended");
  assert.match(await at.page.locator(".typed").first().innerText(), /<b>a little<\/b>/);
  assert.equal(await card.locator("b").count(), 0);
  await at.press("None raised");
  await at.press("Progressing");
  await at.press("Sign as Sam");
  await at.card("Waiting for Dana");
  await at.page.locator(".toast", { hasText: "A note waits for your co-signature" }).click();
  await at.press("Co-sign");
  await at.see("co-signed", "#records");
  await at.page.locator(".toast").first().waitFor({ state: "detached" });
}

async function danaChangesHerMind() {
  await at.say("hello");
  await at.card("does not look like a group note");
  const hello = at.page.locator(".message", { hasText: "hello" }).last();
  await hello.hover();
  await hello.getByRole("button", { name: "Deliver again" }).click();
  await hello.getByRole("button", { name: "Edit" }).click();
  await at.page.getByLabel("Edit your message").fill("good night");
  await at.page.keyboard.press("Enter");
  const changed = at.page.locator(".message", { hasText: "good night" }).last();
  await changed.getByText("edited").waitFor();
  await changed.hover();
  await changed.getByRole("button", { name: "Delete" }).click();
  await at.see("This message was deleted.");
  await at.say("/circlenote help");
  await at.see("Only you can see this");
}

async function noorLooks() {
  await at.become("Noor");
  await at.see("Hello, Noor");
  await at.records("Claim lines");
  assert.equal(await at.page.locator("#records .why", { hasText: "not co-signed" }).count(), 0);
  await at.page.locator("#records .pill.ready").first().waitFor();
  await at.shot("lines");
  await at.records("Notifications");
  const shown = await at.page.locator("#records .told").allInnerTexts();
  assert.equal(shown.filter((text) => /Maria|Kay|Priya|Grace|ice water/.test(text)).length, 0);
  await at.go("Home");
  for (const [name, role] of [["Dana", "supervisor"], ["Sam", "clinician"], ["Noor", "biller"]]) {
    await at.become(name);
    await at.page.locator("h1", { hasText: name }).waitFor();
    await at.page.locator("#home .card").waitFor();
    await at.shot(`home-${role}`);
  }
}

async function onAPhone() {
  const size = { width: 390, height: 844 };
  const phone = await Visit.begin(url, shots, size, { deviceScaleFactor: 1.5, hasTouch: true, isMobile: true });
  try {
    await phone.become("Sam");
    await phone.say("Process Thursday 6-7:30. Grace and Mark there, Jon 10 late. Hope cancelled. Grace cried.");
    await phone.card("before you can sign");
    await phone.become("Dana");
    await phone.say("DBT last Tuesday 2-3:15. Kay, Tom, Bob there. Maria and Ana cancelled. Kay tearful. TIPP.");
    await phone.card("3 attended");
    await phone.page.locator(".toast").first().waitFor({ state: "detached" });
    await phone.fits();
    await phone.shot("phone");
    await phone.go("Home");
    await phone.page.locator("#home .card").waitFor();
    await phone.fits();
    await phone.go("Records");
    await phone.records("Charts");
    await phone.page.locator("#records .chart summary").first().click();
    await phone.fits();
  } catch (error) {
    await phone.shot("failed-on-a-phone");
    throw error;
  } finally {
    await phone.end();
  }
}
