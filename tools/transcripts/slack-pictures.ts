/** The pictures of Slack in the docs: a question in the form, and the message that it becomes. */
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { launchChromium } from "../../lab/sandbox/demo/chromium.ts";
import { startSandboxSession } from "./sandbox-session.ts";

/** The files, from the root. */
export const SLACK_PICTURES = { form: "docs/slack-form.png", message: "docs/slack-message.png" };

const ROOT = path.resolve(import.meta.dirname, "../..");
/** As wide as a phone in landscape, so that a picture is legible in a page's column. */
const WINDOW = { width: 800, height: 1_000 };
const PATIENCE_MS = 60_000;
const OPENED_MS = 5_000;
const SETTLED_MS = 1_000;
/** alice, in the approvers' channel. */
const PLACE = "U0001/C0001";
const PAGE_ADDRESS = /http:\/\/\S+[?&]token=\S+/;

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof launchChromium>>["newPage"]>>;

/** Asks on the page of a sandbox of its own, and writes the pictures. @throws Error where it has no page */
export async function takeSlackPictures(): Promise<void> {
  const [sandbox, browser] = await Promise.all([startSandboxSession(), launchChromium()]);
  try {
    const address = PAGE_ADDRESS.exec(sandbox.welcome)?.[0];
    if (!address)
      throw new Error("The sandbox printed no address of Slack's page. No picture was taken.");
    const page = await browser.newPage({ viewport: WINDOW });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${address}#${PLACE}`);
    await fillForm(page);
    await picture(page, "dialog", SLACK_PICTURES.form);
    await ask(page);
    await picture(page, "article", SLACK_PICTURES.message);
  } finally {
    await browser.close();
    await sandbox.stop();
  }
}

/** Slack's three seconds may be over before a function has started: then one asks once more. */
async function openForm(page: Page): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    await page.getByLabel("Message", { exact: true }).fill("/access");
    await page.keyboard.press("Enter");
    await pause(OPENED_MS);
    if ((await page.getByRole("dialog").count()) > 0) return;
  }
  throw new Error("The form did not open. No picture was taken; try again on an idle machine.");
}

async function fillForm(page: Page): Promise<void> {
  await openForm(page);
  const form = page.getByRole("dialog");
  await form.getByLabel("Cluster").selectOption("prod");
  await form.getByLabel("What you need").selectOption({ label: "Edit in namespaces" });
  await form.getByLabel("Namespaces").fill("payments-api");
  await form.getByLabel("For how long").fill("5m");
  await form.getByLabel("Why").fill("INC-4711 stuck rollout");
  // The form updates its foot only for some fields, and the reason is not one of them.
  await form.getByLabel("For how long").press("Enter");
  await form.getByText("Needs ").last().waitFor();
}

/** Sends the form, and closes the window that says what became of it. */
async function ask(page: Page): Promise<void> {
  await page.getByRole("dialog").getByRole("button", { name: "Ask", exact: true }).click();
  const asked = page.getByRole("dialog", { name: "Asked" });
  await asked.getByRole("button").last().click();
  await asked.waitFor({ state: "detached" });
}

/** @param element what the picture shows, and nothing around it */
async function picture(page: Page, element: "dialog" | "article", file: string): Promise<void> {
  const shown = page.getByRole(element).last();
  await shown.waitFor();
  // The page draws again for each change that it reads. No mark of a keyboard belongs in a picture.
  await pause(SETTLED_MS);
  await page.evaluate("document.activeElement.blur()");
  await shown.screenshot({ path: path.join(ROOT, file) });
}
