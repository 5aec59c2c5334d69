/**
 * Loaded before a function whose clock is off (`node --import`), with `?ms=5000` behind its
 * address. Every `Date` of the process that would be now is that much later, or earlier. Timers and
 * the monotonic clock do not change, as on a machine whose clock was set wrong. Plain JavaScript,
 * like `preload.mjs`.
 */
const ms = Number(new URL(import.meta.url).searchParams.get("ms"));
const TrueDate = globalThis.Date;
const now = () => TrueDate.now() + ms;

const ShiftedDate = new Proxy(TrueDate, {
  apply: () => new TrueDate(now()).toString(),
  construct: (target, args, made) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
});
// `date.constructor` is how some libraries ask what a value is.
TrueDate.prototype.constructor = ShiftedDate;
globalThis.Date = ShiftedDate;
