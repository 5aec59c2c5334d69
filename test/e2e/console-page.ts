/** The console's page in a browser: what it received, its faults, and axe on what it shows. */
import axe from "axe-core";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

export interface Watched {
  /** Everything that the page received: headers and bodies. */
  readonly received: () => Promise<string>;
  /** Answers that the page did not want: each with its status. */
  readonly refusals: readonly string[];
}

/** Keeps what the page receives from here on. */
export function watch(page: Page): Watched {
  const answers: Promise<string>[] = [];
  const refusals: string[] = [];
  page.on("response", (response) => {
    if (response.status() >= 400) refusals.push(`${response.status()} ${response.url()}`);
    const headers = JSON.stringify(response.headers());
    answers.push(
      response.text().then(
        (text) => `${headers}\n${text}`,
        () => headers,
      ),
    );
  });
  return { refusals, received: async () => (await Promise.all(answers)).join("\n") };
}

/** A busy machine takes its time. */
const PATIENCE = { timeout: 60_000 };

/** Goes to an address of the page, which stays loaded. */
export const goTo = (page: Page, view: string) => page.goto(new URL(`/#/${view}`, page.url()).href);

/** Shows a view, and waits until all of it is read. */
export async function show(page: Page, view: string, heading: string | RegExp): Promise<void> {
  await goTo(page, view);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
  await expect.poll(() => page.getByText(/^(Reading|Asking the API)$/).count(), PATIENCE).toBe(0);
}

/** Fails where axe finds a violation. The page's policy lets no script in, so the browser runs it. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Runtime.evaluate", { expression: axe.source });
  const { result } = await browser.send("Runtime.evaluate", {
    expression: `axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + " " + html)))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await browser.detach();
  expect([what, result.value]).toEqual([what, []]);
}

/** Looks at one person's access, in the list of who can reach a cluster. */
export async function expectVerdict(page: Page, person: string, verdict: string): Promise<void> {
  await page.getByRole("textbox", { name: "Person" }).fill(person);
  await page.keyboard.press("Enter");
  await page.getByText(verdict).waitFor();
}

/** Finds the row of alice in the list of an instant, by a search and by her name. Nobody else had access then. */
export async function expectAlices(page: Page, row: Locator): Promise<void> {
  const find = page.getByRole("searchbox", { name: "Find in Access then" });
  await find.fill("ALICE");
  await row.waitFor();
  await find.fill("mallory");
  await page.getByText('No match for "mallory". Standing access').first().waitFor();
  await find.fill("");
  const verdict = "By Timelatch's record, alice had access.";
  await expectVerdict(page, "alice", verdict);
  // The person stays while the instant changes.
  await page.getByRole("textbox", { name: "Instant" }).fill("");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /^Access now/ }).waitFor();
  await page.goBack();
  await page.getByText(verdict).waitFor();
  await row.waitFor();
  await expectVerdict(page, "bob", "Timelatch knows of no access of bob at that time.");
  await row.waitFor({ state: "detached" });
}
