/** The bar above every view: the person and the deployment, always in sight, and the search for an id. */
import Badge from "@cloudscape-design/components/badge";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestList } from "../../shared/http/contract/answers.ts";
import { read } from "../api/client.ts";
import { useSession } from "../api/session.ts";
import { requestHref } from "./route.ts";
import { goTo } from "./use-route.ts";

export function TopBar({ waiting }: { readonly waiting: string }) {
  const { person, api } = useSession();
  return (
    <header id="top" className="top">
      <a className="brand" href="#/">
        <img src="/icon.svg" alt="" width="24" height="24" /> Timelatch
      </a>
      <Search />
      <span className="who">
        {waiting !== "" && (
          <a href="#/decide" aria-label={`${waiting} wait for you`}>
            <Badge color="red">{waiting}</Badge>
          </a>
        )}
        <span>
          <strong>{visible(person)}</strong> <span className="where">at {placeOf(api)}</span>
        </span>
      </span>
    </header>
  );
}

const placeOf = (api: string): string => visible(api.replace(/^https?:\/\//, ""));

function Search() {
  const [text, setText] = useState("");
  const [said, setSaid] = useState("");
  const look = async () => {
    const id = text.trim().toLowerCase();
    if (!/^[0-9a-f-]{8,36}$/.test(id)) return setSaid("Write at least the first 8 characters.");
    const found = await read<RequestList>(`/v1/requests?idPrefix=${id}&limit=2`).catch(
      () => undefined,
    );
    const [first, second] = found?.requests ?? [];
    if (!first) return setSaid("No request that you may see begins with that.");
    if (second) return setSaid("Several requests begin with that: write more of the id.");
    setText("");
    setSaid("");
    return goTo(requestHref(first.id));
  };
  return (
    <search className="search">
      <Input
        type="search"
        value={text}
        ariaLabel="Find a request by its id"
        placeholder="Find a request by its id"
        invalid={said !== ""}
        onChange={({ detail }) => {
          setText(detail.value);
          setSaid("");
        }}
        onKeyDown={({ detail }) => {
          if (detail.key === "Enter") void look();
        }}
      />
      <span role="status" className="said">
        {said}
      </span>
    </search>
  );
}
