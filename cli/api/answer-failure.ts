import type { ErrorCode } from "../../shared/domain/values/errors.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ProblemAnswer } from "../../shared/http/contract/answers.ts";
import type { Exit } from "../failures/exit-codes.ts";
import { Failure, notDoneUnlessSaid } from "../failures/failure.ts";
import { partLines } from "../text/part-lines.ts";
import { LIFT_DRAIN } from "../text/stopped-text.ts";
import { spanText } from "../text/time-text.ts";
import type { Call, Received } from "./call.ts";
import { afterwards, maybeDone } from "./network-failure.ts";

const EXITS: Readonly<Record<number, Exit>> = {
  404: "notFound",
  409: "conflict",
  429: "unavailable",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

const exitOf = (status: number): Exit =>
  EXITS[status] ?? (status >= 400 && status < 500 ? "refused" : "unexpected");

/** Follows an input that timelatch itself made wrong. */
const UPDATE = "Next: update timelatch; if it happens again, tell whoever runs Timelatch.";

/** The next step for each problem code. The API's own faults are not here. */
const HINTS = {
  "ask-refused": "Next: correct these parts or leave them out, and ask again.",
  "body-too-large": "Next: shorten the reason or the note, or name fewer namespaces.",
  "cluster-not-ready": "Next: try again later, or tell whoever runs the cluster.",
  "digest-mismatch": "Next: run the command again, and decide on what it shows.",
  "already-approved": "Next: see its state with timelatch show.",
  "delegation-not-found": "Next: see those that are not over with timelatch delegations.",
  "delegations-off": "Next: ask whoever keeps access.yaml to allow delegations.",
  "nothing-to-delegate": "Next: see your groups with timelatch whoami.",
  "unknown-delegate": "Next: correct --to, and run it again.",
  "not-a-delegate": "Next: name a member of these groups, or ask an approver to decide.",
  "delegation-to-self": "Next: correct --to, and run it again.",
  "delegation-circle": "Next: see the delegations that there are with timelatch delegations.",
  "delegation-too-long": "Next: name an earlier --until, and run it again.",
  "delegation-in-past": "Next: name later moments, or leave out --from for at once.",
  "delegation-without-time": "Next: name a later --until, and run it again.",
  "too-many-delegations": "Next: end one with timelatch delegations end.",
  "not-delegated": "Next: see who delegates to you with timelatch delegations.",
  "delegation-over": "Next: see who delegates to you with timelatch delegations.",
  "delegation-ended": "Next: see who delegates to you with timelatch delegations.",
  "not-delegable": "Next: ask its approvers themselves: timelatch show names them.",
  "delegator-asked": "Next: ask another approver: timelatch show names them.",
  "delegator-holds-principal": "Next: ask another approver: timelatch show names them.",
  "delegator-lost-standing": "Next: ask another approver: timelatch show names them.",
  "break-glass-as-asked": "Next: approve it without --duration and --namespace, or deny it.",
  "extension-as-asked": "Next: approve it without --duration and --namespace, or deny it.",
  "longer-than-asked": "Next: shorten --duration, and run it again.",
  "namespace-not-asked": "Next: correct --namespace, and run it again.",
  "no-namespaces-asked": "Next: leave out --namespace, and run it again.",
  "not-less": "Next: approve it without --duration and --namespace.",
  "too-short": "Next: name a longer --duration, or deny it.",
  "extension-open": "Next: see the extension with timelatch show <its id>.",
  "not-active-yet": "Next: see its state with timelatch show, and extend it once it is active.",
  "too-late-to-extend": "Next: ask again with timelatch request.",
  "grant-over": "Next: ask again with timelatch request.",
  "already-break-glass": "Next: see its state with timelatch show.",
  "break-glass-denied": "Next: see what your rules lend with timelatch access.",
  "break-glass-needs-approval": "Next: wait for an approver, or name another rule with --rule.",
  "extension-stays": "Next: ask with timelatch request --rule and the name of a break-glass rule.",
  "no-break-glass": "Next: see what your rules lend with timelatch access.",
  "not-break-glass": "Next: see which of your rules are break-glass with timelatch access.",
  suspended: "Next: ask another admin; what you have, you can return with timelatch return.",
  drained: "Next: run it again once the drain is lifted; see timelatch access.",
  "delegator-suspended": "Next: see the request with timelatch show.",
  "requester-suspended": "Next: see the request with timelatch show.",
  "already-suspended": "Next: see who is suspended with timelatch suspensions.",
  "nobody-could-lift":
    "Next: add an admin to access.yaml, or run it again with --even-if-nobody-can-lift.",
  "not-suspended": "Next: see who is suspended with timelatch suspensions.",
  "already-drained": "Next: see why with timelatch suspensions.",
  "not-drained": "Next: see who is suspended with timelatch suspensions.",
  "own-stop": "Next: see who can lift it with timelatch suspensions.",
  "person-not-found": "Next: correct the name, and run it again.",
  "not-pending": "Next: see its state with timelatch show.",
  "not-requester": "Next: see your pending requests with timelatch list.",
  "duplicate-request": "Next: see your pending requests with timelatch list.",
  "illegal-transition": "Next: see its state with timelatch show.",
  forbidden: "Next: see your groups and roles with timelatch whoami, and ask someone who may.",
  "duration-too-long": "Next: shorten --duration, and run it again.",
  "idempotency-mismatch": "Next: leave out --idempotency-key to make a new one.",
  "invalid-request": "Next: correct that, and run it again.",
  "invalid-cursor": "Next: run it again; the list begins at its first page.",
  "malformed-request": UPDATE,
  "finding-not-found": "Next: see the findings that there are with timelatch findings --all.",
  "own-finding": "Next: ask another auditor or admin to look at it.",
  "too-many-acknowledgements": "Next: keep further notes elsewhere, such as in your tickets.",
  "method-not-allowed": UPDATE,
  "own-review": "Next: ask somebody else of the groups that review it: timelatch show names them.",
  "not-reviewer": "Next: ask one of the groups that review it: timelatch show names them.",
  "no-review":
    "Next: see its rule with timelatch show, and what you may review with timelatch review.",
  "review-too-early": "Next: close the review once the access is over: timelatch show says when.",
  "review-closed": "Next: see who closed it, and the note, with timelatch show.",
  "break-glass-open": "Next: end the open one with timelatch return, or use it.",
  "review-overdue": "Next: have the review closed first: timelatch show names who may.",
  "not-on-call": "Next: approve it again in their shift, or deny it.",
  "on-call-unknown": "Next: approve it again in a minute, or deny it.",
  "ticket-refused": "Next: deny it, or have the requester ask for another ticket.",
  "ticket-unknown": "Next: approve it again in a minute, or deny it.",
  "outside-hours": "Next: approve it again within the hours, or have the requester name a start.",
  "policy-denied": "Next: see what you may ask for with timelatch access.",
  "rate-limited": "Next: wait a moment and run it again.",
  "cluster-not-found": "Next: see the clusters that there are with timelatch clusters.",
  "request-not-found":
    "Next: see what you may see with timelatch list, or timelatch list --to-approve.",
  "route-not-found": "Next: API and timelatch have different versions; update the older one.",
  "decided-elsewhere": "Next: decide where the rule lets its approvers decide, as it says above.",
  "machine-asks-only": "Next: have a person do this; timelatch whoami names the machine's owners.",
  "self-approval": "Next: ask someone else to decide; timelatch show names who can.",
  "unknown-caller":
    "Next: compare aws sts get-caller-identity with access.yaml, and check AWS_PROFILE.",
  "unsupported-media-type": UPDATE,
  "too-many-grants": "Next: see the open grants with timelatch list, and end one.",
  "too-much-on-one-entry":
    "Next: end what it names with timelatch return or timelatch cancel, or ask for fewer namespaces.",
  "too-many-automatic": "Next: wait until then, or name a rule with approvers by --rule.",
  "too-many-pending":
    "Next: see your pending requests with timelatch list, and cancel one you no longer need.",
  "version-conflict": "Next: see its state with timelatch show, then decide whether to repeat it.",
} as const satisfies Readonly<Partial<Record<ErrorCode, string>>>;

/** A newer API may know problems that this command does not. */
const hintOf = (code: string): string =>
  Object.hasOwn(HINTS, code) ? HINTS[code as keyof typeof HINTS] : UPDATE;

/** The API's facts can name what to do next more closely. */
function nextOf(
  code: string,
  { mayLift, id, person }: ProblemAnswer,
): readonly [string, ...string[]] {
  // The person that a problem names is suspended; any other stop that the reader may lift is a
  // drain.
  if (mayLift === true && typeof person === "string")
    return ["Next: lift it:", `  timelatch suspend ${visible(person)} --lift`];
  if (mayLift === true) return [LIFT_DRAIN];
  if (code === "duplicate-request" && typeof id === "string")
    return ["Next: see that request:", `  timelatch show ${visible(id)}`];
  return [hintOf(code)];
}

/** The failure of an answer that is not a success: the API's problem, or the gateway's message. */
export function failureOfAnswer(call: Call, received: Received): Failure {
  const document = jsonOf(received.text);
  const problem = problemOf(document);
  if (problem) return failureOfProblem(call, received.status, problem);
  const message = gatewayMessage(received);
  if (message !== undefined) return notAccepted(received, message);
  if (received.status >= 500 || received.status === 429) return unavailable(call, received.status);
  return notTheApi(received);
}

/** Whether the gateway refused the credentials, so that the API has not seen the call. */
export const isRefusedByGateway = (received: Received): boolean =>
  gatewayMessage(received) !== undefined;

function gatewayMessage({ status, text }: Received): string | undefined {
  const document = jsonOf(text);
  if (status !== 403 || problemOf(document)) return undefined;
  return typeof document?.["message"] === "string" ? document["message"] : undefined;
}

type Document = Readonly<Record<string, unknown>>;

function jsonOf(text: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Document) : undefined;
  } catch {
    return undefined;
  }
}

