/** What is asked for, as the command line says it and as the API is asked. */
import type { Access } from "../../shared/domain/requests/request.ts";
import { Failure } from "../failures/failure.ts";
import { visible, widthOf } from "../terminal/visible-text.ts";
import { parseInstant } from "../text/time-text.ts";

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
  readonly rule?: string;
}

/** Each term's option, in the order in which a command line is written. */
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
  rule: "--rule",
} as const satisfies Record<keyof RequestTerms, string>;

const NAMES = Object.keys(OPTIONS) as readonly (keyof RequestTerms)[];

export const saysNothing = (terms: RequestTerms): boolean =>
  NAMES.every((name) => terms[name] === undefined);

/**
 * The command line that asks for the terms, to be read, copied and changed: broken between options
 * into lines of at most `width` columns, in a way that a shell reads as one.
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

/** The body of `POST /v1/requests` and of its preview. */
export interface RequestBody {
  readonly cluster: string;
  readonly access: Access;
  readonly duration?: string;
  readonly reason: string;
  readonly principalArn?: string;
  readonly startsAt?: string;
  readonly rule?: string;
}

/** @throws Failure `usage` that names every option which is missing */
export function bodyOf(terms: RequestTerms): RequestBody {
  const { cluster, duration, reason, principal, rule } = terms;
  const access = accessOf(terms);
  const missing = [
    ...(cluster === undefined ? [OPTIONS.cluster] : []),
    ...(reason === undefined ? [OPTIONS.reason] : []),
    ...(access === undefined ? ["--policy with --namespace or --cluster-scope, or --group"] : []),
  ];
  if (cluster === undefined || access === undefined || reason === undefined)
    throw wrongTerms(`Not everything was said; missing: ${missing.join("; ")}.`);
  const startsAt = terms.startsAt === undefined ? undefined : parseInstant(terms.startsAt);
  if (terms.startsAt !== undefined && startsAt === undefined)
    throw wrongTerms(
      `"${terms.startsAt}" is not an instant with its zone, such as 2026-11-24T22:00-08:00.`,
    );
  return {
    cluster,
    access,
    ...(duration === undefined ? {} : { duration }),
    reason,
    ...(principal === undefined ? {} : { principalArn: principal }),
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(rule === undefined ? {} : { rule }),
  };
}

/**
 * What is asked for. It is never guessed: no namespaces are not the whole cluster.
 *
 * @returns undefined where nothing is
 */
function accessOf({ policy, namespace, clusterScope, group }: RequestTerms): Access | undefined {
  if (group) {
    if (policy || namespace || clusterScope)
      throw wrongTerms("--group lends Kubernetes groups in place of a policy and its scope.");
    return { groups: group };
  }
  if (namespace && clusterScope)
    throw wrongTerms("--namespace and --cluster-scope exclude each other.");
  if (!policy) return undefined;
  if (clusterScope) return { policy, scope: { type: "cluster" } };
  if (!namespace)
    throw wrongTerms("Say where --policy should hold: --namespace <name>, or --cluster-scope.");
  return { policy, scope: { type: "namespace", namespaces: namespace } };
}

/** Options that come to no request. */
export const wrongTerms = (happened: string) =>
  new Failure("usage", "usage", {
    happened,
    undone: "Nothing was sent.",
    next: [
      "Next: timelatch request --help; timelatch request alone in a terminal asks step by step.",
    ],
  });
