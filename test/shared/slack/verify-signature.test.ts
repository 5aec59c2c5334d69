import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  type SignedCall,
  signingSecrets,
  verifySignature,
} from "../../../shared/slack/verify-signature.ts";

/** Slack's published example, recomputed. */
const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const TIMESTAMP = "1531420618";
const BODY =
  "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
const HEX = "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
const NOW = new Date(Number(TIMESTAMP) * 1_000).toISOString();

const TS = "x-slack-request-timestamp";
const SIG = "x-slack-signature";
const example: SignedCall = { headers: { [TS]: TIMESTAMP, [SIG]: `v0=${HEX}` }, body: BODY };
const mac = (text: string | Buffer, secret = SECRET) =>
  createHmac("sha256", secret).update(text).digest("hex");
const signed = (body: string, timestamp = TIMESTAMP, secret = SECRET): SignedCall => ({
  headers: { [TS]: timestamp, [SIG]: `v0=${mac(`v0:${timestamp}:${body}`, secret)}` },
  body,
});
const withHeaders = (headers: SignedCall["headers"]): SignedCall => ({
  ...example,
  headers: { ...example.headers, ...headers },
});
const sig = (value: string) => withHeaders({ [SIG]: value });
const ts = (value: string) => withHeaders({ [TS]: value });
const later = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1_000).toISOString();
const seconds = (offset: number) => String(Number(TIMESTAMP) + offset);
const without = (name: string): SignedCall => {
  const { [name]: _, ...headers } = example.headers;
  return { ...example, headers };
};

describe("A call that Slack signed", () => {
  it("Slack's published example is accepted, and hashes what was signed", () => {
    const accepted = verifySignature(example, [SECRET], NOW);
    expect(accepted?.bytes.toString()).toBe(BODY);
    expect(accepted?.hash).toMatch(/^[0-9a-f]{64}$/);
  });
  it("A body in base64 is verified over its bytes, also where they are not ASCII", () => {
    const text = "payload=%7B%22note%22%3A%22ü→\u0000%22%7D";
    const call = { ...signed(text), body: Buffer.from(text).toString("base64") };
    const verified = verifySignature({ ...call, isBase64Encoded: true }, [SECRET], NOW);
    expect(verified?.bytes.toString()).toBe(text);
  });
  it.each([-300, -1, 0, 1, 300])("A timestamp %i s from the clock is accepted", (offset) => {
    expect(verifySignature(example, [SECRET], later(offset))).toBeDefined();
  });
  it("Either of two secrets is accepted during a rotation, and neither afterwards", () => {
    const next = "1".repeat(32);
    expect(verifySignature(example, [SECRET, next], NOW)).toBeDefined();
    expect(verifySignature(example, [next, SECRET], NOW)).toBeDefined();
    expect(verifySignature(example, [next], NOW)).toBeUndefined();
  });
  it("The same body at another time has another hash", () => {
    const other = verifySignature(signed(BODY, seconds(1)), [SECRET], NOW);
    expect(other?.hash).not.toBe(verifySignature(example, [SECRET], NOW)?.hash);
  });
});

const flip = (at: number) =>
  `${HEX.slice(0, at)}${HEX[at] === "0" ? "1" : "0"}${HEX.slice(at + 1)}`;
const form = new URLSearchParams(BODY);
const reordered = new URLSearchParams([...form].toReversed()).toString();

