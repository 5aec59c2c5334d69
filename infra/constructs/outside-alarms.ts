import { type AlarmKinds, reported } from "./alarm-kind.ts";

export interface OutsideAlarmsProps {
  readonly asksOnCall: boolean;
  readonly asksTickets: boolean;
}

/**
 * The alarms on what is not known outside, whatever keeps it from being known. The sweep and
 * converge look at the facts, because a function that does not run reports nothing.
 */
export const outsideAlarms = ({ asksOnCall, asksTickets }: OutsideAlarmsProps): AlarmKinds => ({
  ...(asksOnCall
    ? {
        OnCallUnknown: {
          metric: reported("sweep", "OnCallUnknown"),
          // An answer counts for five minutes, and a new schedule is looked at within one.
          periods: 3,
          description:
            "Nobody knows who is on call: a service does not say it, refuses the token or has no such schedule, or the function outside does not run. Rules that ask for it let nobody in; every other rule works, and access that is lent ends on time. Read outside's log for the cause; if it has no lines, look at its rule and its throttles.",
        },
      }
    : {}),
  ...(asksTickets
    ? {
        TicketsUnknown: {
          metric: reported("sweep", "TicketsUnknown"),
          periods: 3,
          description:
            "Nobody knows what tickets are for which requests wait, or with which grants end: a tracker does not say it or refuses the token, a ticket is gone or has moved, or the function outside does not run. Such requests wait until they lapse, and such grants last until their own end; every other rule works. Read outside's log for the cause.",
        },
        TicketsUnread: {
          metric: reported("converge", "TicketsUnread"),
          description:
            "Nobody has read for 15 minutes a ticket with which access ends that is lent now, by the ledger. The access lasts until its own end unless somebody ends it. If TicketsUnknown is silent, somebody keeps the sweep from knowing the grant. Read converge's log for the tickets, then outside's for the cause.",
        },
      }
    : {}),
});
