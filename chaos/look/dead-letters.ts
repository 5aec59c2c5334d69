import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import { awsJson } from "../stage/clients.ts";

interface Received {
  readonly Messages?: readonly { readonly Body: string }[];
}

/** SQS gives out ten messages at once, and hides them for a while afterwards. */
const MOST = "10";

/** The bodies in every queue for dead letters, by the queue's name. With the AWS CLI, as an operator would. */
export async function readDeadLetters(
  sandbox: SandboxAddresses,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const listed = (await awsJson(sandbox, "sqs", "list-queues")) as {
    readonly QueueUrls?: readonly string[];
  };
  const dead = (listed.QueueUrls ?? []).filter((url) => /dead/i.test(url));
  const bodies = dead.map(async (url) => {
    const words = ["sqs", "receive-message", "--queue-url", url, "--max-number-of-messages", MOST];
    const received = (await awsJson(sandbox, ...words)) as Received | null;
    const name = url.split("/").at(-1) ?? url;
    return [name, (received?.Messages ?? []).map(({ Body }) => Body)] as const;
  });
  return Object.fromEntries(await Promise.all(bodies));
}
