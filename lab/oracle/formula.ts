/**
 * A claim about a policy as a formula that is satisfiable only where some people can break the claim.
 * It is written from docs/policy.md and docs/access-yaml.md, and imports nothing of the product.
 */
import type { Case, NeedWords, RuleWords } from "./file-words.ts";
import { canDelegate, decidesIn, holds, isAmong, mayAsk, ownersOf, personsIn } from "./people.ts";
import { lentName, PLACE, reached, stepped, WHOLE } from "./reached.ts";
import {
  and,
  atMost,
  Definitions,
  exactlyOne,
  FALSE,
  type Formula,
  implies,
  isLabel,
  not,
  or,
  TRUE,
} from "./smt.ts";

export interface ClaimFormula {
  /** Declarations and assertions. */
  readonly lines: readonly string[];
  /** An assertion apart, which costs the solver most: the place is a name that Kubernetes takes. */
  readonly named: string;
  /** One for each person: whether they act. */
  readonly acting: readonly Formula[];
}

export function claimFormula({ file, claim, groups }: Case): ClaimFormula {
  const all = new Definitions();
  const scene = sceneOf({ file, claim, groups }, all);
  all.chosen(PLACE, "String");
  all.chosen(WHOLE);
  for (const rule of file.rules) lending(scene, rule);
  all.require(or([reached(scene), ...stepped(scene)]));
  const named = `(assert ${isLabel(PLACE)})`;
  return { lines: all.lines, named, acting: scene.persons.map(({ acts }) => acts) };
}

interface Scene extends Case {
  readonly all: Definitions;
  readonly persons: readonly { readonly names: readonly string[]; readonly acts: Formula }[];
  readonly principals: readonly { readonly arn: string; readonly chosen: Formula }[];
  readonly acts: (name: string) => Formula;
}

/** Everything is lent to one principal, and those who are left out do not act. */
function sceneOf(given: Case, all: Definitions): Scene {
  const { file, claim } = given;
  const persons = personsIn(file).map((names, at) => ({ names, acts: all.chosen(`acts-${at}`) }));
  const { without, who } = claim;
  for (const { names, acts } of persons)
    if (without && names.some((name) => isAmong(file, without, name))) all.require(not(acts));
  const arns = [...new Set(Object.values(file.people).flatMap(({ principals }) => principals))];
  const principals = arns.map((arn, at) => ({ arn, chosen: all.chosen(`principal-${at}`) }));
  all.require(exactlyOne(principals.map(({ chosen }) => chosen)));
  const endsUp = (arn: string) =>
    Object.entries(file.people).some(
      ([name, { identities }]) =>
        (holds(file, name, arn) || identities.iam?.includes(arn)) &&
        (!who || isAmong(file, who, name)),
    );
  for (const { arn, chosen } of principals) if (!endsUp(arn)) all.require(not(chosen));
  const acts = (name: string) => persons.find(({ names }) => names.includes(name))?.acts ?? FALSE;
  return { ...given, all, persons, principals, acts };
}

/** A rule lends only what somebody asks for, and what enough others approve. */
function lending(scene: Scene, rule: RuleWords): void {
  const { all, file, claim } = scene;
  const lent = all.chosen(lentName(rule));
  const asks = Object.keys(file.people).map((name) => ({
    name,
    asks: all.chosen(`asks-${rule.name}-${name}`),
  }));
  all.require(implies(lent, exactlyOne(asks.map((one) => one.asks))));
  for (const { name, asks: asked } of asks) {
    const isExcepted = claim.except?.some(
      (one) => one.rule === rule.name && (!one.who || isAmong(file, one.who, name)),
    );
    const isShort = claim.unattended !== undefined && !lastsLonger(scene, rule, name);
    const may = scene.principals
      .filter(({ arn }) => mayAsk(file, rule, claim.reach.cluster, name, arn))
      .map(({ chosen }) => chosen);
    all.require(
      implies(
        and([lent, asked]),
        isExcepted || isShort ? FALSE : and([or(may), hand(scene, name)]),
      ),
    );
    const needs = needsFor(scene, rule, name);
    seats(scene, rule, name, needs, and([lent, asked]));
  }
}

