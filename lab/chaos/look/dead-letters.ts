import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import { awsJsonAs } from "../stage/clients.ts";

interface Message {
  readonly Body: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
}

interface Received {
  readonly Messages?: readonly Message[];
}

/** SQS gives out ten messages at once, and hides them for a while afterwards. */
const MOST = "10";

/** The administrators of both accounts: fuses that Scheduler could not fire are kept where their clusters are. */
const ADMINS = ["admin", "spoke-admin"];
const HOLDS_DEAD = /dead|lost/i;

/** A fuse whose access was gone already: docs/runbook.md, LostFuses. */
const GONE = "ResourceNotFoundException";

/** The bodies of the messages that somebody has to look at. */
export const deadBodies = (messages: readonly Message[]): readonly string[] =>
  messages
    .filter(({ MessageAttributes }) => MessageAttributes?.["ERROR_CODE"]?.StringValue !== GONE)
    .map(({ Body }) => Body);

async function deadOf(person: string, sandbox: SandboxAddresses) {
  const listed = (await awsJsonAs(person, sandbox, "sqs", "list-queues")) as {
    readonly QueueUrls?: readonly string[];
  } | null;
  const dead = (listed?.QueueUrls ?? []).filter((url) => HOLDS_DEAD.test(url));
  return dead.map(async (url) => {
    const words = ["sqs", "receive-message", "--queue-url", url, "--max-number-of-messages", MOST];
    const all = ["--message-attribute-names", "All"];
    const received = (await awsJsonAs(person, sandbox, ...words, ...all)) as Received | null;
    return [url.split("/").at(-1) ?? url, deadBodies(received?.Messages ?? [])] as const;
  });
}

/** The bodies in every queue for dead letters, by the queue's name. With the AWS CLI, as an operator would. */
export async function readDeadLetters(
  sandbox: SandboxAddresses,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const asked = await Promise.all(ADMINS.map((person) => deadOf(person, sandbox)));
  return Object.fromEntries(await Promise.all(asked.flat()));
}
