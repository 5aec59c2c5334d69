/** Times as the demo prints them. */

const CLOCK = new Intl.DateTimeFormat("en-US", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});

/** `16:06:31 UTC`: the local clock with its zone. */
export const clockText = (milliseconds: number): string => CLOCK.format(milliseconds);

/** `9.8 s` */
export const secondsText = (milliseconds: number): string =>
  `${(milliseconds / 1000).toFixed(1)} s`;
