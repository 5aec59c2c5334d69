/** The options of `npm run sandbox`. */
import path from "node:path";
import type { parseArgs } from "node:util";
import { type CommandLine, UsageError } from "../../command-line.ts";
import { type Behaviour, PAST_AT } from "../aws/scheduler/behaviour.ts";

export interface SandboxOptions {
  /** The sandbox's folder, absolute: state, ports, profiles, logs, and the synthesized stack. */
  readonly dir: string;
  /** Deletes the folder's state first. */
  readonly fresh: boolean;
  /** Prints one line of JSON on stdout when ready, and nothing else there. */
  readonly json: boolean;
  /** Copies the logs to stderr. */
  readonly verbose: boolean;
  /** How long a minute of EventBridge rules and of Lambda's retries lasts. */
  readonly minuteSeconds: number;
  /** How late a schedule fires at most. */
  readonly jitterSeconds: number;
  /** The probability that an occurrence of a schedule never comes, 0 to 1. */
  readonly lossProbability: number;
  readonly pastAt: Behaviour["pastAt"];
  /** How long clusters do not see a change of entries, policies or mode. */
  readonly authorizerLagSeconds: number;
  /** How old the state is, at most, that EKS reads and judges changes by. */
  readonly eksReadLagSeconds: number;
  /** How long EKS does not know a new role, and how old the roles are, at most, that GetRole shows. */
  readonly iamLagSeconds: number;
  /** How long after a call CloudTrail delivers its record. */
  readonly trailDelaySeconds: number;
  /** Whether sessions of Identity Center have their user's id when they assume a role. */
  readonly userIds: boolean;
  /** How far the clocks of functions are ahead, in seconds, by the functions' short names. */
  readonly clockSeconds: Readonly<Record<string, number>>;
  /** Whether the sandbox deploys nothing by itself. */
  readonly empty: boolean;
  /** A cloud assembly to run, absolute; absent: the sandbox synthesizes its own. */
  readonly assembly?: string;
}

const HELP = `npm run sandbox -- [options]

Runs the whole broker on this machine: the synthesized stack, with EKS, SQS, Scheduler, STS, IAM,
DynamoDB and Kubernetes around it. Ctrl-C stops it; its state is kept.

  --dir DIR             folder for state, profiles and logs (default: .sandbox)
  --fresh               delete the state in that folder first; the ports stay the same
  --json                print one line of JSON with the addresses when ready, for programs
  --verbose             copy the logs to standard error
  --minute-seconds N    how long a minute of EventBridge rules lasts (default: 5)
  --jitter-seconds N    how late a schedule fires at most (default: 0; AWS: less than 60)
  --loss-probability P  of a schedule never firing, from 0 to 1 (default: 0, as AWS promises)
  --past-at MODE        what Scheduler does with a time in the past (default: ${PAST_AT[0]}):
                        ${PAST_AT.join(", ")}
  --authorizer-lag-seconds N
                        how long clusters do not see a change of access (default: 0; AWS:
                        several seconds)
  --eks-read-lag-seconds N
                        how old the access entries are, at most, that EKS reads and judges
                        changes by (default: 0; AWS gives no bound). The synthesized stack gets
                        the same readLagSeconds; a stack of --assembly keeps its own
  --iam-lag-seconds N   how long EKS does not know a new role, and how old the roles are, at
                        most, that GetRole shows (default: 0; 15 to 30 were observed)
  --trail-delay-seconds N
                        how long after a call CloudTrail delivers its record (default: 3; AWS:
                        about five minutes)
  --clock NAME=±Ns      set a function's clock ahead or behind, such as api=+5s or converge=-5s;
                        once for each function
  --without-user-ids    leave identitystore:UserId out of sessions of Identity Center
  --assembly DIR        run this cdk.out instead of synthesizing one
  --empty               deploy nothing: both accounts wait for your own deployment
  --help                print this

All options: docs/sandbox.md
`;

const seconds = (name: string, text: string | undefined, otherwise: number, least: number) => {
  if (text === undefined) return otherwise;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= 3600))
    throw new UsageError(`--${name} takes a number of seconds from ${least} to 3600, not ${text}.`);
  return value;
};

