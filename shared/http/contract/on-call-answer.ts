/** The people on call, as clients read it. */
import * as z from "zod/mini";
import type { OnCallFact } from "../../domain/facts/on-call.ts";
import type { TicketTerms } from "../../domain/facts/tracker.ts";
import type { OnCallNow } from "../../domain/policy/on-call-now.ts";

const Text = z.string();
const Instant = Text.check(z.meta({ format: "date-time" }));

/** An answer about something that leans on it that its requester is, or was, on call. */
export interface LeansAnswer {
  /** Absent where the rule asks for nobody on call. */
  readonly onCall?: OnCallFact;
  /** The one ticket that it is for. Absent where its rule asks no tracker, and where none is named yet. */
  readonly ticket?: string;
}

/** The same before there is a request. */
export interface PreviewLeans extends LeansAnswer {
  /** Access ends with the shift at the latest. Absent where it does not. */
  readonly endsWithShift?: true;
  /** The terms of the rule for it. */
  readonly ticketTerms?: TicketTerms;
  /** Access ends once the ticket is closed. Absent where it does not. */
  readonly endsWithTicket?: true;
}

/** The fact that a step leans on. */
export const OnCallFactSchema = z
  .strictObject({
    onCall: Text,
    schedule: Text,
    person: Text,
    readAt: Instant,
    until: Instant,
    byOverride: z.exactOptional(z.literal(true)),
  })
  .check(
    z.meta({
      description:
        "That the requester was on call: the schedule in access.yaml and at its service, the service's own id of the person, when it was read, and until when. Only where the rule asks for it.",
    }),
  ) satisfies z.ZodMiniType<OnCallFact>;

/** The people on call now, in the schedules that the caller may know. */
export const OnCallNowSchema = z
  .array(
    z.strictObject({
      schedule: Text,
      people: z.array(z.strictObject({ person: Text, until: Instant })),
      unnamed: z.exactOptional(z.array(Text)),
      you: z.enum(["yes", "no", "unknown"]),
      readAt: z.exactOptional(Instant),
      unknown: z.exactOptional(z.strictObject({ why: Text, since: z.nullable(Instant) })),
    }),
  )
  .check(
    z.meta({
      description:
        "Who of access.yaml is on call, and until when, in the schedules that these rules name; for admins and auditors in all schedules. unnamed has the service's own ids of those on call whom access.yaml does not know. It and readAt are absent where the answer counts no longer; unknown is about the caller. Absent where there are no such schedules.",
    }),
  ) satisfies z.ZodMiniType<readonly OnCallNow[]>;
