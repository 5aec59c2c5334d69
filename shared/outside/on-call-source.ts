import type { OnCallSchedule, OnCallService } from "../domain/facts/on-call-schedule.ts";
import type { Clock } from "../ports/clock.ts";
import type { ScheduleSource } from "../ports/schedule-source.ts";
import type { Secret } from "../ports/secret.ts";
import { INCIDENT_IO_HOST, incidentIoHeaders, incidentIoOnCall } from "./incident-io.ts";
import {
  JIRA_OPERATIONS_HOST,
  jiraOperationsHeaders,
  jiraOperationsOnCall,
} from "./jira-operations.ts";
import { NoAnswer } from "./no-answer.ts";
import { type OutsideClient, outsideClient, type SentBy } from "./outside-client.ts";
import { PAGERDUTY_HOSTS, pagerdutyHeaders, pagerdutyOnCall } from "./pagerduty.ts";
import { pagerdutyAuthorization } from "./pagerduty-authorization.ts";

export interface OnCallSourceOptions extends SentBy {
  /** The token of each service. */
  readonly token: (service: OnCallService) => Secret;
  readonly clock: Clock;
  /** Stands before each host. `https://`, or the sandbox's address and a slash. */
  readonly origin: string;
}

const HEADERS: Readonly<
  Record<OnCallService, (token: string) => Readonly<Record<string, string>>>
> = {
  pagerduty: pagerdutyHeaders,
  incidentIo: incidentIoHeaders,
  jiraOperations: jiraOperationsHeaders,
};

const tokenOf = (options: OnCallSourceOptions, of: OnCallSchedule): Secret => {
  const secret = options.token(of.service);
  return of.service === "pagerduty"
    ? pagerdutyAuthorization({
        ...options,
        ...{ secret, region: of.region, scopes: ["schedules.read"] },
      })
    : secret;
};

/** The host of each service stands here, so that no file and no answer can name another. */
const hostOf = (of: OnCallSchedule): string => {
  if (of.service === "pagerduty") return PAGERDUTY_HOSTS[of.region];
  return of.service === "incidentIo" ? INCIDENT_IO_HOST : JIRA_OPERATIONS_HOST;
};

/** Asks PagerDuty, incident.io and Jira Service Management who is on call. */
export function onCallSource(options: OnCallSourceOptions): ScheduleSource {
  const clients = new Map<string, OutsideClient>();
  const waits = new Map<string, number>();

  const clientOf = (of: OnCallSchedule): OutsideClient => {
    const host = hostOf(of);
    const client =
      clients.get(host) ??
      outsideClient({
        ...options,
        baseUrl: options.origin + host,
        token: tokenOf(options, of),
        headers: HEADERS[of.service],
      });
    clients.set(host, client);
    return client;
  };

  return {
    async look(of, now) {
      const [host, nowMs] = [hostOf(of), Date.parse(now)];
      // A service that asked for patience has it, for all of its schedules.
      if (nowMs < (waits.get(host) ?? 0)) return { unknown: BUSY, detail: BUSY };
      try {
        return { shifts: await onCallBy(clientOf(of), of, nowMs) };
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (error.retryAfterSeconds !== null)
          waits.set(host, nowMs + error.retryAfterSeconds * 1_000);
        return { unknown: error.unknown, detail: error.why };
      }
    },
  };
}

/** The word for a service that asked for patience and has it. */
const BUSY = "busy";

const onCallBy = (client: OutsideClient, of: OnCallSchedule, nowMs: number) => {
  if (of.service === "pagerduty") return pagerdutyOnCall(client, of.schedule, nowMs);
  if (of.service === "incidentIo") return incidentIoOnCall(client, of.schedule, nowMs);
  return jiraOperationsOnCall(client, of, nowMs);
};
