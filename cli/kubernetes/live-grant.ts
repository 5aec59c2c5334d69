/** Whether access is lent on a cluster now, before Kubernetes says `Unauthorized` without a reason. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestList, RequestSummary } from "../../shared/http/contract/answers.ts";
import type { StoppedAnswer } from "../../shared/http/contract/stopped-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { pages } from "../api/pages.ts";
import { startsLater, whenText } from "../text/request-text.ts";
import { LIFT_DRAIN } from "../text/stopped-text.ts";

/** How long kubectl waits for this. Without an answer, nothing is said. */
const PATIENCE_MS = 2_000;

/** What somebody without access on a cluster should know. */
export interface Missing {
  readonly text: string;
  /** Whether to ask for access could help. */
  readonly canAsk: boolean;
}

/**
 * What somebody should know who has no access on the cluster; undefined where they have some, or where
 * nothing could be found out in time.
 *
 * @param cluster its name in `access.yaml`
 */
export async function missingGrant(
  api: () => Promise<Api>,
  cluster: string,
  now: string,
): Promise<Missing | undefined> {
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => resolve(undefined), PATIENCE_MS).unref();
  });
  return Promise.race([lookFor(api, cluster, now).catch(() => undefined), late]);
}

async function lookFor(
  api: () => Promise<Api>,
  cluster: string,
  now: string,
): Promise<Missing | undefined> {
  const opened = await api();
  const [{ person, stopped: stop }, pending] = await Promise.all([
    opened.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" }),
    pendingOn(opened, cluster),
  ]);
  let approved: RequestSummary | undefined;
  for await (const request of grantsOn(opened, person, cluster)) {
    if (request.state === "active") return undefined;
    if (request.state === "approved") approved ??= request;
  }
  const none = `timelatch: No access is lent to you on ${visible(cluster)} now.`;
  if (stop) return stopped(none, stop);
  const asked = approved ?? pending;
  return asked ? waiting(none, asked, now) : notAsked(none, cluster);
}

async function* grantsOn(api: Api, person: string, cluster: string) {
  for await (const { requests } of pages<RequestList>(api, "/v1/grants"))
    for (const request of requests)
      if (request.requester === person && request.cluster === cluster) yield request;
}

/** Among one's newest requests, on one page: older ones have lapsed, or may wait for long. */
async function pendingOn(api: Api, cluster: string): Promise<RequestSummary | undefined> {
  const query = { view: "mine" };
  const { requests } = await api.send<RequestList>({ method: "GET", path: "/v1/requests", query });
  return requests.find((one) => one.cluster === cluster && one.state === "pending");
}

const stopped = (none: string, { detail, mayLift }: StoppedAnswer): Missing => ({
  text: `${none}\n  ${visible(detail)}\n${mayLift ? `  ${LIFT_DRAIN}\n` : ""}`,
  canAsk: false,
});

const waiting = (none: string, request: RequestSummary, now: string): Missing => ({
  text: `${none} ${waitingText(request, now)}\n  timelatch show ${visible(request.id)}\n`,
  canAsk: false,
});

const waitingText = (request: RequestSummary, now: string): string =>
  request.state === "pending"
    ? `Your request waits for approval; it ${whenText(request, now)}.`
    : `Your request is approved: access ${startsLater(request, now) ? whenText(request, now) : "will be active in a few seconds"}.`;

const notAsked = (none: string, cluster: string): Missing => ({
  text: `${none} Ask for it:\n  timelatch request -c ${visible(cluster)}\n`,
  canAsk: true,
});
