/** Answers of PagerDuty's token service that its pages show, and those that nobody may lean on. */
import { describe, expect, it } from "vitest";
import { pagerdutyAuthorization } from "../../../shared/outside/pagerduty-authorization.ts";
import { NOW, secretOf, whyUnknown } from "./answering.ts";

const STORED = JSON.stringify({
  client_id: "id",
  client_secret: "secret",
  subdomain: "companysubdomain",
});
/** https://developer.pagerduty.com/docs/app-oauth-token, with the scopes that are asked for here */
const DOCUMENTED = {
  access_token: "pdus+_0XBPWQQ_dfd3c718-4a46-400d-a8ec-45bab1fd417e",
  scope: "as_account-us.companysubdomain schedules.read",
  token_type: "bearer",
  expires_in: 2_592_000,
};

/** The authorization where the token service answers that, and what it was asked. */
function answered(body: unknown, status = 200) {
  const asked: { url: string; init: RequestInit | undefined }[] = [];
  const authorization = pagerdutyAuthorization({
    ...{ secret: secretOf(STORED), clock: { now: () => NOW }, origin: "https://" },
    ...{ region: "us", scopes: ["schedules.read"] },
    fetch: async (url, init) => {
      asked.push({ url: String(url), init });
      return Response.json(body, { status });
    },
  });
  return { asked, why: () => whyUnknown(authorization.read()) };
}

describe("The authorization for PagerDuty", () => {
  it("An app's secret is sent as a form, to one host, and the answer's token is used", async () => {
    const { asked, why } = answered(DOCUMENTED);
    expect(await why()).toBe(`Bearer ${DOCUMENTED.access_token}`);
    expect(asked).toMatchObject([
      {
        url: "https://identity.pagerduty.com/oauth/token",
        init: { method: "POST", redirect: "manual" },
      },
    ]);
    expect(Object.fromEntries(new URLSearchParams(String(asked[0]?.init?.body)))).toEqual({
      ...{ grant_type: "client_credentials", client_id: "id", client_secret: "secret" },
      scope: "as_account-us.companysubdomain schedules.read",
    });
  });

  it.each([
    ["fewer scopes", { ...DOCUMENTED, scope: "as_account-us.companysubdomain" }, 200, "forbidden"],
    [
      "another account",
      { ...DOCUMENTED, scope: "as_account-us.other schedules.read" },
      200,
      "forbidden",
    ],
    ["no scope", { ...DOCUMENTED, scope: undefined }, 200, "odd"],
    ["a token that no header takes", { ...DOCUMENTED, access_token: "a\r\nb" }, 200, "odd"],
    ["a time that is none", { ...DOCUMENTED, expires_in: "soon" }, 200, "odd"],
    ["a refusal", { error: "invalid_client" }, 401, "token-refused"],
    ["a refusal of a scope", { error: "invalid_scope" }, 400, "token-refused"],
    ["a page of another form", [], 200, "odd"],
  ])("An answer with %s gives no token", async (_, body, status, why) => {
    expect(await answered(body, status).why()).toBe(why);
  });
});
