import { useEffect, useRef } from "preact/hooks";
import { Title } from "../parts/title.tsx";
import { useKey as takeKey } from "../state/session.ts";

export function SignIn({ detail }: { detail: string | null }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      class="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        const key = input.current?.value.trim() ?? "";
        if (key !== "") takeKey(key);
      }}
    >
      <Title text="Sign in" />
      {detail !== null && (
        <p class="failure" role="alert">
          {detail}
        </p>
      )}
      <label>
        API key
        <input ref={input} type="password" autocomplete="current-password" required spellcheck={false} />
      </label>
      <p class="hint">
        It is kept for this tab until it is closed. A new one: <code>sluice keys create --name you --role read</code>
      </p>
      <button type="submit">Sign in</button>
    </form>
  );
}
