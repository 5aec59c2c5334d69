/** Tools that read: who calls, what they may ask for, and what became of it. */
import * as z from "zod/mini";
import { useCommands } from "../../shared/domain/requests/use-commands.ts";
import type { AccessAnswer, AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";
import type { RequestAnswer, RequestList } from "../../shared/http/contract/answers.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { Failure } from "../failures/failure.ts";
import { quoted } from "./quoted.ts";
import { nextStep, requestFacts } from "./request-facts.ts";
import { READS, tool } from "./tool.ts";

const NOTHING = z.strictObject({});

export const RequestId = z
  .string()
  .check(
    z.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "Give the whole id of a request."),
    z.meta({ description: "The whole id of one of the caller's own requests." }),
  );

export const readCaller = (api: Api): Promise<WhoAmIAnswer> =>
  api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" });

/** One request of the caller. An approver may see those of others, and an agent has no use for them. */
export async function readOwn(api: Api, id: string): Promise<RequestAnswer> {
  const [{ person }, request] = await Promise.all([
    readCaller(api),
    api.send<RequestAnswer>({ method: "GET", path: `/v1/requests/${id}` }),
  ]);
  if (request.requester === person) return request;
  throw new Failure("notFound", "not-yours", {
    what: `The caller has no request ${id}.`,
    notDone: "Nothing was done.",
    next: ["Next: see the caller's requests with my_requests."],
  });
}

const whoami = tool({
  name: "whoami",
  title: "Who the broker takes the caller for",
  description:
    "Says who the AWS credentials of this server are for the broker, and whether that is a machine.",
  annotations: READS,
  input: NOTHING,
  run: async ({ api }) => {
    const { person, machine, groups, identityArn, stopped } = await readCaller(api);
    return {
      caller: person,
      kind: machine ? "machine" : "person",
      groups,
      identityArn,
      ...(machine ? { owners: machine.owners } : {}),
      stopped: stopped ? { code: stopped.code, detail: quoted(stopped.detail) } : null,
    };
  },
});

const whatMayIAsk = tool({
  name: "what_may_i_ask",
  title: "What the caller may ask for",
  description:
    "Lists the rules that lend the caller something: clusters, access, durations, and who approves. Break-glass is left out: no agent uses it.",
  annotations: READS,
  input: NOTHING,
  run: async ({ api }) => {
    const { rules, clusters } = await api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
    return {
      clusters: clusters.map(({ name, arn }) => ({ name, arn })),
      rules: rules.filter(({ breakGlass }) => !breakGlass).map(ruleFacts),
    };
  },
});

const ruleFacts = (rule: AccessRuleAnswer) => ({
  rule: rule.rule,
  clusters: rule.clusters,
  access: rule.access,
  longest: rule.duration.max,
  usual: rule.duration.default,
  // Through an agent, a rule may want approvers where it wants none of the caller.
  approvedBy: (rule.agents ?? rule.requirements).map(({ count, groups }) => ({ count, groups })),
  reason: {
    fewestCharacters: rule.reason.minLength,
    ticketPattern: rule.reason.ticket,
  },
  isOpenNow: rule.hours === null || rule.hours.isOpen,
});

/** A model needs the newest, and no more than it can read. */
const MOST_LISTED = 20;

const myRequests = tool({
  name: "my_requests",
  title: "The caller's own requests",
  description: `Shows one of the caller's requests by its id, or without an id the newest ${MOST_LISTED}. Call it again to see what became of a request.`,
  annotations: READS,
  input: z.strictObject({ id: z.optional(RequestId) }),
  run: async ({ api }, { id }) => {
    if (id !== undefined) {
      const request = await readOwn(api, id);
      return { request: requestFacts(request), next: nextStep(request) };
    }
    const query = { view: "mine", limit: String(MOST_LISTED) };
    const { requests } = await api.send<RequestList>({
      method: "GET",
      path: "/v1/requests",
      query,
    });
    return { requests: requests.map(requestFacts) };
  },
});

const howToConnect = tool({
  name: "how_to_connect",
  title: "How to use access that is there",
  description:
    "Gives the commands that a user types to use the access of an active request. It holds no kubeconfig and no credentials.",
  annotations: READS,
  input: z.strictObject({ id: RequestId }),
  run: async ({ api }, { id }) => {
    const request = await readOwn(api, id);
    return {
      id,
      state: request.state,
      commands: request.state === "active" ? useCommands(request) : [],
      next: nextStep(request),
    };
  },
});

export const READING_TOOLS = [whoami, whatMayIAsk, myRequests, howToConnect] as const;