function probability(text: string): number {
  if (/^(0(\.\d+)?|1)$/.test(text)) return Number(text);
  throw new UsageError(`--loss-probability takes a number from 0 to 1, not ${text}.`);
}

/** AWS refuses a signature that is five minutes off, so a first call would fail beyond this. */
const MAX_OFFSET_SECONDS = 240;

/**
 * Archive may be days ahead, to seal days that are not over, and a witness with it. Their calls are repeated, and the SDK signs
 * them again by the time that AWS answers.
 */
const LONGER_OFFSETS: Readonly<Record<string, number>> = {
  archive: 259_200,
  witness: 259_200,
};

/** @param texts `NAME=±Ns` each */
function clocks(texts: readonly string[]): Readonly<Record<string, number>> {
  const found = new Map<string, number>();
  for (const text of texts) {
    const [, name = "", off = ""] = /^([a-z]+)=([+-]\d+(?:\.\d+)?)s$/.exec(text) ?? [];
    const most = LONGER_OFFSETS[name] ?? MAX_OFFSET_SECONDS;
    if (name === "" || Math.abs(Number(off)) > most)
      throw new UsageError(
        `--clock takes a function and an offset of at most ${most} s, such as api=+5s; not ${text}.`,
      );
    if (found.has(name)) throw new UsageError(`--clock names ${name} twice.`);
    found.set(name, Number(off));
  }
  return Object.fromEntries(found);
}

const OPTIONS = {
  dir: { type: "string" },
  fresh: { type: "boolean" },
  json: { type: "boolean" },
  verbose: { type: "boolean" },
  "minute-seconds": { type: "string" },
  "jitter-seconds": { type: "string" },
  "loss-probability": { type: "string" },
  "past-at": { type: "string" },
  "authorizer-lag-seconds": { type: "string" },
  "eks-read-lag-seconds": { type: "string" },
  "iam-lag-seconds": { type: "string" },
  "trail-delay-seconds": { type: "string" },
  clock: { type: "string", multiple: true },
  "without-user-ids": { type: "boolean" },
  assembly: { type: "string" },
  empty: { type: "boolean" },
} as const;

export const SANDBOX_COMMAND: CommandLine<typeof OPTIONS> = {
  script: "sandbox",
  help: HELP,
  options: OPTIONS,
};

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

/**
 * Checks the options' values.
 *
 * @param cwd the folder that relative paths start from
 * @throws UsageError for a value that an option does not take
 */
export function sandboxOptions(values: Values, cwd: string): SandboxOptions {
  const pastAt = PAST_AT.find((mode) => mode === (values["past-at"] ?? PAST_AT[0]));
  if (!pastAt)
    throw new UsageError(`--past-at is one of ${PAST_AT.join(", ")}, not ${values["past-at"]}.`);
  if (values.empty && values.assembly !== undefined)
    throw new UsageError("--empty deploys nothing, so it does not go with --assembly.");
  return {
    dir: path.resolve(cwd, values.dir ?? ".sandbox"),
    fresh: values.fresh ?? false,
    json: values.json ?? false,
    verbose: values.verbose ?? false,
    userIds: values["without-user-ids"] !== true,
    minuteSeconds: seconds("minute-seconds", values["minute-seconds"], 5, 0.1),
    jitterSeconds: seconds("jitter-seconds", values["jitter-seconds"], 0, 0),
    pastAt,
    lossProbability: probability(values["loss-probability"] ?? "0"),
    authorizerLagSeconds: seconds("authorizer-lag-seconds", values["authorizer-lag-seconds"], 0, 0),
    eksReadLagSeconds: seconds("eks-read-lag-seconds", values["eks-read-lag-seconds"], 0, 0),
    iamLagSeconds: seconds("iam-lag-seconds", values["iam-lag-seconds"], 0, 0),
    trailDelaySeconds: seconds("trail-delay-seconds", values["trail-delay-seconds"], 3, 0),
    clockSeconds: clocks(values.clock ?? []),
    empty: values.empty ?? false,
    ...(values.assembly === undefined ? {} : { assembly: path.resolve(cwd, values.assembly) }),
  };
}