/** Owners act by the hands of their machine. Without one who may act, it acts by itself. */
function hand({ file, claim, acts }: Scene, name: string): Formula {
  const isOut = (one: string) =>
    claim.without !== undefined &&
    personsIn(file).some(
      (names) =>
        names.includes(one) && names.some((each) => isAmong(file, claim.without ?? {}, each)),
    );
  const owners = ownersOf(file, name).filter((one) => !isOut(one));
  if (owners.length === 0) return acts(name);
  return and([isOut(name) ? FALSE : TRUE, or(owners.map(acts))]);
}

function needsFor({ file }: Scene, rule: RuleWords, name: string): readonly NeedWords[] {
  if (rule.approval !== "none") return rule.approval;
  return file.people[name]?.kind === "machine" ? (rule.agents?.approve ?? []) : [];
}

/** Each place of each requirement has a voice of its own, and each name is in one voice. */
function seats(
  scene: Scene,
  rule: RuleWords,
  requester: string,
  needs: readonly NeedWords[],
  isAsked: Formula,
): void {
  const { all } = scene;
  const used = new Map<string, Formula[]>();
  const places = needs.flatMap((need) => Array.from({ length: need.count }, () => need));
  places.forEach((need, at) => {
    const filled = voices(scene, rule, requester, need).map(({ names, may }) => {
      const id = `fills-${rule.name}-${requester}-${at}-${names.join("-for-")}`;
      const fills = all.chosen(id);
      all.require(implies(fills, may));
      for (const name of names) used.set(name, [...(used.get(name) ?? []), fills]);
      return fills;
    });
    all.require(implies(isAsked, or(filled)));
  });
  for (const each of used.values()) all.require(atMost(1, each));
}

interface VoiceWords {
  /** The person who approves, and the delegator. */
  readonly names: readonly string[];
  readonly may: Formula;
}

function voices(
  scene: Scene,
  rule: RuleWords,
  requester: string,
  need: NeedWords,
): readonly VoiceWords[] {
  const { file, claim, acts } = scene;
  const circle = [...need.groups, ...(need.escalate?.groups ?? [])];
  const people = Object.keys(file.people).filter((name) => file.people[name]?.kind !== "machine");
  const isParty = (name: string): Formula => {
    const machine = file.people[requester];
    const isOwner = ownersOf(file, requester).includes(name) && !machine?.ownersApprove;
    if (name === requester || isOwner) return TRUE;
    if (rule.approverMayHoldPrincipal) return FALSE;
    return or(
      scene.principals.filter(({ arn }) => holds(file, name, arn)).map(({ chosen }) => chosen),
    );
  };
  const able = people.filter((name) => isAmong(file, { groups: circle }, name));
  const own = able
    .filter((name) => decidesIn(file, rule, name))
    .map((name) => ({ names: [name], may: and([acts(name), not(isParty(name))]) }));
  if (!file.delegations || rule.delegable === false) return own;
  const { to } = file.delegations;
  const delegates = people.filter(
    (name) => decidesIn(file, rule, name) && (!to || isAmong(file, to, name)),
  );
  const delegated = able
    .filter((name) => claim.standing || canDelegate(file, name))
    .flatMap((by) =>
      delegates
        .filter((name) => name !== by)
        .map((name) => ({
          names: [name, by],
          may: and([
            acts(name),
            claim.standing ? TRUE : acts(by),
            not(isParty(name)),
            not(isParty(by)),
          ]),
        })),
    );
  return [...own, ...delegated];
}

const hours = (text: string): number => Number(text.replace(/h$/, ""));

/** Whether access can last longer than the claim says while nobody but its holder acts. */
function lastsLonger({ claim, file }: Scene, rule: RuleWords, name: string): boolean {
  const { duration, extend } = rule;
  const isMachine = file.people[name]?.kind === "machine";
  const needsNobody = rule.approval === "none" && !(isMachine && rule.agents);
  if (needsNobody) return true;
  const max = hours(duration.max);
  const isApproved = isMachine && rule.approval === "none";
  const longest =
    extend?.approval === "none" && !isApproved
      ? Math.max(max, Math.min(hours(extend.total), max * (1 + extend.times)))
      : max;
  return longest > hours(claim.unattended ?? "");
}
