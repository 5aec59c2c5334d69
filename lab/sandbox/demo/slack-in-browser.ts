/** The same acts on Slack's page, in a browser. Messages are read as without a browser. */
import type { Browser, Page } from "playwright-core";
import type { Person } from "./people.ts";
import { CHANNEL, type SlackDesk, slackUser } from "./slack-desk.ts";

const PATIENCE_MS = 20_000;

export function slackInBrowser(desk: SlackDesk, browser: Browser, slackPageUrl: string): SlackDesk {
  const open = async (person: Person): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1100, height: 760 } });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${slackPageUrl}#${slackUser(person)}/${CHANNEL.id}`);
    return page;
  };
  return {
    ...desk,
    async command(person, text) {
      const page = await open(person);
      await page.getByLabel("Message", { exact: true }).fill(`/access ${text}`);
      await page.keyboard.press("Enter");
      const answer = page.getByRole("article").last().getByText("asked for");
      await answer.waitFor();
      const output = [(await answer.textContent()) ?? ""];
      await page.close();
      return {
        command: `${person} types on Slack's page: /access ${text}`,
        output,
        value: undefined,
      };
    },
    async approve(person, { text }) {
      const page = await open(person);
      const shown = page.getByRole("article").filter({ hasText: text.split(". ")[0] ?? text });
      const sent = page.waitForResponse(/_sandbox\/actions/);
      await shown.getByRole("button", { name: "Approve" }).click();
      await sent;
      await page.close();
      const command = `${person} presses Approve on Slack's page:`;
      return { command, output: [text], value: undefined };
    },
  };
}