const MUTATIONS: readonly (readonly [string, SignedCall])[] = [
  ["no signature", without(SIG)],
  ["no timestamp", without(TS)],
  ["neither header", { ...example, headers: {} }],
  ["an empty signature", sig("")],
  ["only a version", sig("v0=")],
  ["no version", sig(HEX)],
  ["version v1 over v0", sig(`v1=${HEX}`)],
  ["version v1 over its own base", sig(`v1=${mac(`v1:${TIMESTAMP}:${BODY}`)}`)],
  ["version v00", sig(`v00=${HEX}`)],
  ["version V0", sig(`V0=${HEX}`)],
  ["a signature in upper case", sig(`v0=${HEX.toUpperCase()}`)],
  ["a signature in base64", sig(`v0=${Buffer.from(HEX, "hex").toString("base64")}`)],
  ["the first digit flipped", sig(`v0=${flip(0)}`)],
  ["a middle digit flipped", sig(`v0=${flip(31)}`)],
  ["the last digit flipped", sig(`v0=${flip(63)}`)],
  ["one digit less", sig(`v0=${HEX.slice(0, -1)}`)],
  ["half of it", sig(`v0=${HEX.slice(0, 32)}`)],
  ["one digit more", sig(`v0=${HEX}0`)],
  ["a digit that is none", sig(`v0=${HEX.slice(0, -1)}g`)],
  ["only zeros", sig(`v0=${"0".repeat(64)}`)],
  ["a space before it", sig(` v0=${HEX}`)],
  ["a space after it", sig(`v0=${HEX} `)],
  ["a line break after it", sig(`v0=${HEX}\n`)],
  ["a zero byte after it", sig(`v0=${HEX}\0`)],
  ["quotes around it", sig(`"v0=${HEX}"`)],
  ["the same signature twice", sig(`v0=${HEX},v0=${HEX}`)],
  ["a wrong signature first", sig(`v0=${flip(0)},v0=${HEX}`)],
  ["a wrong signature second", sig(`v0=${HEX},v0=${flip(0)}`)],
  ["two versions", sig(`v1=${HEX},v0=${HEX}`)],
  ["a second header in another case", withHeaders({ "X-Slack-Signature": `v0=${HEX}` })],
  ["a second timestamp in another case", withHeaders({ "X-Slack-Request-Timestamp": TIMESTAMP })],
  ["the timestamp twice", ts(`${TIMESTAMP},${TIMESTAMP}`)],
  ["two timestamps", ts(`${seconds(1)},${TIMESTAMP}`)],
  ["an empty timestamp", ts("")],
  ["a timestamp that is no number", ts("NaN")],
  ["a timestamp of a word", ts("now")],
  ["an infinite timestamp", ts("Infinity")],
  ["a negative timestamp", ts(`-${TIMESTAMP}`)],
  ["a timestamp with a sign", ts(`+${TIMESTAMP}`)],
  ["a timestamp with a fraction", ts(`${TIMESTAMP}.0`)],
  ["a timestamp in hexadecimal", ts(`0x${Number(TIMESTAMP).toString(16)}`)],
  ["a timestamp with an exponent", ts("1.531420618e9")],
  ["a timestamp with a leading zero", ts(`0${TIMESTAMP}`)],
  ["a timestamp with a space", ts(` ${TIMESTAMP}`)],
  ["a timestamp in milliseconds", signed(BODY, `${TIMESTAMP}000`)],
  ["a timestamp in other digits", signed(BODY, "١٥٣١٤٢٠٦١٨")],
  ["a signed timestamp of zero", signed(BODY, "0")],
  ["a signed timestamp 301 s old", signed(BODY, seconds(-301))],
  ["a signed timestamp a day old", signed(BODY, seconds(-86_400))],
  ["a signed timestamp 301 s ahead", signed(BODY, seconds(301))],
  ["a signed timestamp a day ahead", signed(BODY, seconds(86_400))],
  ["another timestamp than was signed", ts(seconds(1))],
  ["another secret", signed(BODY, TIMESTAMP, "9f742231b10e8888abcd99yyyzzz85a5")],
  ["the secret cut short", signed(BODY, TIMESTAMP, SECRET.slice(0, -1))],
  ["an empty secret", signed(BODY, TIMESTAMP, "")],
  ["no body", { headers: example.headers }],
  ["one byte more", { ...example, body: `${BODY}&` }],
  ["one byte less", { ...example, body: BODY.slice(0, -1) }],
  ["another user", { ...example, body: BODY.replace("U2CERLKJA", "U2CERLKJB") }],
  ["the form written again in another order", { ...example, body: reordered }],
  ["the form written again with its own escapes", { ...example, body: decodeURIComponent(BODY) }],
  ["the body only said to be base64", { ...example, isBase64Encoded: true }],
  ["base64 not said to be it", { ...example, body: Buffer.from(BODY).toString("base64") }],
  ["a signature over the body alone", sig(`v0=${mac(BODY)}`)],
  ["a signature without its version in the base", sig(`v0=${mac(`${TIMESTAMP}:${BODY}`)}`)],
  ["a colon moved between timestamp and body", { ...example, body: `:${BODY}` }],
];

describe("A call that Slack did not sign", () => {
  it("At least sixty mutations of a signed call are tried", () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(60);
  });
  it.each(MUTATIONS)("A call with %s is refused", (_, call) => {
    expect(verifySignature(call, [SECRET], NOW)).toBeUndefined();
  });
  it.each([
    ["no secret", []],
    ["an empty secret", [""]],
    ["an empty secret beside a real one", [SECRET, ""]],
  ])("With %s nothing is verified at all", (_, secrets) => {
    expect(() => verifySignature(signed(BODY, TIMESTAMP, ""), secrets, NOW)).toThrow(
      "no usable signing secret",
    );
  });
});

describe("The signing secrets of a parameter", () => {
  it.each([
    [SECRET, [SECRET]],
    [`${SECRET}, ${"1".repeat(32)}`, [SECRET, "1".repeat(32)]],
  ])("The parameter %s holds its secrets", (parameter, secrets) => {
    expect(signingSecrets(parameter)).toEqual(secrets);
  });
  it.each(["", " ", ",", `${SECRET},`, "short", `${SECRET},${SECRET},${SECRET}`])(
    "The parameter %j is refused, so nothing starts without a secret",
    (parameter) => {
      expect(() => signingSecrets(parameter)).toThrow("one secret, or two");
    },
  );
});
