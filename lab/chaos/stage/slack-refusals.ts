/** Finds people whom Slack refused something, in its log of the broker's calls. */
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";

/** A call by which a person may have heard that nothing was done. */
interface RefusingCall {
  readonly seq: number;
  /** The addressee; undefined if Slack did not take it, and nobody knows. */
  readonly user: string | undefined;
}

interface Call {
  readonly seq: number;
  readonly method: string;
  readonly arguments: { readonly user?: unknown };
}

/**
 * The method of a refusal, which only the reader of a message sees. A call that Slack did not take
 * has no arguments in the log.
 */
const REFUSES = "chat.postEphemeral";

const refusingCalls = (calls: readonly Call[]): readonly RefusingCall[] =>
  calls
    .filter(({ method }) => method === REFUSES)
    .map(({ seq, arguments: { user } }) => ({
      seq,
      user: typeof user === "string" ? user : undefined,
    }));

export interface SlackRefusals {
  /** @returns asks whether the user may have been refused something since */
  listen(addresses: SandboxAddresses, user: string): Promise<() => Promise<boolean>>;
}

const PATIENCE_MS = 10_000;

async function callsAfter({ slackUrl }: SandboxAddresses, after: number): Promise<readonly Call[]> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(`${slackUrl}/_sandbox/calls?after=${after}`, { signal });
  return (await answer.json()) as readonly Call[];
}

/** @param pid of the sandbox that runs: another one's log begins again */
export function slackRefusals(pid: () => number | undefined, read = callsAfter): SlackRefusals {
  let known: { of: number | undefined; seq: number; calls: readonly RefusingCall[] } = {
    of: undefined,
    seq: 0,
    calls: [],
  };
  const readOn = async (addresses: SandboxAddresses) => {
    if (known.of !== pid()) known = { of: pid(), seq: 0, calls: [] };
    const { of } = known;
    const more = await read(addresses, known.seq);
    // Two that read at once find the same, which changes no answer.
    if (of !== known.of) return;
    known = {
      of,
      seq: Math.max(known.seq, ...more.map(({ seq }) => seq)),
      calls: [...known.calls, ...refusingCalls(more)],
    };
  };
  return {
    async listen(addresses, user) {
      await readOn(addresses);
      const { of, seq } = known;
      return async () => {
        await readOn(addresses);
        return (
          known.of !== of || known.calls.some((one) => one.seq > seq && (one.user ?? user) === user)
        );
      };
    },
  };
}
