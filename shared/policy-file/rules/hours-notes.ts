/** Notes on the keys of a rule's `when`: see `key-notes.ts`. */
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
} as const;
