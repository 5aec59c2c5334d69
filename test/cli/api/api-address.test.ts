import { describe, expect, it } from "vitest";
import { parseApiAddress, regionOfHost } from "../../../cli/api/api-address.ts";

describe("the API's address", () => {
  it.each([
    ["https://abc123.execute-api.us-west-2.amazonaws.com/", "us-west-2"],
    ["https://abc123.execute-api.cn-north-1.amazonaws.com.cn/prod", "cn-north-1"],
    ["https://access.example.com", undefined],
    ["http://127.0.0.1:8080", undefined],
    ["https://abc123.execute-api.us-west-2.amazonaws.com.example.com", undefined],
  ])("The API's address %s names its region where it is API Gateway's own: %s", (text, region) => {
    expect(regionOfHost(parseApiAddress(text))).toBe(region);
  });

  it("The API's address loses the slashes at its end, and keeps a stage", () => {
    expect(parseApiAddress("https://api.example.com//")).toBe("https://api.example.com");
    expect(parseApiAddress("https://api.example.com/prod/")).toBe("https://api.example.com/prod");
    expect(parseApiAddress("http://[::1]:80")).toBe("http://[::1]");
  });

  it.each([
    [undefined, "address is not set"],
    ["", "address is not set"],
    ["api.example.com", "is not an https address"],
    ["ftp://api.example.com", "is not an https address"],
    ["http://api.example.com", "plain http"],
    ["http://127.0.0.1.example.com", "plain http"],
    ["https://user:pass@api.example.com", "more than a host and a path"],
    ["https://api.example.com/?a=1", "more than a host and a path"],
    ["https://api.example.com/v1/", "ends in /v1"],
  ])("A wrong or missing address of the API is refused as wrong usage: %s", (text, why) => {
    expect(() => parseApiAddress(text)).toThrow(
      expect.objectContaining({ exit: "usage", message: expect.stringContaining(why) }),
    );
  });
});
