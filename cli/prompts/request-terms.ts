/** The options that make up a request, as a command line and as the API's body. */
import type { Access } from "../../shared/domain/requests/request.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { parseInstant } from "../../shared/domain/values/zoned-instant.ts";
import { Failure } from "../failures/failure.ts";
import { widthOf } from "../terminal/text-layout.ts";

/** The options of `timelatch request` and `timelatch preview` that make up a request. */
export interface RequestTerms {
  readonly cluster?: string;
  readonly policy?: string;
  readonly namespace?: readonly string[];
  readonly clusterScope?: true;
  readonly group?: readonly string[];
  readonly duration?: string;
  readonly reason?: string;
  readonly principal?: string;
  readonly startsAt?: string;
  readonly ticket?: string;
  readonly rule?: string;
}

/** Each option's flag, in the order of a command line. */
const OPTIONS = {
  cluster: "--cluster",
  policy: "--policy",
  namespace: "--namespace",
  clusterScope: "--cluster-scope",
  group: "--group",
  duration: "--duration",
  reason: "--reason",
  principal: "--principal",
  startsAt: "--starts-at",
  ticket: "--ticket",
  rule: "--rule",
} as const satisfies Record<keyof RequestTerms, string>;

const NAMES = Object.keys(OPTIONS) as readonly (keyof RequestTerms)[];

export const isTermName = (name: string): name is keyof RequestTerms =>
  Object.hasOwn(OPTIONS, name);

/** Whether none of the options is given. */
export const isEmpty = (terms: RequestTerms): boolean =>
  NAMES.every((name) => terms[name] === undefined);

/**
 * The command line with these options, to copy and to change. It is broken between options into
 * lines of at most `width` columns, which a shell reads as one.
 */
export function commandLine(terms: RequestTerms, width: number): string {
  const words = NAMES.flatMap((name) => {
    const value = terms[name];
    if (value === undefined) return [];
    if (value === true) return [OPTIONS[name]];
    return (typeof value === "string" ? [value] : value).map(
      (text) => `${OPTIONS[name]} ${shellWord(visible(text))}`,
    );
  });
  const lines = ["timelatch request"];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (widthOf(longer) <= width - CONTINUED.length) lines[lines.length - 1] = longer;
    else lines.push(`  ${word}`);
  }
  return lines.join(`${CONTINUED}\n`);
}

const CONTINUED = " \\";

/** A word as POSIX shells read it back. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The body of a preview, which needs no reason. */
export interface DryBody {
  readonly cluster: string;
  readonly access: Access;
  readonly duration?: string;
  readonly reason?: string;
  readonly principalArn?: string;
  readonly startsAt?: string;
  readonly ticket?: string;
  readonly rule?: string;
}

/** The body of `POST /v1/requests`. */
export type RequestBody = DryBody & { readonly reason: string };

/** @throws Failure `usage` that names every missing option */
export function bodyOf(terms: RequestTerms, command: AskCommand = "request"): RequestBody {
  const { reason = "" } = terms;
  return { ...dryBodyOf(terms, command, ["reason"]), reason };
}

/** @param needed options that are needed besides the cluster and the access */
export function dryBodyOf(
  terms: RequestTerms,
  command: AskCommand,
  needed: readonly (keyof RequestTerms)[] = [],
): DryBody {
  const { cluster, duration, reason, principal, ticket, rule } = terms;
  const access = accessOf(terms, command);
  const missing = [
    ...(cluster === undefined ? [OPTIONS.cluster] : []),
    ...needed.flatMap((name) => (terms[name] === undefined ? OPTIONS[name] : [])),
    ...(access === undefined ? ["--policy with --namespace or --cluster-scope, or --group"] : []),
  ];
  if (cluster === undefined || access === undefined || missing.length > 0)
    throw wrongTerms(
      `Missing required option${missing.length === 1 ? "" : "s"}: ${missing.join("; ")}.`,
      command,
    );
  const startsAt = terms.startsAt === undefined ? undefined : parseInstant(terms.startsAt);
  if (terms.startsAt !== undefined && startsAt === undefined)
    throw wrongTerms(
      `"${terms.startsAt}" is not an instant with its zone, such as 2026-11-24T22:00-08:00.`,
      command,
    );
  return {
    cluster,
    access,
    ...(duration === undefined ? {} : { duration }),
    ...(reason === undefined ? {} : { reason }),
    ...(principal === undefined ? {} : { principalArn: principal }),
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(rule === undefined ? {} : { rule }),
  };
}

/**
 * The access that is asked for. It is never guessed: no namespaces do not mean the whole cluster.
 *
 * @returns undefined where neither a policy nor a group is given
 */
function accessOf(
  { policy: named, namespace: given, clusterScope, group }: RequestTerms,
  command: AskCommand,
): Access | undefined {
  const policy = named === undefined ? undefined : policyName(named);
  const namespace = given?.flatMap((names) => names.split(",")).filter((name) => name !== "");
  if (group) {
    if (policy || namespace || clusterScope)
      throw wrongTerms("--group excludes --policy, --namespace and --cluster-scope.", command);
    return { groups: group };
  }
  if (namespace && clusterScope)
    throw wrongTerms("--namespace and --cluster-scope exclude each other.", command);
  if (!policy) return undefined;
  if (clusterScope) return { policy, scope: { type: "cluster" } };
  if (!namespace)
    throw wrongTerms(
      "Missing the scope of --policy: --namespace <name>, or --cluster-scope.",
      command,
    );
  return { policy, scope: { type: "namespace", namespaces: namespace } };
}

/** `edit` is short for `AmazonEKSEditPolicy`, `cluster-admin` for `AmazonEKSClusterAdminPolicy`. */
export const policyName = (text: string): string =>
  /^[a-z]+(?:-[a-z]+)*$/.test(text)
    ? `AmazonEKS${text.replace(/(?:^|-)([a-z])/g, (_match, first: string) => first.toUpperCase())}Policy`
    : text;

/** The commands that take these options. */
export type AskCommand = "request" | "preview" | "policy explain";

/** Options that do not make a request. */
export const wrongTerms = (what: string, command: AskCommand = "request") =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was sent.",
    next: [
      command === "policy explain"
        ? `Next: see timelatch ${command} --help.`
        : `Next: see timelatch ${command} --help. At a terminal, timelatch request without options prompts for each value.`,
    ],
  });
