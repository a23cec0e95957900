// Every block and input that the page draws, with an app that repeats what it is told.
// usage: CHROMIUM=/path/to/chromium node gallery.mjs ADDRESS FOLDER-FOR-PICTURES

import assert from "node:assert/strict";
import { Visit } from "./page.mjs";

const [url, shots] = process.argv.slice(2);
const at = await Visit.begin(url, shots, { width: 1000, height: 900 }, { colorScheme: "dark" });
try {
  await theCard();
  await theModal();
  await theHome();
} catch (error) {
  await at.shot("failed-gallery");
  throw error;
} finally {
  await at.end();
}
console.log("every block is there");

async function theCard() {
  await at.say("<img src=x onerror=alert(1)> & *all*");
  const card = await at.card("Every block 👋");
  assert.equal(await at.page.locator("#threads img:not(.face)").count(), 0);
  assert.match(await card.innerText(), /<script>alert\(1\)<\/script> 🎉/);
  assert.equal(await card.locator("a").getAttribute("href"), "https://example.org");
  assert.match(await card.innerText(), /small print for @Dana Whitfield/);
  await card.locator("select").selectOption({ label: "Setback" });
  await at.see("heard level setback");
  await card.getByRole("button", { name: "Throw away" }).click();
  await at.page.locator("#confirm").getByRole("button", { name: "Do it" }).click();
  await at.see("heard throw throw");
  await card.locator("summary").click();
  await card.getByRole("button", { name: "Snooze" }).click();
  await at.see("heard more snooze");
  await at.shot("gallery-card");
}

async function theModal() {
  await at.press("Fill in");
  const modal = at.page.locator("#modal");
  await modal.getByRole("button", { name: "Save" }).click();
  await modal.getByText("Please complete this required field.").first().waitFor();
  await modal.getByLabel("A few words").fill("no");
  await modal.locator("select").selectOption({ label: "Progressing" });
  await modal.getByLabel("SI").check();
  await modal.getByLabel("Video").check();
  await modal.getByLabel("Day").fill("2026-09-15");
  await modal.getByRole("button", { name: "One more" }).click();
  await modal.getByLabel("More words").waitFor();
  assert.equal(await modal.getByLabel("A few words").inputValue(), "no");
  await modal.getByLabel("More words").fill("kept & sent");
  await modal.getByRole("button", { name: "Save" }).click();
  await modal.getByText("A little more, please.").waitFor();
  await at.shot("gallery-modal");
  assert.equal(await modal.getByLabel("More words").inputValue(), "kept & sent");
  await modal.getByLabel("A few words").fill("long enough");
  await modal.getByRole("button", { name: "Save" }).click();
  await modal.waitFor({ state: "hidden" });
  const text = await (await at.card("filled")).innerText();
  const held = JSON.parse(text.slice(text.indexOf("{")));
  assert.equal(held.words.value, "long enough");
  assert.equal(held.level.selected_option.value, "progressing");
  assert.deepEqual(held.risk.selected_options.map((each) => each.value), ["si"]);
  assert.equal(held.how.selected_option.value, "video");
  assert.equal(held.day.selected_date, "2026-09-15");
  assert.equal(held.late.selected_time, null);
  assert.equal(held.second.value, "kept & sent");
}

async function theHome() {
  await at.go("Home");
  const home = at.page.locator("#home .card");
  await home.locator("select").selectOption({ label: "About the same" });
  await at.page.locator(".toast", { hasText: "heard level about-the-same" }).waitFor();
  await at.shot("gallery-home");
  await at.go("Records");
  await at.see("Nothing is signed yet");
  await at.fits();
  await at.shot("gallery-records");
}
