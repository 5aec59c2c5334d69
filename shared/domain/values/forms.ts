/**
 * Forms of stored values, and the tests of them. Others than ourselves may write a table, so an item may hold
 * anything: a field is read only after its form was tested.
 */

/** Whether a value has a form. */
export type Test = (value: unknown) => boolean;
type Fields = Readonly<Record<string, unknown>>;

export const isText: Test = (value) => typeof value === "string";
/** A number used in sums stays one that JavaScript counts, and with a duration an instant. */
const MOST = 1e12;
export const isNumber: Test = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MOST;
export const isBoolean: Test = (value) => typeof value === "boolean";
export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A field that a copy of the value has too. */
const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

export const oneOf =
  (...tests: readonly Test[]): Test =>
  (value) =>
    tests.some((test) => test(value));
export const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
/** Other fields may be there as well. */
export const withFields =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) =>
    isObject(value) && Object.entries(tests).every(([name, test]) => test(own(value, name)));
export const optional = (test: Test): Test => oneOf((value) => value === undefined, test);
export const orNull = (test: Test): Test => oneOf((value) => value === null, test);
export const matching =
  (form: RegExp): Test =>
  (value) =>
    typeof value === "string" && form.test(value);
