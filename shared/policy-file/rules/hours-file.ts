/** The structure of `when` in a rule. */
import * as z from "zod/mini";
import { minutesOf } from "../../domain/policy/hours.ts";
import { isTimeZone } from "../../domain/values/local-time.ts";
import { meantText } from "../../domain/values/nearest-text.ts";
import { some } from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";

export const HOURS_NOTES = {
  "rules.*.when": {
    description:
      "The hours of the rule. They hold when somebody asks and when access starts; it may end outside of them.",
    default: null,
    examples: [
      {
        days: ["mon", "tue", "wed", "thu", "fri"],
        from: "08:00",
        to: "18:00",
        timezone: "Europe/Berlin",
      },
    ],
  },
  "rules.*.when.days": {
    description: "The days on which the hours begin: mon, tue, wed, thu, fri, sat, sun.",
    examples: [["mon", "fri"]],
  },
  "rules.*.when.from": {
    description: "The first minute, on a clock on the wall of the zone.",
    examples: ["08:00"],
  },
  "rules.*.when.to": {
    description:
      "The minute at which they are over, up to 24:00. Earlier than from, it is on the next day.",
    examples: ["18:00"],
  },
  "rules.*.when.timezone": {
    description: "The time zone, by its IANA name. Daylight saving is included.",
    examples: ["Europe/Berlin"],
  },
} as const satisfies KeyNotes;

const key = keyWith(HOURS_NOTES);

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const Days = some(z.enum(DAYS)).check(
  z.refine((days) => new Set(days).size === days.length, "Name each day once."),
);
const From = z
  .string()
  .check(z.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Write a time of day, "00:00" to "23:59".'));
const To = z
  .string()
  .check(
    z.regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'Write a time of day, "00:00" to "24:00".'),
  );

/** Abbreviations such as CST mean several zones, and `+01:00` has no daylight saving. */
const ZONE_NAME = /^(?:UTC|[A-Z][A-Za-z_]*(?:\/[A-Za-z0-9_+-]+)+)$/;

const TimeZone = z.string().check(
  z.superRefine<string>((zone, context) => {
    if (ZONE_NAME.test(zone) && isTimeZone(zone)) return;
    const meant = meantText(zone, Intl.supportedValuesOf("timeZone"));
    context.addIssue({
      code: "custom",
      message: `No time zone is called ${zone}.${meant} Write a name of the IANA time zone database, such as Europe/Berlin, or UTC.`,
    });
  }) as z.core.$ZodCheck<string>,
);

export const HoursFile = z
  .strictObject({
    days: key("rules.*.when.days", Days),
    from: key("rules.*.when.from", From),
    to: key("rules.*.when.to", To),
    timezone: key("rules.*.when.timezone", TimeZone),
  })
  .check(
    z.refine(({ from, to }) => minutesOf(from) !== minutesOf(to), {
      error: 'The hours end when they begin. For whole days, write from: "00:00" and to: "24:00".',
      path: ["to"],
    }),
  );
