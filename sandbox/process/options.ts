/** What `npm run sandbox` understands. */
import path from "node:path";
import { parseArgs } from "node:util";
import { type Behaviour, PAST_AT } from "../aws/scheduler/behaviour.ts";

export interface SandboxOptions {
  /** The sandbox's folder, absolute: state, ports, profiles, logs, and the synthesized stack. */
  readonly dir: string;
  /** Forgets the folder's state first. */
  readonly fresh: boolean;
  /** One line of JSON on stdout when ready, and nothing else. */
  readonly json: boolean;
  /** How long a minute of EventBridge rules and of Lambda's retries lasts. */
  readonly minuteSeconds: number;
  /** A schedule fires at most so late. */
  readonly jitterSeconds: number;
  readonly pastAt: Behaviour["pastAt"];
  /** So long a change of entries and policies stays unseen by the clusters. */
  readonly authorizerLagSeconds: number;
  /** EKS serves reads, and judges changes, on a state of at most so long ago. */
  readonly eksReadLagSeconds: number;
  /** So long a new role is unknown to EKS, and so long ago is what GetRole shows, at most. */
  readonly iamLagSeconds: number;
  /** How far the clocks of functions are ahead, in seconds, by the functions' short names. */
  readonly clockSeconds: Readonly<Record<string, number>>;
  /** A cloud assembly to run, absolute; absent: the sandbox synthesizes its own. */
  readonly assembly?: string;
}

export const HELP = `npm run sandbox -- [options]

Starts a whole working broker on this machine: the synthesized stack, with EKS, SQS, Scheduler,
STS, IAM and Kubernetes around it. Ctrl-C stops it; its state is kept.

  --dir DIR             where it keeps everything (default: .sandbox)
  --fresh               forget the state in that folder, and begin anew
  --json                print one line of JSON when ready, for programs
  --minute-seconds N    how long a minute of EventBridge rules lasts (default: 5)
  --jitter-seconds N    how late a schedule may fire, at most (default: 0; AWS promises below 60)
  --past-at MODE        what a schedule in the past does: ${PAST_AT.join(", ")}
                        (default: ${PAST_AT[0]})
  --authorizer-lag-seconds N
                        how long a change of access stays unseen by the clusters (default: 0;
                        AWS says several seconds)
  --eks-read-lag-seconds N
                        how old the access entries are that EKS reads show and judges changes by,
                        at most (default: 0; AWS gives no bound). The synthesized stack gets the
                        same number as its readLagSeconds; a stack of --assembly keeps its own
  --iam-lag-seconds N   how long EKS does not know a new role (default: 0; 15 to 30 were seen), and
                        how old the roles are that GetRole shows, at most
  --clock NAME=±Ns      a function's clock is off by so much, such as api=+5s or converge=-5s;
                        once for each function (default: all tell the time of this machine)
  --assembly DIR        run this cdk.out instead of synthesizing one
  --help                print this
`;

/** A mistake on the command line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const seconds = (name: string, text: string | undefined, otherwise: number, least: number) => {
  if (text === undefined) return otherwise;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= 3600))
    throw new UsageError(`--${name} takes a number of seconds from ${least} to 3600, not ${text}.`);
  return value;
};

/** AWS refuses signatures that are five minutes off: a clock that is further off works nowhere. */
const MOST_OFF_SECONDS = 240;

/** @param texts `NAME=±Ns` each */
function clocks(texts: readonly string[]): Readonly<Record<string, number>> {
  const found = new Map<string, number>();
  for (const text of texts) {
    const [, name = "", off = ""] = /^([a-z]+)=([+-]\d+(?:\.\d+)?)s$/.exec(text) ?? [];
    if (name === "" || Math.abs(Number(off)) > MOST_OFF_SECONDS)
      throw new UsageError(
        `--clock takes a function and how far its clock is off, at most ${MOST_OFF_SECONDS} s, such as api=+5s; not ${text}.`,
      );
    if (found.has(name)) throw new UsageError(`--clock names ${name} twice.`);
    found.set(name, Number(off));
  }
  return Object.fromEntries(found);
}

/**
 * Reads the command line; `"help"` where it asks for that. Throws {@link UsageError} for whatever
 * it does not understand.
 */
export function parseOptions(argv: readonly string[], cwd: string): SandboxOptions | "help" {
  let values: ReturnType<typeof read>;
  try {
    values = read(argv);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.help) return "help";
  const pastAt = PAST_AT.find((mode) => mode === (values["past-at"] ?? PAST_AT[0]));
  if (!pastAt)
    throw new UsageError(`--past-at is one of ${PAST_AT.join(", ")}, not ${values["past-at"]}.`);
  return {
    dir: path.resolve(cwd, values.dir ?? ".sandbox"),
    fresh: values.fresh ?? false,
    json: values.json ?? false,
    minuteSeconds: seconds("minute-seconds", values["minute-seconds"], 5, 0.1),
    jitterSeconds: seconds("jitter-seconds", values["jitter-seconds"], 0, 0),
    pastAt,
    authorizerLagSeconds: seconds("authorizer-lag-seconds", values["authorizer-lag-seconds"], 0, 0),
    eksReadLagSeconds: seconds("eks-read-lag-seconds", values["eks-read-lag-seconds"], 0, 0),
    iamLagSeconds: seconds("iam-lag-seconds", values["iam-lag-seconds"], 0, 0),
    clockSeconds: clocks(values.clock ?? []),
    ...(values.assembly === undefined ? {} : { assembly: path.resolve(cwd, values.assembly) }),
  };
}

const read = (argv: readonly string[]) =>
  parseArgs({
    args: [...argv],
    strict: true,
    allowPositionals: false,
    options: {
      dir: { type: "string" },
      fresh: { type: "boolean" },
      json: { type: "boolean" },
      "minute-seconds": { type: "string" },
      "jitter-seconds": { type: "string" },
      "past-at": { type: "string" },
      "authorizer-lag-seconds": { type: "string" },
      "eks-read-lag-seconds": { type: "string" },
      "iam-lag-seconds": { type: "string" },
      clock: { type: "string", multiple: true },
      assembly: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  }).values;
