/**
 * The changes that the page cannot make by itself: the terminal shows their terms and asks. An extension
 * of the browser has the page's token, and cannot type into the terminal.
 */
import { describeAccessOn } from "../../shared/domain/requests/access-text.ts";
import { askerText } from "../../shared/domain/requests/asker-text.ts";
import type { Access } from "../../shared/domain/requests/request.ts";
import { powerOfPolicy } from "../../shared/domain/standing/power.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { PreviewAnswer, RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { RouteOperation } from "../../shared/http/contract/routes.ts";
import type { Api } from "../api/api-client.ts";
import type { Fact } from "../terminal/facts.ts";
import { requestFacts } from "../text/request-facts.ts";

/** A change that waits for a word in the terminal. */
export interface Change {
  readonly operation: RouteOperation;
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The terms as the terminal prints them, and why it asks. */
export interface Terms {
  /** A sentence: `Approve edit in payments-api on prod for alice?` */
  readonly question: string;
  readonly why: string;
  readonly facts: readonly Fact[];
}

export interface Knowing {
  readonly api: Pick<Api, "send">;
  /** The request as it was last served to the page. */
  readonly served: (id: string) => RequestAnswer | undefined;
  readonly now: () => string;
}

type Ask = (change: Change, knowing: Knowing) => Terms | undefined | Promise<Terms | undefined>;

/** Everything that ends or lessens access goes on by itself: it must never wait. */
const ASKS: Readonly<Partial<Record<RouteOperation, Ask>>> = {
  createRequest: askToCreate,
  extendGrant: askToExtend,
  escalateRequest: askToEscalate,
  decideRequest: askToDecide,
  createDelegation: ({ body }) => delegationTerms(body),
  liftSuspension: ({ parameters }) =>
    plain(
      `Lift the suspension of ${visible(parameters["name"] ?? "")}?`,
      "It lends to them again.",
    ),
  liftDrain: () => plain("Lift the drain?", "The broker lends to everybody again."),
  drain: ({ body }) =>
    plain(
      "Drain the broker?",
      "The removal of everything that is lent begins at once.",
      reasonFact(body),
    ),
};

/** @returns undefined where the page may make the change by itself @throws Failure */
export const termsOf = async (change: Change, knowing: Knowing): Promise<Terms | undefined> =>
  ASKS[change.operation]?.(change, knowing);

const plain = (question: string, why: string, facts: readonly Fact[] = []): Terms => ({
  question,
  why,
  facts,
});

/** A request that the policy approves by itself is access at once. */
async function askToCreate({ body }: Change, { api }: Knowing): Promise<Terms | undefined> {
  const call = { method: "POST", path: "/v1/requests/preview", body, reads: true } as const;
  const preview = await api.send<PreviewAnswer>(call);
  if (!preview.allowed) return undefined;
  const { access, cluster, duration, rule, breakGlass, requirements } = preview;
  const why = breakGlass
    ? BREAK_GLASS
    : requirements.length === 0
      ? powerReason(access)
      : undefined;
  if (why === undefined) return undefined;
  const facts: readonly Fact[] = [
    ["Access", visible(describeAccessOn(access, cluster))],
    ["For", visible(duration)],
    ["Rule", visible(rule)],
    ...reasonFact(body),
  ];
  return plain(`Ask for ${visible(describeAccessOn(access, cluster))}?`, why, facts);
}

const BREAK_GLASS = "The rule is break-glass: access begins at once, and a review follows.";

/** Why access of such power is asked about; undefined for less. */
function powerReason(access: Access): string | undefined {
  const power = "groups" in access ? "unknown" : powerOfPolicy(access.policy);
  if (power === "everything") return "This access may do everything on the cluster.";
  return power === "unknown" ? "Nobody knows how much this access may do." : undefined;
}

async function askToExtend({ parameters }: Change, knowing: Knowing): Promise<Terms | undefined> {
  const request = await readWhole(parameters, knowing);
  const why = request.breakGlass ? BREAK_GLASS : powerReason(request.access);
  return why === undefined ? undefined : aboutRequest("Extend", request, why, knowing);
}

async function askToEscalate({ parameters }: Change, knowing: Knowing): Promise<Terms> {
  return aboutRequest("Escalate", await readWhole(parameters, knowing), BREAK_GLASS, knowing);
}

/** @see decisionFault: the page has been served what it decides on */
function askToDecide({ parameters, body }: Change, knowing: Knowing): Terms | undefined {
  const request = knowing.served(parameters["id"] ?? "");
  if (!request || !isApproval(body)) return undefined;
  const why = decisionReason(request);
  return why === undefined
    ? undefined
    : aboutRequest("Approve", request, why, knowing, lessFact(body));
}

function decisionReason(request: RequestAnswer): string | undefined {
  const { breakGlass, decideIn, access } = request;
  if (breakGlass) return "The rule is break-glass.";
  // A release that does not say so may mean it.
  if (!decideIn?.includes("slack"))
    return decideIn
      ? "The rule says decideIn: [api]."
      : "The deployment does not say where its rule lets you decide.";
  return powerReason(access);
}

const isApproval = (body: unknown): boolean => memberOf(body, "verdict") === "approve";

function aboutRequest(
  verb: string,
  request: RequestAnswer,
  why: string,
  { now }: Knowing,
  more: readonly Fact[] = [],
): Terms {
  const what = describeAccessOn(request.access, request.cluster);
  const question = `${verb} ${visible(what)} for ${visible(askerText(request))}, ${visible(request.duration)}?`;
  return { question, why, facts: [...requestFacts(request, now()), ...more] };
}

const readWhole = (parameters: Change["parameters"], { api }: Knowing): Promise<RequestAnswer> =>
  api.send<RequestAnswer>({ method: "GET", path: `/v1/requests/${parameters["id"]}` });

const DELEGATION = "Somebody else may decide for you.";

function delegationTerms(body: unknown): Terms {
  const fact = (name: string, member: string): readonly Fact[] => {
    const value = memberOf(body, member);
    return typeof value === "string" ? [[name, visible(value)]] : [];
  };
  const to = fact("To", "to");
  const facts = [...to, ...fact("From", "from"), ...fact("Until", "until")];
  return plain(`Delegate your approvals to ${to[0]?.[1] ?? "nobody"}?`, DELEGATION, facts);
}

function lessFact(body: unknown): readonly Fact[] {
  const less = memberOf(body, "less");
  return less === undefined ? [] : [["For less", visible(JSON.stringify(less))]];
}

function reasonFact(body: unknown): readonly Fact[] {
  const reason = memberOf(body, "reason");
  return typeof reason === "string" ? [["Reason", visible(reason)]] : [];
}

const memberOf = (body: unknown, name: string): unknown =>
  typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined;
