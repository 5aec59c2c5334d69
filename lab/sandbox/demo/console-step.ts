/** dave looks at the console: who could reach the cluster at an instant that is over. */
import { clockText } from "./clock-text.ts";
import type { OpenConsole } from "./console-desk.ts";
import type { ConsolePage } from "./console-page.ts";
import type { ConsoleTerminal } from "./console-terminal.ts";
import { CLUSTER, EDIT, listed, type Scene } from "./scene.ts";
import { check } from "./steps.ts";

/** The access that alice had on the cluster while both of her grants ran. */
const OF_ALICE = [`${EDIT} in payments-api`, `${EDIT} in payments-worker`];

/** @param at an instant at which both grants of alice ran, in milliseconds */
export function consoleShows(
  { steps }: Scene,
  { terminal, openPage }: OpenConsole,
  at: number,
): Promise<void> {
  const title = `dave looks in the console: who could reach ${CLUSTER} at ${clockText(at)}?`;
  return steps.step("console", title, async (show) => {
    const running = await terminal;
    const page = await openPage(running.address);
    await show(letIn(running, page.digits));
    const [rows] = await show(then(page, at));
    await running.stop();
    const lent = rows.filter(({ who }) => who === "alice").map(({ access }) => access);
    check(
      OF_ALICE.every((wanted) => lent.some((access) => access.includes(wanted))),
      `the console says of alice: ${listed(lent)}`,
    );
    return {
      detail: "the page is on his own machine; its record is the broker's",
      value: undefined,
    };
  });
}

/** The person reads the digits on the page. */
async function letIn(terminal: ConsoleTerminal, digits: string) {
  const answer = await terminal.type(digits, /Let in\.|No page shows these digits\./);
  return {
    person: "dave",
    command: ["timelatch", "console"],
    output: [`The page shows ${digits}. dave types that here: ${answer}`],
    value: undefined,
  };
}

/** The rows of the page. */
async function then(page: ConsolePage, at: number) {
  const value = await page.reach(CLUSTER, new Date(at).toISOString());
  const output = value.map(({ who, access }) => `${who}: ${access}`);
  return { command: "His page says:", output, value };
}