const problemOf = (document: Document | undefined): ProblemAnswer | undefined =>
  typeof document?.["type"] === "string" && typeof document["title"] === "string"
    ? (document as ProblemAnswer)
    : undefined;

function failureOfProblem(call: Call, status: number, problem: ProblemAnswer): Failure {
  const code = problem.type.split(":").at(-1) ?? problem.type;
  const exit = exitOf(status);
  // Each wrong input has a line of its own.
  const detail = (problem.errors ? undefined : problem.detail) ?? `${problem.title}.`;
  const trace = problem.instance ? [`For the operators: ${visible(problem.instance)}`] : [];
  const [first, ...more] = status >= 500 ? afterwards(call) : nextOf(code, problem);
  return new Failure(exit, code, {
    what: `${detail} (${code})`,
    notDone: notDoneUnlessSaid(detail, status < 500 ? "Nothing was done." : maybeDone(call)),
    unsure: status >= 500,
    findings: partLines(problem),
    next: [first, ...more, ...(status >= 500 ? trace : [])],
    problem,
  });
}

/** Beyond this difference of clocks AWS refuses a signature; it allows five minutes. */
export const CLOCK_SECONDS = 240;

function notAccepted({ headers }: Received, message: string): Failure {
  const sent = Date.parse(headers.get("date") ?? "");
  const off = Number.isNaN(sent) ? 0 : (Date.now() - sent) / 1000;
  const clock =
    Math.abs(off) > CLOCK_SECONDS
      ? [
          `This machine's clock is ${spanText(Math.abs(off))} ${off > 0 ? "ahead" : "behind"}: set it.`,
        ]
      : [];
  return new Failure("refused", "credentials-not-accepted", {
    what: `The gateway did not accept your AWS credentials (403 ${message}).`,
    notDone: "Nothing was done.",
    findings: clock,
    next: [
      "Next: check AWS_PROFILE, and sign in again if the session has expired (aws sso login).",
      "Check:  aws sts get-caller-identity",
      "Is there a role of your own, role/timelatch/people/…?  timelatch config set role <its ARN>",
      "Else your role lacks execute-api:Invoke on this API: ask whoever runs Timelatch.",
    ],
    facts: { status: 403 },
  });
}

function unavailable(call: Call, status: number): Failure {
  return new Failure("unavailable", "unavailable", {
    what: `The API is ${status === 429 ? "busy" : "unavailable"} (${status}).`,
    notDone: status === 429 ? "Nothing was done." : maybeDone(call),
    unsure: status !== 429,
    next: status === 429 ? ["Next: wait a moment and run it again."] : afterwards(call),
    facts: { status },
  });
}

/** The address belongs to another server. */
export function notTheApi({ status, headers }: Received): Failure {
  const type = headers.get("content-type") ?? "no content type";
  return new Failure("unavailable", "not-the-api", {
    what: `The server at this address is not the Timelatch API (${status}, ${type}).`,
    notDone: "The call may or may not have been done.",
    unsure: true,
    next: ["Next: check the API's address (timelatch config get api, TIMELATCH_API, --api)."],
    facts: { status },
  });
}
