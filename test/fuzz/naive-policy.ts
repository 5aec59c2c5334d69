/**
 * A second reading of the policy, written without the first: it spells out every namespace of a
 * small world and looks at each, however slow that is. It reads the file's own words.
 */

import type { Hours } from "../../shared/domain/policy/hours.ts";
import { naivelyWithin } from "../shared/domain/policy/naive-hours.ts";

interface FileRequirement {
  readonly groups: readonly string[];
  readonly count?: number;
  readonly escalate?: { readonly after: string; readonly groups: readonly string[] };
}

export interface FileRule {
  readonly name: string;
  readonly who: { readonly people?: readonly string[]; readonly groups?: readonly string[] };
  readonly clusters: readonly string[];
  readonly access: {
    readonly policies?: readonly string[];
    readonly scope?: "cluster";
    readonly exactly?: boolean;
    readonly namespaces?: readonly string[];
    readonly wildcards?: boolean;
    readonly groups?: readonly string[];
  };
  readonly approval: "none" | readonly FileRequirement[];
  readonly breakGlass?: boolean;
  readonly approverMayHoldPrincipal?: boolean;
  readonly lapse?: string;
  readonly atMost?: { readonly times: number; readonly per: string };
  readonly duration: { readonly max: string; readonly default?: string };
  readonly when?: Hours;
  readonly start?: { readonly latest: string };
  readonly reason?: { readonly minLength?: number; readonly ticket?: string };
  readonly sharedPrincipals?: boolean;
  readonly foreignPrincipals?: boolean;
  readonly extend?: { readonly times: number; readonly total: string; readonly approval?: string };
  readonly review?: { readonly by?: readonly string[] };
  readonly delegable?: boolean;
  readonly decideIn?: readonly string[];
  readonly [other: string]: unknown;
}

export interface PolicyFile {
  readonly clusters: Readonly<Record<string, { readonly arn: string; readonly retired?: boolean }>>;
  readonly people: Readonly<
    Record<
      string,
      {
        readonly groups?: readonly string[];
        readonly principals?: readonly string[];
        readonly [other: string]: unknown;
      }
    >
  >;
  readonly roles?: { readonly admins?: readonly string[] };
  readonly delegations?: { readonly allowed: true; readonly longest?: string };
  readonly rules: readonly FileRule[];
  readonly [other: string]: unknown;
}

/** A body as `JSON.parse` reads it, once the API took it. */
export interface SentBody {
  readonly cluster: string;
  readonly access: {
    readonly policy?: string;
    readonly scope?: { readonly type: string; readonly namespaces?: readonly string[] };
    readonly groups?: readonly string[];
  };
  readonly duration?: string;
  readonly reason: string;
  readonly principalArn?: string;
  readonly rule?: string;
  readonly startsAt?: string;
}

const PIECES = ["payments", "-", "api", "team", "a", "kube", "system", "x"];

/** Every name of up to four pieces. */
const WORLD: readonly string[] = (() => {
  let names = [""];
  const all = new Set<string>();
  for (let length = 1; length <= 4; length += 1) {
    names = names.flatMap((name) => PIECES.map((piece) => name + piece));
    for (const name of names) all.add(name);
  }
  return [...all].filter((name) => !name.startsWith("-") && !name.endsWith("-"));
})();

/** Character by character, without a regular expression. */
function covers(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  if (pattern[0] === "*")
    return covers(pattern.slice(1), name) || (name !== "" && covers(pattern, name.slice(1)));
  return pattern[0] === name[0] && name !== "" && covers(pattern.slice(1), name.slice(1));
}

/** A duration as the file writes it, in seconds. */
export function naiveSeconds(text: string): number {
  let total = 0;
  let digits = "";
  for (const char of text) {
    if (char >= "0" && char <= "9") digits += char;
    else {
      const unit = { d: 24 * 60 * 60, h: 60 * 60, m: 60, s: 1 }[char];
      if (unit === undefined || digits === "") return Number.NaN;
      total += Number(digits) * unit;
      digits = "";
    }
  }
  return digits === "" ? total : Number.NaN;
}

const accountOf = (arn: string) => arn.split(":")[4];

/** Whether a request and its start are at times at which a rule lends. */
function inTime(
  { when, start, breakGlass }: FileRule,
  askedAt: string,
  startsAt: string | undefined,
): boolean {
  // An emergency is now.
  if (breakGlass === true && startsAt !== undefined) return false;
  const ahead = startsAt === undefined ? 0 : (Date.parse(startsAt) - Date.parse(askedAt)) / 1000;
  if (ahead > naiveSeconds(start?.latest ?? "30d")) return false;
  return !when || [askedAt, startsAt ?? askedAt].every((instant) => naivelyWithin(when, instant));
}

/** Whether some rule lets the person have what the body asks for at that instant. */
export function naivelyAllowed(
  file: PolicyFile,
  person: string,
  body: SentBody,
  askedAt: string,
): boolean {
  if (body.startsAt !== undefined && Date.parse(body.startsAt) <= Date.parse(askedAt)) return false;
  const cluster = file.clusters[body.cluster];
  if (!cluster || cluster.retired) return false;
  const mine = file.people[person]?.principals ?? [];
  const local = mine.filter((arn) => accountOf(arn) === accountOf(cluster.arn));
  const principal = body.principalArn ?? (local.length === 1 ? local[0] : undefined);
  if (principal === undefined || !mine.includes(principal)) return false;
  const holders = Object.values(file.people).filter((one) => one.principals?.includes(principal));
  const groups = file.people[person]?.groups ?? [];
  return file.rules.some((rule) => {
    const forMe =
      rule.who.people?.includes(person) || rule.who.groups?.some((one) => groups.includes(one));
    if (!forMe || (body.rule !== undefined && body.rule !== rule.name)) return false;
    if (!rule.clusters.includes(body.cluster)) return false;
    if (holders.length > 1 && rule.sharedPrincipals !== true) return false;
    if (accountOf(principal) !== accountOf(cluster.arn) && rule.foreignPrincipals !== true)
      return false;
    const most = naiveSeconds(rule.duration.max);
    if (!(naiveSeconds(body.duration ?? rule.duration.default ?? rule.duration.max) <= most))
      return false;
    if ([...body.reason].length < (rule.reason?.minLength ?? 0)) return false;
    const ticket = rule.reason?.ticket;
    if (ticket !== undefined && !body.reason.split(" ").some((word) => word.match(ticket)))
      return false;
    return inTime(rule, askedAt, body.startsAt) && lent(rule, body);
  });
}

function lent({ access: lends }: FileRule, { access }: SentBody): boolean {
  if (access.groups) return access.groups.every((group) => lends.groups?.includes(group));
  if (!access.policy || !lends.policies?.includes(access.policy)) return false;
  if (access.scope?.type === "cluster") return lends.scope === "cluster";
  const asked = access.scope?.namespaces ?? [];
  if (asked.length === 0) return false;
  if (lends.scope === "cluster") return !lends.exactly && !asked.some((name) => name.includes("*"));
  if (!lends.namespaces) return false;
  if (asked.some((name) => name.includes("*")) && lends.wildcards !== true) return false;
  const reached = [...WORLD, ...asked.filter((name) => !name.includes("*"))].filter((name) =>
    asked.some((pattern) => covers(pattern, name)),
  );
  return reached.every((name) =>
    name.startsWith("kube-")
      ? lends.namespaces?.includes(name)
      : lends.namespaces?.some((pattern) => covers(pattern, name)),
  );
}
