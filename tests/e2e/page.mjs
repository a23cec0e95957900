// A headless Chromium on the playground, and the few things that a person does there.

import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const PATIENCE = 20_000;

export class Visit {
  /** `shots`: where pictures go. `size`: of the window. Whatever leaves this machine, or fails, is noted in `trouble`. */
  static async begin(url, shots, size = { width: 1240, height: 880 }, more = {}) {
    const profile = mkdtempSync(join(tmpdir(), "circlenote-browser-"));
    const options = { executablePath: process.env.CHROMIUM, headless: true, args: FLAGS, viewport: size, ...more };
    const context = await chromium.launchPersistentContext(profile, { colorScheme: "light", ...options });
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(PATIENCE);
    const visit = new Visit(context, page, shots);
    await page.goto(url);
    return visit;
  }

  constructor(context, page, shots) {
    mkdirSync(shots, { recursive: true });
    Object.assign(this, { context, page, shots, trouble: [] });
    page.on("pageerror", (error) => this.trouble.push(`error: ${error.message}`));
    page.on("console", (said) => said.type() === "error" && this.trouble.push(`console: ${said.text()}`));
    page.on("request", (request) => {
      if (!new URL(request.url()).hostname.startsWith("127.")) this.trouble.push(`left the machine: ${request.url()}`);
    });
  }

  become = (name) => this.page.locator("#people button", { hasText: name }).click();

  go = (place) => this.page.locator("#places button", { hasText: place }).click();

  records = (tab) => this.page.locator("#records nav button", { hasText: tab }).click();

  async say(text) {
    await this.page.getByLabel("Message Circlenote").fill(text);
    await this.page.keyboard.press("Enter");
  }

  async answer(text) {
    const field = this.page.getByLabel("Answer in this thread").last();
    await field.fill(text);
    await field.press("Enter");
  }

  /** The bot's last card, once these words are on it. */
  async card(words) {
    const card = this.page.locator(".from-bot .card", { hasText: words }).last();
    await card.waitFor();
    return card;
  }

  button = (label) => this.page.locator(".from-bot .card").getByRole("button", { name: label }).last();

  press = (label) => this.button(label).click();

  see = (words, where = "body") => this.page.locator(where).getByText(words).first().waitFor();

  async shot(name) {
    await this.page.waitForTimeout(350); // scrolling and what slides in have come to rest
    await this.page.screenshot({ path: join(this.shots, `${name}.png`) });
  }

  /** Nothing is wider than the window: a phone would let one push the page sideways. */
  async fits() {
    const [wide, window] = await this.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    if (wide > window) throw new Error(`the page is ${wide} wide in a window of ${window}`);
  }

  async end() {
    await this.context.close();
    if (this.trouble.length) throw new Error(this.trouble.join("\n"));
  }
}
