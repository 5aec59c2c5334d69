/** Tools that ask for access and give it back. None of them decides anything. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { describeAccessOn } from "../../shared/domain/requests/access-text.ts";
import type { State } from "../../shared/domain/requests/request.ts";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";
import type {
  PreviewAllowed,
  PreviewAnswer,
  RequestAnswer,
  RequestList,
  RequestSummary,
} from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { askPreview } from "../commands/preview.ts";
import { Failure } from "../failures/failure.ts";
import { type AgentBody, AskInput, agentBody } from "./ask-input.ts";
import { quoted } from "./quoted.ts";
import { RequestId, readCaller, readOwn } from "./reading-tools.ts";
import { nextStep, requestFacts } from "./request-facts.ts";
import { READS, tool } from "./tool.ts";

const preview = tool({
  name: "preview",
  title: "What would become of a request",
  description:
    "Dry-runs a request: whether a rule lends it, who would approve it, and which risks it has. Stores nothing and tells nobody.",
  annotations: READS,
  input: AskInput,
  run: async ({ api, client }, input) => {
    const answer = await askPreview(api, agentBody(input, client));
    return previewFacts(answer);
  },
});

function previewFacts(answer: PreviewAnswer) {
  if (!answer.allowed)
    return {
      allowed: false,
      problem: answer.problem,
      detail: quoted(answer.detail),
      objections: answer.refusals.map(({ rule, objections }) => ({
        rule,
        codes: objections.map(({ code }) => code),
      })),
    };
  return {
    allowed: true,
    rule: answer.rule,
    duration: answer.duration,
    approvedBy: answer.requirements.map(({ count, groups }) => ({ count, groups })),
    warnings: answer.warnings.map(({ code, detail }) => ({ code, detail: quoted(detail) })),
  };
}

const requestAccess = tool({
  name: "request_access",
  title: "Ask for access",
  description:
    "Asks for access and answers at once with the request's id. People decide; this tool neither waits nor approves. The same call again answers the same request while that is open. With a person's credentials, the user is asked first.",
  annotations: {
    readOnlyHint: false,
    // It adds a request, and takes nothing away.
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
  input: AskInput,
  run: async ({ api, client, consent }, input) => {
    const asked = agentBody(input, client);
    const earlier = await newestOwn(api);
    const open = earlier.find((request) => OPEN.has(request.state) && isSame(request, asked));
    if (open) return madeFacts(open, true);
    const allowed = await demandLent(api, asked);
    // By its name, so that nothing but the rule that was previewed can decide.
    const body = { ...asked, rule: allowed.rule };
    const { person, machine } = await readCaller(api);
    if (!machine) {
      if (!client.asksForms) throw cannotAsk(person);
      const said = await consent({ person, body }, questionOf(person, allowed, body));
      if (said === "declined") throw declined(person);
      if (said !== "agreed") return said;
    }
    const idempotencyKey = keyOf(body, earlier[0]?.id);
    const call = { method: "POST", path: "/v1/requests", body, idempotencyKey } as const;
    const made = await api.send<RequestAnswer>(call).catch((error: unknown) => {
      throw repeatable(error);
    });
    return madeFacts(made, false);
  },
});

const madeFacts = (request: RequestSummary | RequestAnswer, isRepeated: boolean) => ({
  request: requestFacts(request),
  isRepeated,
  next: nextStep(request),
});

const OPEN: ReadonlySet<State> = new Set(["pending", "approved", "active"]);

/** Whether a request is for the same, as far as a list shows it. */
const isSame = (request: RequestSummary, body: AgentBody): boolean =>
  request.via !== undefined &&
  request.cluster === body.cluster &&
  request.reason === body.reason &&
  canonicalJson(request.access) === canonicalJson(body.access) &&
  (body.duration === undefined || request.duration === body.duration) &&
  (body.principalArn === undefined || request.principalArn === body.principalArn) &&
  (body.rule === undefined || request.rule === body.rule);

async function newestOwn(api: Api): Promise<readonly RequestSummary[]> {
  const query = { view: "mine", limit: "50" };
  const { requests } = await api.send<RequestList>({
    method: "GET",
    path: "/v1/requests",
    query,
  });
  return requests;
}

/** Two calls at once have one key. Once a request is over, the next one is another. */
const keyOf = (body: AgentBody, newestId = ""): string =>
  createHash("sha256").update(canonicalJson({ body, newestId })).digest("hex");

/** Where no answer came, the command would name its option for the key. A tool lacks that option, and needs no key. */
const repeatable = (error: unknown): unknown =>
  error instanceof Failure && error.text.unsure === true
    ? new Failure(error.exit, error.code, { ...error.text, next: [SAME_AGAIN] }, { cause: error })
    : error;

const SAME_AGAIN =
  "Next: call request_access again with the same arguments, which makes no second request.";

/** @throws Failure for what no rule lends to a program */
async function demandLent(api: Api, body: AgentBody): Promise<PreviewAllowed> {
  const answer = await askPreview(api, body);
  if (answer.allowed) return answer;
  throw new Failure("refused", answer.problem, {
    what: answer.detail,
    notDone: "Nothing was requested.",
    next: ["Next: see what_may_i_ask, and ask for that."],
  });
}

const questionOf = (
  person: string,
  { rule, requirements, duration }: PreviewAllowed,
  body: AgentBody,
) =>
  [
    `${body.via.client} wants to ask for access in your name (${person}):`,
    `${describeAccessOn(body.access, body.cluster)} for ${duration}, by the rule ${rule}.`,
    `Reason: ${quoted(body.reason).quoted}`,
    requirements.length === 0
      ? "Nobody else has to agree: it would be lent at once."
      : "Others decide on it. Your answer is no approval.",
  ].join("\n");

const cannotAsk = (person: string) =>
  new Failure("refused", "no-consent", {
    what: `These are the credentials of ${person}, a person, and this client cannot ask its user.`,
    notDone: "Nothing was requested.",
    next: [
      "Next: have the user ask at a terminal with timelatch request, use a client that supports elicitation, or give the agent a machine's credentials.",
    ],
  });

const declined = (person: string) =>
  new Failure("refused", "consent-declined", {
    what: `${person} was asked at the client, and did not agree.`,
    notDone: "Nothing was requested.",
    next: ["Next: ask the user what they want instead."],
  });

/** The call that gives back what is in each state; nothing is left to do in the others. */
const GIVING_BACK: Readonly<Partial<Record<State, "cancel" | "return">>> = {
  pending: "cancel",
  approved: "cancel",
  active: "return",
};

const returnAccess = tool({
  name: "return_access",
  title: "Give access back",
  description:
    "Ends one of the caller's own requests: takes back a question that waits, or returns access that is there. It cannot end those of others.",
  annotations: {
    readOnlyHint: false,
    // It takes the caller's access away.
    destructiveHint: true,
    idempotentHint: true,
    openWorldHint: true,
  },
  input: z.strictObject({ id: RequestId }),
  run: async ({ api }, { id }) => {
    const own = await readOwn(api, id);
    const verb = GIVING_BACK[own.state];
    if (verb === undefined) return { request: requestFacts(own), next: nextStep(own) };
    const ended = await api.send<RequestAnswer>({
      method: "POST",
      path: `/v1/requests/${id}/${verb}`,
      body: {},
      afterwards: "my_requests",
    });
    return { request: requestFacts(ended), next: nextStep(ended) };
  },
});

export const ASKING_TOOLS = [preview, requestAccess, returnAccess] as const;
