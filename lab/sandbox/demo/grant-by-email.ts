/** The second grant, where the broker writes e-mail and has no Slack: people type what the e-mail names. */
import type { SandboxAddresses } from "../stack/start.ts";
import type { Exchange } from "./exchange.ts";
import { requestIdIn, untilActive } from "./grant-times.ts";
import type { Person } from "./people.ts";
import { CLUSTER, EDIT, type Medium, outcomeText, SECOND } from "./scene.ts";
import { check, StepFailed } from "./steps.ts";
import { until } from "./until.ts";

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** The emulated SES has taken it within this time, or the step fails. */
const PATIENCE_MS = 20_000;

export function emailMedium(addresses: SandboxAddresses, signal: AbortSignal): Medium {
  const reads = mailReader(addresses, signal);
  return {
    title: "alice and bob read e-mail, and decide in a terminal",
    async lend(scene, show, seconds) {
      const { people } = scene;
      const args = [
        ...["request", "--yes", "--cluster", CLUSTER, "--policy", EDIT],
        ...["--namespace", SECOND.namespace, "--duration", `${seconds}s`],
        ...["--reason", SECOND.reason],
      ];
      const [requested] = await show(people.timelatch("alice", args, 1));
      const id = requestIdIn(requested);
      const [asked] = await show(reads("bob", `timelatch approve ${id}`));
      const typed = approvalIn(asked);
      const [approved] = await show(people.timelatch("bob", [...typed, "--yes"], 1));
      check(approved.code === 0, `bob's approval ended with ${outcomeText(approved)}`);
      const times = await untilActive(scene, id);
      await show(reads("alice", `You can edit in ${SECOND.namespace}`));
      return times;
    },
  };
}

/** The words after `timelatch` of the command that the e-mail names. */
function approvalIn({ text }: Mail): readonly string[] {
  const [, command] = /^ *timelatch (approve \S+)$/m.exec(text) ?? [];
  if (command === undefined) throw new StepFailed(`the e-mail names no approval: ${text}`);
  return command.split(" ");
}

/** Waits for a person's newest e-mail with some text, and shows it. */
const mailReader =
  ({ awsUrl }: SandboxAddresses, signal: AbortSignal) =>
  async (person: Person, text: string): Promise<Exchange<Mail>> => {
    let found: Mail | undefined;
    const isIt = (mail: Mail) =>
      mail.to.includes(`${person}@example.com`) && mail.text.includes(text);
    const look = async () => {
      const response = await fetch(`${awsUrl}/_sandbox/ses`, { signal });
      const { messages } = (await response.json()) as { readonly messages: readonly Mail[] };
      found = messages.findLast(isIt);
      return found !== undefined;
    };
    await until(look, Date.now() + PATIENCE_MS, signal);
    if (!found) throw new StepFailed(`${person} got no e-mail that says: ${text}`);
    const shown = found.text.split("\n").filter((line) => line.trim() !== "");
    return { command: `${person} reads: ${found.subject}`, output: shown, value: found };
  };
