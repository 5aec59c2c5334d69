import { Failure, type NextSteps } from "../failures/failure.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Reads where the API is, from `--api` or `TIMELATCH_API`: `https://host`, perhaps with a stage,
 * without `/v1`. Plain http only on this machine.
 *
 * @returns the address without a slash at its end
 * @throws Failure `usage`
 */
export function parseApiAddress(text: string | undefined): string {
  if (!text)
    throw usage("Neither --api nor TIMELATCH_API says where the API is.", [
      "Next: export TIMELATCH_API=<the deployed stack's API address>, or pass --api <address>.",
    ]);
  const url = URL.parse(text);
  if (!url || !["https:", "http:"].includes(url.protocol))
    throw usage(`"${text}" is not an https address.`, [
      "Next: give --api or TIMELATCH_API as https://<id>.execute-api.<region>.amazonaws.com",
    ]);
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname))
    throw usage(`"${text}" is plain http, which is for this machine alone.`, [
      "Next: use https in --api or TIMELATCH_API.",
    ]);
  if (url.username || url.password || url.search || url.hash)
    throw usage("The API's address holds more than a host and a path.", [
      "Next: leave out user, query and fragment in --api or TIMELATCH_API.",
    ]);
  const address = `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  if (/\/v1$/.test(address))
    throw usage("The API's address ends in /v1, which timelatch adds itself.", [
      `Next: use ${address.replace(/\/v1$/, "")} in --api or TIMELATCH_API.`,
    ]);
  return address;
}

const usage = (happened: string, next: NextSteps) =>
  new Failure("usage", "api-address", { happened, undone: "Nothing was sent.", next });

/**
 * The region in an API Gateway host, which a signature has to name.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-publish.html
 */
export function regionOfHost(address: string): string | undefined {
  const [, region] =
    /^[a-z0-9-]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(
      new URL(address).hostname,
    ) ?? [];
  return region;
}
