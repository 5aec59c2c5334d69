/** The grants that a group of people can bring about, found by playing every sequence over fakes. */
import { T0 } from "../../lab/fakes/builders.ts";
import { memoryBroker } from "../../lab/fakes/memory-broker.ts";
import type { FileWords, RuleWords } from "../../lab/oracle/file-words.ts";
import { ownersOf } from "../../lab/oracle/people.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import type { Access, AccessRequest } from "../../shared/domain/requests/request.ts";
import { BrokerError } from "../../shared/domain/values/errors.ts";
import { decideRequest } from "../../shared/usecases/requests/decide-request.ts";

/** A policy as words and as the product reads it, and the people who act. */
export interface Coalition {
  readonly file: FileWords;
  readonly policy: AccessPolicy;
  readonly names: readonly string[];
  /** Those who delegated before, though they do nothing today. */
  readonly delegators: readonly string[];
}

type Surface = "api" | "slack";

/** The surfaces on which somebody is known. */
const surfacesOf = ({ file }: Coalition, name: string): readonly Surface[] => {
  const { iam = [], slack = [] } = file.people[name]?.identities ?? {};
  return [
    ...(iam.length > 0 ? (["api"] as const) : []),
    ...(slack.length > 0 ? (["slack"] as const) : []),
  ];
};

/** Whether they can have the rule lend something to a principal. @param askers those whom the claim means */
export async function canBringAbout(
  coalition: Coalition,
  rule: RuleWords,
  ask: { readonly cluster: string; readonly principalArn: string },
  askers: readonly string[],
): Promise<boolean> {
  for (const asker of askers) {
    const surface = surfacesOf(coalition, asker)[0];
    if (surface === undefined) continue;
    const begin = () => begun(coalition, rule, ask, asker);
    const first = await begin();
    if (!first) continue;
    if (first.request.state === "approved") return true;
    if (await isApprovedBy(coalition, begin, [])) return true;
  }
  return false;
}

/** Somebody asks, in a broker in which nothing happened before. @returns undefined where it is refused */
async function begun(
  { policy }: Coalition,
  rule: RuleWords,
  ask: { readonly cluster: string; readonly principalArn: string },
  asker: string,
) {
  const broker = memoryBroker({ policy });
  broker.clock.set(T0);
  const terms = { ...ask, access: accessOf(rule), durationSeconds: null, rule: rule.name };
  const request = await unlessRefused(() => broker.ask(terms, asker));
  return request && { broker, request };
}

type Begun = NonNullable<Awaited<ReturnType<typeof begun>>>;

/** One voice, by the name of who approves and of the delegator. */
type Approving = readonly [by: string, onBehalfOf?: string];

/** Tries each voice of each person, or no voice of theirs, one person after the other. */
async function isApprovedBy(
  coalition: Coalition,
  begin: () => Promise<Begun | undefined>,
  chosen: readonly Approving[],
  from = 0,
): Promise<boolean> {
  for (const [at, by] of coalition.names.entries()) {
    if (at < from) continue;
    const voices = [undefined, ...coalition.delegators.filter((name) => name !== by)];
    for (const onBehalfOf of voices) {
      const all = [...chosen, [by, onBehalfOf] as Approving];
      const state = await played(coalition, await begin(), all);
      if (state === "approved") return true;
      // A refused voice adds nothing, whatever the others do.
      if (state === "pending" && (await isApprovedBy(coalition, begin, all, at + 1))) return true;
    }
  }
  return false;
}

/** @returns undefined where somebody is refused */
async function played(
  coalition: Coalition,
  begin: Begun | undefined,
  approvings: readonly Approving[],
): Promise<AccessRequest["state"] | undefined> {
  if (!begin) return undefined;
  const { broker } = begin;
  let { request } = begin;
  for (const [by, onBehalfOf] of approvings) {
    const next = await unlessRefused(async () => {
      if (onBehalfOf !== undefined) await broker.delegate(onBehalfOf, by);
      return await approvedSomewhere(coalition, begin, by, onBehalfOf);
    });
    if (!next) return undefined;
    request = next;
  }
  return request.state;
}

async function approvedSomewhere(
  coalition: Coalition,
  { broker, request }: Begun,
  by: string,
  onBehalfOf: string | undefined,
): Promise<AccessRequest | undefined> {
  const { decideIn = ["api", "slack"] } =
    coalition.file.rules.find(({ name }) => name === request.rule) ?? {};
  const surface = surfacesOf(coalition, by).find(
    (one) => decideIn.includes(one) && (one === "api" || coalition.file.slack !== undefined),
  );
  if (surface === undefined) return undefined;
  const decision = { verdict: "approve", digest: request.digest } as const;
  return await decideRequest(broker.front, broker.actor(by, { surface }), request.id, {
    ...decision,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
  });
}

async function unlessRefused<Made>(act: () => Promise<Made>): Promise<Made | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof BrokerError) return undefined;
    throw error;
  }
}

/** Something that the rule lends; a pattern never lends a namespace of Kubernetes. */
function accessOf({ access }: RuleWords): Access {
  if ("groups" in access) return { groups: [...access.groups] };
  const policy = access.policies[0] ?? "";
  if ("scope" in access) return { policy, scope: { type: "cluster" } };
  const name = (access.namespaces[0] ?? "").replaceAll("*", "x");
  return { policy, scope: { type: "namespace", namespaces: [name] } };
}

/** Those who could ask: the people who act, and machines by the hands of their owners. */
export const askersAmong = (
  { file, names }: Pick<Coalition, "file" | "names">,
  isOut: (name: string) => boolean,
): readonly string[] =>
  Object.keys(file.people).filter((name) => {
    if (isOut(name)) return false;
    const owners = ownersOf(file, name).filter((owner) => !isOut(owner));
    return owners.length === 0 ? names.includes(name) : owners.some((one) => names.includes(one));
  });
