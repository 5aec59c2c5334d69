import type { TicketLook } from "../../domain/facts/ticket-look.ts";
import type { Tracker, TrackerService } from "../../domain/facts/tracker.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Secret } from "../../ports/secret.ts";
import type { TicketSource } from "../../ports/ticket-source.ts";
import { NoAnswer } from "../no-answer.ts";
import { type OutsideClient, outsideClient, type SentBy } from "../outside-client.ts";
import { GITHUB_HOST, githubHeaders, githubTicket, type KnownIssues } from "./github.ts";
import { jiraTicket } from "./jira.ts";
import { serviceNowTicket } from "./service-now.ts";

export interface TicketSourceOptions extends SentBy {
  /** The token of each service. */
  readonly token: (service: TrackerService) => Secret;
  readonly clock: Clock;
  /** Stands before each host. `https://`, or the sandbox's address and a slash. */
  readonly origin: string;
}

/** @param token `name:secret`, of a user who may only read */
const basicHeaders = (token: string) => ({
  authorization: `Basic ${Buffer.from(token, "utf8").toString("base64")}`,
});

const HEADERS: Readonly<
  Record<TrackerService, (token: string) => Readonly<Record<string, string>>>
> = { jira: basicHeaders, serviceNow: basicHeaders, github: githubHeaders };

const JIRA_SITE = /^[a-z0-9][a-z0-9-]{0,62}\.atlassian\.net$/;
const INSTANCE = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** A tracker's own host. Its domain is the vendor's, whatever the file says, so a token goes nowhere else. */
function hostOf(tracker: Tracker): string {
  if (tracker.service === "github") return GITHUB_HOST;
  if (tracker.service === "jira" && JIRA_SITE.test(tracker.site)) return tracker.site;
  if (tracker.service === "serviceNow" && INSTANCE.test(tracker.instance))
    return `${tracker.instance}.service-now.com`;
  throw new NoAnswer("odd");
}

/** Asks Jira, ServiceNow and GitHub about tickets. */
export function ticketSource(options: TicketSourceOptions): TicketSource {
  const clients = new Map<string, OutsideClient>();
  const waits = new Map<string, number>();
  const known: KnownIssues = new Map();

  const clientOf = (service: TrackerService, host: string): OutsideClient => {
    const client =
      clients.get(host) ??
      outsideClient({
        ...options,
        baseUrl: options.origin + host,
        token: options.token(service),
        headers: HEADERS[service],
      });
    clients.set(host, client);
    return client;
  };

  return {
    async look(tracker, key, now) {
      const nowMs = Date.parse(now);
      try {
        const host = hostOf(tracker);
        if (nowMs < (waits.get(host) ?? 0)) return { unknown: BUSY, detail: BUSY };
        const client = clientOf(tracker.service, host);
        if (tracker.service === "github")
          return await githubTicket(client, tracker, key, nowMs, known);
        return await ticketBy(client, tracker, key, nowMs);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (error.retryAfterSeconds !== null)
          waits.set(hostOf(tracker), nowMs + error.retryAfterSeconds * 1_000);
        return { unknown: error.unknown, detail: error.why };
      }
    },
  };
}

/** The word for a tracker that asked for patience and has it. */
const BUSY = "busy";

function ticketBy(
  client: OutsideClient,
  tracker: Exclude<Tracker, { readonly service: "github" }>,
  key: string,
  nowMs: number,
): Promise<TicketLook> {
  if (tracker.service === "jira") return jiraTicket(client, tracker, key);
  return serviceNowTicket(client, key, nowMs);
}
