/** Times in the reader's own time zone, as Slack writes them. */
const locale = "en-US";
const format = (options) => new Intl.DateTimeFormat(locale, options);

const ordinal = (day) => {
  if (day >= 11 && day <= 13) return `${day}th`;
  return `${day}${["th", "st", "nd", "rd"][day % 10] ?? "th"}`;
};

const dayOf = (date) => format({ dateStyle: "short" }).format(date);

function pretty(date, otherwise) {
  const day = 86_400_000;
  for (const [name, at] of [
    ["today", Date.now()],
    ["yesterday", Date.now() - day],
    ["tomorrow", Date.now() + day],
  ])
    if (dayOf(date) === dayOf(new Date(at))) return name;
  return otherwise;
}

function ago(date) {
  const seconds = Math.round((date.getTime() - Date.now()) / 1_000);
  const [unit, size] =
    Math.abs(seconds) < 90
      ? ["second", 1]
      : Math.abs(seconds) < 5_400
        ? ["minute", 60]
        : Math.abs(seconds) < 129_600
          ? ["hour", 3_600]
          : ["day", 86_400];
  return new Intl.RelativeTimeFormat(locale).format(Math.round(seconds / size), unit);
}

const longDate = (date) =>
  `${format({ month: "long" }).format(date)} ${ordinal(date.getDate())}, ${date.getFullYear()}`;
const shortDate = (date) => format({ dateStyle: "medium" }).format(date);
const weekdayDate = (date) => `${format({ weekday: "long" }).format(date)}, ${longDate(date)}`;

/** https://docs.slack.dev/messaging/formatting-message-text: what a date may be written as. */
const TOKENS = {
  date_num: (date) => date.toISOString().slice(0, 10),
  date: longDate,
  date_short: shortDate,
  date_long: weekdayDate,
  date_pretty: (date) => pretty(date, longDate(date)),
  date_short_pretty: (date) => pretty(date, shortDate(date)),
  date_long_pretty: (date) => pretty(date, weekdayDate(date)),
  time: (date) => format({ hour: "numeric", minute: "2-digit" }).format(date),
  time_secs: (date) => format({ timeStyle: "medium" }).format(date),
  ago,
};

/** `!date^SECONDS^FORMAT`; the fallback where that cannot be read. */
export function dateText(target, fallback) {
  const [, seconds, layout] = target.split("^");
  const date = new Date(Number(seconds) * 1_000);
  if (Number.isNaN(date.getTime()) || layout === undefined) return fallback;
  return layout.replace(/\{([a-z_]+)\}/g, (whole, name) =>
    Object.hasOwn(TOKENS, name) ? TOKENS[name](date) : whole,
  );
}

/** A message's own time. */
export const clockTime = (ts) => TOKENS.time(new Date(Number(ts) * 1_000));
