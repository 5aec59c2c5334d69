/** Offers to ask for access where kubectl has no access yet. */
import { request } from "../commands/request.ts";
import type { Context } from "../context.ts";

/**
 * Asks whether to ask, and then for each value, and waits until access is there. A person who
 * declines gets kubectl's own refusal. Everything is on standard error, since kubectl reads
 * standard output.
 *
 * @param cluster its name in `access.yaml`
 * @throws Failure where the request is not sent, or does not become access
 */
export async function offerRequest(context: Context, cluster: string): Promise<void> {
  const prompt = context.prompt();
  let wanted: boolean;
  try {
    wanted = await prompt.ask("Ask for it here, and wait? [y/N] ", (line) => ({
      value: /^y(es)?$/i.test(line),
    }));
  } finally {
    prompt.close();
  }
  if (!wanted) return;
  const { screen } = context;
  const beside = { ...context, json: false, screen: { ...screen, out: screen.err } };
  await request(beside, { cluster, wait: true });
}
